/** Trimming by the edges. Rolling, two shots share their time differently; rippling, the film's length changes. */
import type { Clip, Edit, Rate } from "../protocol";
import type { Stretch } from "./visible";

export type Edge = "start" | "end";
export type Mode = "roll" | "ripple";

/** Seconds that a trim leaves a shot at least, if it had them before. */
export const SHORTEST_S = 0.2;

export interface Trim { clip: number; edge: Edge; mode: Mode }
/** The frames between which the dragged edge may lie; where it lies now; and the edge's frame is film time. */
export interface Reach { least: number; most: number; now: number }

const LONGEST_S = 36_000;

/** A film's last edge has no neighbour that could make up for it, nor has its first one: they ripple. */
export function modeFor(clips: readonly Clip[], clip: number, edge: Edge, mode: Mode): Mode {
  const outer = edge === "start" ? clip === 0 : clip === clips.length - 1;
  return outer ? "ripple" : mode;
}

export function trimReach(clips: readonly Clip[], trim: Trim, rate: Rate): Reach {
  const clip = clips[trim.clip]!;
  const short = Math.max(1, Math.round((SHORTEST_S * rate.num) / rate.den));
  const least = (length: number): number => Math.min(short, length);
  const start = clip.start_frame, end = start + clip.length_frames;
  const most = Math.round((LONGEST_S * rate.num) / rate.den);
  if (trim.edge === "end") {
    const next = clips[trim.clip + 1];
    const room = trim.mode === "roll" && next ? next.length_frames - least(next.length_frames) : most;
    return { least: start + least(clip.length_frames), most: end + room, now: end };
  }
  const before = clips[trim.clip - 1];
  const room = trim.mode === "roll" && before ? before.length_frames - least(before.length_frames) : most;
  return { least: start - room, most: end - least(clip.length_frames), now: start };
}

export const clampTo = (frame: number, reach: Reach): number => Math.min(Math.max(Math.round(frame), reach.least), reach.most);

/** The shot's length when its edge lies at a frame. */
export function trimmedLength(clips: readonly Clip[], trim: Trim, frame: number): number {
  const clip = clips[trim.clip]!;
  return trim.edge === "end" ? frame - clip.start_frame : clip.start_frame + clip.length_frames - frame;
}

/**
 * The edits that bring a shot's edge to a frame.
 *
 * Rippling at its start takes the time out of, or puts it in, where the shot begins, so that the words spoken there go
 * with it: the shot before is rolled over that stretch and then rippled back to its length, or the other way round.
 */
export function trimEdits(clips: readonly Clip[], trim: Trim, frame: number): Edit[] {
  const clip = clips[trim.clip]!, before = clips[trim.clip - 1];
  const length = trimmedLength(clips, trim, frame);
  if (length === clip.length_frames) return [];
  const lasts = (of: Clip, length_frames: number, mode: Mode): Edit =>
    ({ kind: "change_duration", clip: of.id, length_frames, mode });
  if (trim.edge === "end" || !before) return [lasts(clip, length, trim.mode)];
  const given = frame - clip.start_frame;
  if (trim.mode === "roll") return [lasts(before, before.length_frames + given, "roll")];
  return given > 0
    ? [lasts(before, before.length_frames + given, "roll"), lasts(before, before.length_frames, "ripple")]
    : [lasts(before, before.length_frames - given, "ripple"), lasts(before, before.length_frames, "roll")];
}

/** Where the shots lie while an edge is dragged; those not named lie where they did. */
export function trimmedLayout(clips: readonly Clip[], trim: Trim, frame: number): Map<string, Stretch> {
  const places = new Map<string, Stretch>(), clip = clips[trim.clip]!;
  const length = trimmedLength(clips, trim, frame), more = length - clip.length_frames;
  if (trim.mode === "ripple") {
    places.set(clip.id, { start_frame: clip.start_frame, length_frames: length });
    for (const later of clips.slice(trim.clip + 1)) {
      places.set(later.id, { start_frame: later.start_frame + more, length_frames: later.length_frames });
    }
    return places;
  }
  const neighbour = clips[trim.edge === "end" ? trim.clip + 1 : trim.clip - 1]!;
  const [left, right] = trim.edge === "end" ? [clip, neighbour] : [neighbour, clip];
  const end = right.start_frame + right.length_frames;
  places.set(left.id, { start_frame: left.start_frame, length_frames: frame - left.start_frame });
  places.set(right.id, { start_frame: frame, length_frames: end - frame });
  return places;
}
