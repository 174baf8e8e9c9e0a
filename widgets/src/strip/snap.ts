/** The magnet: an edge that comes near a point of interest takes its place. */
import { partition } from "./visible";

export const REACH_PX = 8;

/**
 * The nearest of the sorted `points` if it lies within `reach_px`, else the frame itself.
 *
 * Energy cuts count like any other point: the caller puts them, the playhead and the neighbours' edges into one list.
 */
export function snapped(frame: number, points: readonly number[], px_a_frame: number, reach_px = REACH_PX): number {
  const at = partition(points.length, (index) => points[index]! < frame);
  let best = Math.round(frame), distance = reach_px / px_a_frame;
  for (const point of [points[at - 1], points[at]]) {
    if (point !== undefined && Math.abs(point - frame) <= distance) {
      best = point;
      distance = Math.abs(point - frame);
    }
  }
  return best;
}

/** Sorted, whole, each once. */
export function snapPoints(...lists: (readonly number[])[]): number[] {
  return [...new Set(lists.flat().map(Math.round))].sort((one, other) => one - other);
}

/** Which energy cuts a film uses: those at which one of its cuts lies, within a frame. */
export function usedCuts(cuts: readonly number[], starts: readonly number[]): boolean[] {
  return cuts.map((cut) => {
    const at = partition(starts.length, (index) => starts[index]! < cut - 1);
    return at < starts.length && starts[at]! <= cut + 1;
  });
}

/** Which of the cuts from `from` to `to` are marked: all that are used, and of the others those that have room. */
export function uncrowded(cuts: readonly number[], used: readonly boolean[], from: number, to: number, apart: number): number[] {
  const marked: number[] = [];
  let last = -Infinity;
  for (let index = from; index < to; index += 1) {
    const cut = cuts[index]!;
    if (!used[index]) {
      if (cut - last < apart) continue;
      let next = index + 1;
      while (next < to && !used[next] && cuts[next]! - cut < apart) next += 1;
      if (next < to && used[next] && cuts[next]! - cut < apart) continue;
    }
    marked.push(index);
    last = cut;
  }
  return marked;
}
