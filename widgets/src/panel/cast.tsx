/** Who is in a shot. Adding somebody writes them into the picture's description. */
import { Menu } from "../kit/controls";
import { Icon } from "../kit/icons";
import type { ShotInfo } from "../protocol";
import type { StripView } from "../strip/view";

/** Somebody in a word or two: "Lean man of about thirty-five" of a card that goes on with clothes and what is carried. */
export function shortOf(card: string): string {
  const figure = card.replace(/^(an?|the) /i, "").split(/,|:| with | carrying | in a /)[0]!.trim();
  return figure.charAt(0).toUpperCase() + figure.slice(1);
}

export function Cast({ view, info, onAdd }: { view: StripView; info: ShotInfo | undefined; onAdd: (name: string) => void }) {
  const here = info?.cast ?? [], all = new Set([...view.studio.shots.value.values()].flatMap((shot) => shot.cast));
  const others = [...all].filter((name) => !here.includes(name));
  if (!all.size) return null;
  return (
    <div class="sr-cast">
      <h3 class="sr-label">Cast</h3>
      {here.map((name) => <span class="sr-chip" key={name} title={name}><i aria-hidden="true">{shortOf(name)[0]}</i>{shortOf(name)}</span>)}
      {!here.length && <span class="sr-quiet sr-label">Nobody</span>}
      {others.length > 0 && (
        <Menu label="Add somebody to the picture's description" look="outlined" align="left" items={others.map((name) => ({ name: shortOf(name), does: () => onAdd(name) }))}>
          <Icon name="plus" size={14} />Add
        </Menu>
      )}
    </div>
  );
}
