/** Nothing selected: the film itself, its chapters, and what was done to it. */
import { OWN_KEYS } from "../kit/controls";
import { sizeOf } from "../strip/scenes";
import { clock, seconds } from "../strip/time";
import type { StripView } from "../strip/view";

export function FilmPanel({ view }: { view: StripView }) {
  const { studio } = view, timeline = studio.timeline.value!, film = studio.film.value!;
  return (
    <div class="sr-panel-body">
      <header class="sr-panel-head"><h2>{timeline.title || film.title}</h2></header>
      <p class="sr-quiet sr-label sr-under">{sizeOf(timeline.clips.length, timeline.length_frames, timeline.rate)}. Select a shot to change it.</p>
      {film.chapters.length > 1 && (
        <div class="sr-block">
          <h3 class="sr-label">Chapters</h3>
          <ol class="sr-list">
            {film.chapters.map((chapter) => (
              <li key={chapter.number}>
                <button type="button" {...OWN_KEYS} onClick={() => { studio.playhead_frame.value = chapter.start_frame; view.scrollTo(chapter.start_frame * view.px_a_frame.peek()); }}>
                  <span>{chapter.number}</span><span>{chapter.title}</span><span class="sr-quiet">{clock(seconds(chapter.start_frame, timeline.rate))}</span>
                </button>
              </li>
            ))}
          </ol>
        </div>
      )}
      <div class="sr-block"><h3 class="sr-label">History</h3><History view={view} /></div>
    </div>
  );
}

/** Newest first, those of all windows; what was undone stays readable. */
export function History({ view }: { view: StripView }) {
  const entries = view.studio.history.value, windows = [...new Set(entries.map((entry) => entry.window))];
  if (!entries.length) return <p class="sr-quiet sr-label">No changes yet. Every change will stand here and can be undone.</p>;
  return (
    <ol class="sr-list is-history">
      {entries.toReversed().slice(0, 300).map((entry) => (
        <li key={entry.id} class={entry.undone ? "is-undone" : ""}>
          <span>{entry.label}{entry.undone && <span class="sr-hidden">, undone</span>}</span>
          <span class="sr-quiet sr-label">{windows.length > 1 && `Window ${windows.indexOf(entry.window) + 1}, `}{new Date(entry.at_s * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}</span>
        </li>
      ))}
    </ol>
  );
}
