/** What a frame of the film shows, as storyreel/render/chunks.py cuts it: pictures, transition, fades. */
import { reach } from "./fitting";
import type { Clip, Timeline, Transition } from "./protocol";

/** A picture on a frame. `frames_in` counts from the clip's start, and is negative in the transition before it. */
export interface View { index: number; clip: Clip; progress: number; frames_in: number }

/** `coming` and `transition` only within a transition; `opacity` is the film's own fade from and to black. */
export interface Stage { going: View; coming: View | null; into: Transition | null; at: number; opacity: number }

/** The number of the clip whose time a frame lies in. */
export function clipAt(clips: readonly Clip[], frame: number): number {
  let low = 0, high = clips.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (clips[middle]!.start_frame <= frame) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function stageAt(timeline: Timeline, frame: number): Stage {
  const { clips } = timeline;
  let index = clipAt(clips, frame);
  const next = clips[index + 1];
  if (next && frame >= next.start_frame - reach(next.into)[0]) index++;
  const into = index > 0 ? clips[index]!.into : null;
  const [before, after] = into ? reach(into) : [0, 0];
  const first = clips[index]!.start_frame - before;
  const opacity = filmOpacity(timeline, frame);
  if (into && before + after && frame < clips[index]!.start_frame + after) {
    const at = (frame - first + 1) / (before + after + 1);
    return { going: viewAt(clips, index - 1, frame), coming: viewAt(clips, index, frame), into, at, opacity };
  }
  return { going: viewAt(clips, index, frame), coming: null, into: null, at: 0, opacity };
}

/** How much of the picture is seen: 0 on the film's first and last frame if it fades. */
export function filmOpacity(timeline: Timeline, frame: number): number {
  const { fade_in_frames: into, fade_out_frames: out, length_frames } = timeline;
  const come = into && frame < into ? frame / into : 1;
  const gone = out && frame >= length_frames - out ? (length_frames - 1 - frame) / out : 1;
  return Math.min(come, gone);
}

function viewAt(clips: readonly Clip[], index: number, frame: number): View {
  const clip = clips[index]!;
  const start = clip.start_frame - (index > 0 ? reach(clip.into)[0] : 0);
  const next = clips[index + 1];
  const end = clip.start_frame + clip.length_frames + (next ? reach(next.into)[1] : 0);
  const visible = end - start;
  return { index, clip, progress: visible > 1 ? (frame - start) / (visible - 1) : 0, frames_in: frame - clip.start_frame };
}
