/** Who is in a shot. Adding somebody writes them into the picture's description. */
import { Menu } from "../kit/controls";
import { Icon } from "../kit/icons";
import type { ShotInfo } from "../protocol";
import type { StripView } from "../strip/view";

export function Cast({ view, info, onAdd }: { view: StripView; info: ShotInfo | undefined; onAdd: (name: string) => void }) {
  const here = info?.cast ?? [], all = new Set([...view.studio.shots.value.values()].flatMap((shot) => shot.cast));
  const others = [...all].filter((name) => !here.includes(name));
  if (!all.size) return null;
  return (
    <div class="sr-cast">
      <h3 class="sr-label">Cast</h3>
      {here.map((name) => <span class="sr-chip" key={name}><i aria-hidden="true">{name[0]}</i>{name}</span>)}
      {!here.length && <span class="sr-quiet sr-label">Nobody</span>}
      {others.length > 0 && (
        <Menu label="Add somebody to the picture's description" look="outlined" align="left" items={others.map((name) => ({ name, does: () => onAdd(name) }))}>
          <Icon name="plus" size={14} />Add
        </Menu>
      )}
    </div>
  );
}
