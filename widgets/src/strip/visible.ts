/** Which parts of a long film have to be drawn: lists are in playing order, so a search finds them. */

export interface Stretch { start_frame: number; length_frames: number }
/** Indices: the first one, and the one after the last. */
export interface Range { first: number; after: number }

/** The stretches that touch [start, end), in a list of tiles or of things in order that do not overlap. */
export function visibleRange(list: readonly Stretch[], start_frame: number, end_frame: number): Range {
  const first = partition(list.length, (index) => endOf(list[index]!) <= start_frame);
  const after = partition(list.length, (index) => list[index]!.start_frame < end_frame);
  return { first, after: Math.max(first, after) };
}

/** The tile that covers a frame; the last one for the film's end, 0 for an empty list. */
export function tileAt(list: readonly Stretch[], frame: number): number {
  return Math.min(partition(list.length, (index) => endOf(list[index]!) <= frame), Math.max(list.length - 1, 0));
}

/** The frames to draw: what is seen and as much at each side, in steps, so that scrolling seldom draws anew. */
export function drawnPx(scroll_px: number, width_px: number): { start_px: number; end_px: number } {
  const step = Math.max(Math.round(width_px / 2), 100);
  const start = Math.floor(scroll_px / step) - 1;
  return { start_px: start * step, end_px: (start + 2) * step + Math.ceil(width_px / step) * step + step };
}

const endOf = (stretch: Stretch): number => stretch.start_frame + stretch.length_frames;

/** How many of the first `length` indices fulfil a condition that is true up to some index and false from it on. */
export function partition(length: number, holds: (index: number) => boolean): number {
  let low = 0, high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
