/** How many pixels a frame takes: zoom from the whole film to single words, and the ruler's marks. */

/** Pixels a second at the closest: a spoken word of 0.3 s is then 120 px wide. */
export const CLOSEST_PX_A_SECOND = 400;

/** The scale at which the whole film fills the strip. */
export function fitScale(length_frames: number, width_px: number): number {
  return Math.max(width_px, 1) / Math.max(length_frames, 1);
}

export interface ZoomRange { smallest: number; largest: number }

export function zoomRange(length_frames: number, width_px: number, fps: number): ZoomRange {
  const smallest = fitScale(length_frames, width_px);
  return { smallest, largest: Math.max(CLOSEST_PX_A_SECOND / fps, smallest * 1.0001) };
}

export const clampScale = (px_a_frame: number, range: ZoomRange): number =>
  Math.min(Math.max(px_a_frame, range.smallest), range.largest);

/** The zoom slider's place, 0 to 1; equal steps multiply the scale equally. */
export function sliderOf(px_a_frame: number, range: ZoomRange): number {
  return Math.log(clampScale(px_a_frame, range) / range.smallest) / Math.log(range.largest / range.smallest);
}

export function scaleOf(slider: number, range: ZoomRange): number {
  return range.smallest * (range.largest / range.smallest) ** Math.min(Math.max(slider, 0), 1);
}

/** How far to scroll so that the frame under `at_px` stays there when the scale changes. */
export function scrollKeeping(scroll_px: number, at_px: number, before: number, after: number): number {
  return ((scroll_px + at_px) / before) * after - at_px;
}

export const clampScroll = (scroll_px: number, content_px: number, width_px: number): number =>
  Math.min(Math.max(scroll_px, 0), Math.max(content_px - width_px, 0));

/** The least that has to be scrolled for a stretch to be seen with `margin_px` around it; its start wins. */
export function scrollShowing(
  start_px: number, end_px: number, scroll_px: number, width_px: number, margin_px: number,
): number {
  const margin = Math.max(0, Math.min(margin_px, (width_px - (end_px - start_px)) / 2));
  if (start_px - margin < scroll_px) return start_px - margin;
  if (end_px + margin > scroll_px + width_px) return Math.min(end_px + margin - width_px, start_px - margin);
  return scroll_px;
}

const STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600];

export interface Marks { step_s: number; digits: number }

/** The ruler's step: the smallest at which its labels stand at least `room_px` apart. */
export function marks(px_a_second: number, room_px = 58): Marks {
  const step_s = STEPS_S.find((step) => step * px_a_second >= room_px) ?? 3600;
  return { step_s, digits: step_s < 1 ? 1 : 0 };
}
