/** The voice as bars: what part of its peaks each one covers, and how high it stands. */

export const PEAKS_A_SECOND = 100;
const BAR_PX = 4;

/** Heights 0 to 1 of the bars from `first` on; `peaks` holds a (min, max) pair each hundredth of a second. */
export function bars(peaks: Float32Array, first: number, count: number, px_a_second: number): Float32Array {
  const found = new Float32Array(count), pairs = peaks.length / 2, step = (BAR_PX / px_a_second) * PEAKS_A_SECOND;
  for (let bar = 0; bar < count; bar += 1) {
    const from = Math.floor((first + bar) * step), to = Math.min(Math.max(Math.ceil((first + bar + 1) * step), from + 1), pairs);
    let sum = 0;
    for (let pair = from; pair < to; pair += 1) sum += Math.max(peaks[2 * pair + 1]!, -peaks[2 * pair]!);
    // Their mean: over a second or more the highest peak is nearly the same everywhere.
    found[bar] = to > from ? sum / (to - from) : 0;
  }
  return found;
}

/** Bars round their middle, from `left_px` of the strip on; silence is a dot. */
export function wavePath(peaks: Float32Array, left_px: number, width_px: number, height_px: number, px_a_second: number): Path2D {
  const path = new Path2D(), first = Math.floor(left_px / BAR_PX), count = Math.ceil(width_px / BAR_PX) + 1;
  const heights = bars(peaks, first, count, px_a_second), pairs_px = (peaks.length / 2 / PEAKS_A_SECOND) * px_a_second;
  for (let bar = 0; bar < count; bar += 1) {
    const x = (first + bar) * BAR_PX - left_px + 1;
    if (x + left_px > pairs_px) break;
    // Speech is mostly far below its peaks; the root lets its shape be seen.
    const half = Math.max(Math.min(Math.sqrt(heights[bar]!) * 1.2, 1) * (height_px / 2 - 2), 0.4);
    path.moveTo(x, height_px / 2 - half);
    path.lineTo(x, height_px / 2 + half);
  }
  return path;
}
