/** How far a transition reaches into the clips at its sides, and transitions made to fit short clips: the twin of storyreel/timeline/transitions.py. */
import type { Clip, Timeline, Transition } from "./protocol";

export const CUT: Transition = { kind: "cut", length_frames: 0, side: "left" };

/** How many frames a transition covers before its cut and from it on. */
export function reach(into: Transition): [before: number, after: number] {
  const length = into.kind === "cut" ? 0 : into.length_frames;
  return [length >> 1, length - (length >> 1)];
}

/** Shorten every transition for which the clips at its sides are too short; under two frames it becomes a cut. */
export function fitted(timeline: Timeline): Timeline {
  const { clips } = timeline;
  const asked = [...clips.map((clip, index) => (index ? reach(clip.into)[0] + reach(clip.into)[1] : 0)), 0];
  const lengths = [...asked];
  const caused = new Set<number>();
  const shares = (index: number): [number, number] => [lengths[index]! - (lengths[index]! >> 1), lengths[index + 1]! >> 1];
  clips.forEach((clip, index) => {
    const [after, before] = shares(index);
    if (after + before <= clip.length_frames) return;
    const roomAfter = Math.floor((after * clip.length_frames) / (after + before));
    for (const [number, longest] of [[index, 2 * roomAfter], [index + 1, 2 * (clip.length_frames - roomAfter) + 1]] as const) {
      if (longest < lengths[number]!) {
        lengths[number] = longest;
        caused.add(number);
      }
    }
  });
  if (!caused.size) return timeline;
  // What a transition gave up for one clip may have been more than it needs since its neighbour gave up some too.
  for (const number of caused) {
    const roomBefore = clips[number - 1]!.length_frames - shares(number - 1)[0];
    const roomAfter = clips[number]!.length_frames - shares(number)[1];
    lengths[number] = Math.min(asked[number]!, 2 * roomAfter, 2 * roomBefore + 1);
  }
  const changed: Clip[] = [...clips];
  for (const number of caused) {
    const { into } = clips[number]!;
    const short = lengths[number]! >= 2 ? lengths[number]! : 0;
    if (short === into.length_frames) continue;
    changed[number] = { ...clips[number]!, into: { ...into, length_frames: short, ...(short ? {} : { kind: "cut" as const }) } };
  }
  return { ...timeline, clips: changed };
}
