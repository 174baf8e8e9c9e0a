/** What lies over the shots: the joints between them, and Retry on those that failed. They are no part of the list of shots. */
import { Icon } from "../kit/icons";
import { OWN_KEYS } from "../kit/controls";
import { across } from "../kit/style";
import { askToRetry } from "../panel/making";
import { jointLabel } from "./say";
import type { StripView } from "./view";
import { visibleRange } from "./visible";

const NARROWEST_PX = 26, RETRY_PX = 44;

export function Joints({ view }: { view: StripView }) {
  const { studio } = view, clips = view.clips.value, scale = view.px_a_frame.value, { start_px, end_px } = view.drawn.value;
  const range = visibleRange(clips, start_px / scale, end_px / scale), infos = studio.shots.value;
  const panel = view.panel.value, rate = studio.timeline.value!.rate;
  if (view.move.value || view.trim.value) return null;
  const made = (id: string): boolean => !["waiting", "running", "failed"].includes(infos.get(id)?.status ?? "done");
  return (
    <div class="sr-joints">
      {clips.slice(range.first, range.after).map((clip, offset) => {
        const index = range.first + offset, before = clips[index - 1];
        const x = clip.start_frame * scale;
        const narrow = Math.min(clip.length_frames, before?.length_frames ?? 0) * scale < NARROWEST_PX;
        const retry = infos.get(clip.id)?.status === "failed" && clip.length_frames * scale >= RETRY_PX;
        return (
          <>
            {before && !narrow && made(clip.id) && made(before.id) && (
              <button type="button" tabIndex={-1} key={`j${clip.id}`} data-joint={clip.id} {...OWN_KEYS}
                class={`sr-joint ${clip.into.kind === "cut" ? "is-cut" : ""} ${panel.of === "joint" && panel.clip === clip.id ? "is-on" : ""}`}
                aria-label={jointLabel(clip.into, index, rate)} title={`${jointLabel(clip.into, index, rate)}. Drag to move the cut.`}
                style={across(x)}>
                {clip.into.kind === "cut" ? <i /> : <Icon name="dissolve" size={13} />}
              </button>
            )}
            {retry && (
              <button type="button" tabIndex={-1} class="sr-retry" key={`r${clip.id}`} {...OWN_KEYS} aria-label={`Retry shot ${index + 1}`}
                style={across(x, clip.length_frames * scale)} onClick={() => void askToRetry(view, clip.id)}>
                Retry
              </button>
            )}
          </>
        );
      })}
    </div>
  );
}
