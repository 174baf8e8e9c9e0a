/** Frames over the picture: what televisions, and players with controls over the film, leave free. */
import type { Timeline } from "../protocol";
import { safeArea } from "../shared";
import type { Studio } from "../studio";

/** EBU R 95 rev. 1: actions of importance stay inside this, as shares of each side. */
const ACTION = 0.035;

export function SafeAreas({ studio, timeline }: { studio: Studio; timeline: Timeline }) {
  void studio.captions.value;
  const { width_px, height_px, platform } = timeline;
  const text = safeArea(platform, width_px, height_px);
  const share = (value: number, of: number) => `${(100 * value) / of}%`;
  return (
    <div class="sr-safe" aria-hidden="true">
      <div class="sr-safe-picture" style={{ inset: `${100 * ACTION}%` }}><span>Picture safe</span></div>
      <div
        class="sr-safe-text"
        style={{
          left: share(text.left, width_px), top: share(text.top, height_px),
          right: share(width_px - text.right, width_px), bottom: share(height_px - text.bottom, height_px),
        }}
      >
        <span>Text safe</span>
      </div>
    </div>
  );
}
