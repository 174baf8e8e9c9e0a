/** Frames over the picture: what televisions, and players with controls over the film, leave free. */
import type { Timeline } from "../protocol";
import { safeArea } from "../shared";
import type { Studio } from "../studio";

/** EBU R 95 rev. 1: actions of importance stay inside this, as shares of each side. */
const ACTION = 0.035;

export function SafeAreas({ studio, timeline }: { studio: Studio; timeline: Timeline }) {
  const { width_px, height_px, platform } = timeline;
  const own = safeArea(platform, width_px, height_px);
  const [left, top, right, bottom] = studio.captions.value?.safe[platform]
    ?? [own.left / width_px, own.top / height_px, 1 - own.right / width_px, 1 - own.bottom / height_px];
  const inset = (...sides: number[]) => ({ inset: sides.map((side) => `${100 * side}%`).join(" ") });
  return (
    <div class="sr-safe" aria-hidden="true">
      <div style={inset(ACTION)}><span>Picture safe</span></div>
      <div class="sr-safe-text" style={inset(top, right, bottom, left)}><span>Text safe</span></div>
    </div>
  );
}
