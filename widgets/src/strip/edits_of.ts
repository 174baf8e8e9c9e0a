/** Commands on shots as edits: what the keys, the buttons and the menus do to a film. */
import type { Asset, Clip, Edit, Motion, Rate, Rect, Timeline } from "../protocol";
import { frames } from "./time";
import type { Mode } from "./trim";
import { modeFor, SHORTEST_S, trimEdits, trimReach, type Edge } from "./trim";
import { tileAt } from "./visible";

/** A change with the words that the history keeps of it. */
export interface Change { edits: Edit[]; label: string }
/** What cannot be done says why. */
export type Outcome = Change | { why_not: string };

export const NEW_SHOT_S = 4;

/** An id that no clip has: the source's own id with the first free number. */
export function freshId(clips: readonly Clip[], like: string): string {
  const taken = new Set(clips.map((clip) => clip.id));
  const stem = like.replace(/-\d+$/, "").slice(0, 48);
  for (let number = 2; ; number += 1) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`;
}

export function split(timeline: Timeline, at_frame: number): Outcome {
  const index = tileAt(timeline.clips, at_frame), clip = timeline.clips[index];
  if (!clip || at_frame <= clip.start_frame || at_frame >= clip.start_frame + clip.length_frames) {
    return { why_not: "Put the playhead inside a shot to split it." };
  }
  const edit = { kind: "split_clip", clip: clip.id, at_frame, id: freshId(timeline.clips, clip.id) };
  return { edits: [edit], label: `Split shot ${index + 1}` };
}

export function remove(timeline: Timeline, ids: readonly string[], mode: Mode): Outcome {
  if (ids.length >= timeline.clips.length) return { why_not: "A film needs at least one shot." };
  const edits = ids.map((clip) => ({ kind: "remove_clip", clip, mode }));
  return edits.length ? { edits, label: `Delete ${named(timeline, ids)}` } : { why_not: "Select a shot first." };
}

/** A copy of each shot, after the last of them. Rolling, its time comes from the shot after it, if that has enough. */
export function duplicate(timeline: Timeline, ids: readonly string[], mode: Mode): Outcome {
  const chosen = new Set(ids), clips = [...timeline.clips], edits: Edit[] = [];
  let at = clips.findLastIndex((clip) => chosen.has(clip.id)) + 1;
  if (at === 0) return { why_not: "Select a shot first." };
  const giver = clips[at];
  let room = giver ? giver.length_frames - shortest(timeline.rate) : 0;
  for (const source of timeline.clips.filter((clip) => chosen.has(clip.id))) {
    const id = freshId(clips, source.id), rolls = mode === "roll" && room >= source.length_frames;
    if (rolls) room -= source.length_frames;
    edits.push({
      kind: "insert_clip", at, id, asset: source.asset, length_frames: source.length_frames, motion: source.motion,
      mode: rolls ? "roll" : "ripple",
    });
    clips.push({ ...source, id });
    at += 1;
  }
  return { edits, label: `Duplicate ${named(timeline, ids)}` };
}

/** Where a new shot goes: after the one under the playhead, or before it where the playhead stands at its start. */
export function placeForNew(timeline: Timeline, playhead_frame: number): number {
  const index = tileAt(timeline.clips, playhead_frame), clip = timeline.clips[index];
  if (!clip) return 0;
  return playhead_frame <= clip.start_frame ? index : index + 1;
}

/** An empty shot, to be filled with a picture. Rolling, it takes at most half of the shot whose beginning it takes. */
export function insert(timeline: Timeline, at: number, mode: Mode, asset: Asset | null = null): Outcome {
  const giver = timeline.clips[Math.min(at, timeline.clips.length - 1)];
  const wanted = frames(NEW_SHOT_S, timeline.rate);
  const half = giver ? Math.floor(giver.length_frames / 2) : 0;
  const rolls = mode === "roll" && half >= shortest(timeline.rate);
  const edit = {
    kind: "insert_clip", at, id: freshId(timeline.clips, "new"), asset, mode: rolls ? "roll" : "ripple",
    length_frames: rolls ? Math.min(wanted, half) : wanted,
  };
  return { edits: [edit], label: `Insert a shot at ${at + 1}` };
}

/** Brings an edge of the selected shot to a frame. */
export function trimTo(timeline: Timeline, id: string, edge: Edge, frame: number, mode: Mode): Outcome {
  const index = timeline.clips.findIndex((clip) => clip.id === id);
  if (index < 0) return { why_not: "Select a shot first." };
  const trim = { clip: index, edge, mode: modeFor(timeline.clips, index, edge, mode) };
  const reach = trimReach(timeline.clips, trim, timeline.rate);
  if (frame < reach.least || frame > reach.most) return { why_not: "The playhead is too far from that edge." };
  const edits = trimEdits(timeline.clips, trim, frame);
  return edits.length ? { edits, label: `Trim shot ${index + 1}` } : { why_not: "The edge is there already." };
}

/** A length typed for a shot: its end moves, or for the last shot the film's end. */
export function lengthen(timeline: Timeline, id: string, length_frames: number, mode: Mode): Outcome {
  const index = timeline.clips.findIndex((clip) => clip.id === id), clip = timeline.clips[index];
  if (!clip) return { why_not: "Select a shot first." };
  const trim = { clip: index, edge: "end" as const, mode: modeFor(timeline.clips, index, "end", mode) };
  const reach = trimReach(timeline.clips, trim, timeline.rate), end = clip.start_frame + length_frames;
  if (end > reach.most) {
    const most = ((reach.most - clip.start_frame) * timeline.rate.den) / timeline.rate.num;
    return { why_not: `The next shot can give no more than that: at most ${(Math.floor(most * 10) / 10).toFixed(1)} s.` };
  }
  const edits = trimEdits(timeline.clips, trim, Math.max(end, reach.least));
  return { edits, label: `Change the length of shot ${index + 1}` };
}

/** Start and end of the move exchanged. */
export const swapped = (motion: Motion): Motion => ({ ...motion, start: motion.end, end: motion.start });

export const sameRect = (one: Rect, other: Rect): boolean =>
  one.x === other.x && one.y === other.y && one.height === other.height && one.turn_deg === other.turn_deg;

/** "shot 7", "3 shots" */
export function named(timeline: Timeline, ids: readonly string[]): string {
  if (ids.length !== 1) return `${ids.length} shots`;
  return `shot ${timeline.clips.findIndex((clip) => clip.id === ids[0]) + 1}`;
}

const shortest = (rate: Rate): number => Math.max(1, frames(SHORTEST_S, rate));
