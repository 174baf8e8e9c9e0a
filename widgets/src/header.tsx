/** The editor's own header, for places that have none: the film, its cost, undo and Render. */
import { Button } from "./kit/controls";
import { Icon } from "./kit/icons";
import { dollars } from "./strip/time";
import { UndoTools } from "./strip/strip";
import type { StripView } from "./strip/view";

export function Header({ view, onRender }: { view: StripView; onRender: (() => void) | undefined }) {
  const film = view.studio.film.value, phone = view.size.value === "phone", live = view.studio.connection.value === "live";
  if (!film) return <header class="sr-header"><div class="sr-ghost" style={{ height: "20px", width: "240px" }} /></header>;
  return (
    <header class="sr-header">
      <span class="sr-mark" aria-hidden="true"><Icon name="play" size={11} /></span>
      <h1>{film.title}</h1>
      {!phone && <code>{film.project}</code>}
      {live && !phone && <span class="sr-saved sr-label"><Icon name="check" />Saved</span>}
      <span class="sr-space" />
      <UndoTools view={view} />
      {(film.budget_usd !== null || film.cost_usd > 0) && !phone && (
        <span class="sr-cost sr-label"><b>{dollars(film.cost_usd)}</b>{film.budget_usd !== null && ` of ${dollars(film.budget_usd)}`}</span>
      )}
      {onRender && (
        <Button look={film.unrendered ? "primary" : "outlined"} onClick={onRender} why_not={film.running ? "The film is being made" : undefined}>
          {film.unrendered && !phone ? "Render changes" : "Render"}{film.unrendered > 0 && <span class="sr-count">{film.unrendered}</span>}
        </Button>
      )}
    </header>
  );
}
