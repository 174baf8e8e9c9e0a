/** Reordering: where dragged shots would go, what the strip looks like meanwhile, and the edits that do it. */
import type { Clip, Edit } from "../protocol";
import { partition, type Stretch } from "./visible";

/** The ids with `moved` taken out and put back as one block before the `place`-th of the others. */
export function reordered(ids: readonly string[], moved: ReadonlySet<string>, place: number): string[] {
  const others = ids.filter((id) => !moved.has(id));
  const block = ids.filter((id) => moved.has(id));
  return [...others.slice(0, place), ...block, ...others.slice(place)];
}

/** Among which of the other shots a block lies whose left edge is dragged to `frame`: the nearest of their edges. */
export function placeFor(frame: number, clips: readonly Clip[], moved: ReadonlySet<string>): number {
  const edges = [0];
  for (const clip of clips) if (!moved.has(clip.id)) edges.push(edges[edges.length - 1]! + clip.length_frames);
  const after = partition(edges.length, (index) => edges[index]! < frame);
  if (after === 0) return 0;
  if (after === edges.length) return edges.length - 1;
  return frame - edges[after - 1]! <= edges[after]! - frame ? after - 1 : after;
}

/** How many of the other shots precede the first moved one. */
export function placeOf(ids: readonly string[], moved: ReadonlySet<string>): number {
  let place = 0;
  for (const id of ids) {
    if (moved.has(id)) return place;
    place += 1;
  }
  return place;
}

/** Where each clip lies when they play in this order. */
export function laidOut(clips: readonly Clip[], order: readonly string[]): Map<string, Stretch> {
  const lengths = new Map(clips.map((clip) => [clip.id, clip.length_frames]));
  const places = new Map<string, Stretch>();
  let start_frame = 0;
  for (const id of order) {
    const length_frames = lengths.get(id)!;
    places.set(id, { start_frame, length_frames });
    start_frame += length_frames;
  }
  return places;
}

/**
 * The `move_clip` edits that bring a block before the `place`-th of the others; none if it is there.
 *
 * Only the moved shots move. Those that go right are placed from the last to the first and those that go left from the
 * first to the last, so that each finds the shots before it where they stay.
 */
export function moveEdits(ids: readonly string[], moved: ReadonlySet<string>, place: number): Edit[] {
  const others = ids.filter((id) => !moved.has(id));
  const follower = others[place];
  const row = [...ids], edits: Edit[] = [];
  const before = (id: string | undefined): number => (id === undefined ? row.length : row.indexOf(id));
  const move = (id: string, next: string | undefined): void => {
    const from = row.indexOf(id);
    row.splice(from, 1);
    const to = before(next);
    row.splice(to, 0, id);
    if (to !== from) edits.push({ kind: "move_clip", clip: id, to });
  };
  const boundary = before(follower);
  const rightwards = ids.filter((id, index) => moved.has(id) && index < boundary);
  const leftwards = ids.filter((id, index) => moved.has(id) && index >= boundary);
  let next = follower;
  for (const id of rightwards.reverse()) {
    move(id, next);
    next = id;
  }
  for (const id of leftwards) move(id, follower);
  return edits;
}

/** Runs of a selection that moves one step: the place it has afterwards. */
export function stepped(ids: readonly string[], moved: ReadonlySet<string>, by: number): number {
  const others = ids.length - moved.size;
  return Math.min(Math.max(placeOf(ids, moved) + by, 0), others);
}
