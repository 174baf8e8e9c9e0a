/** The film's time while it plays: the loudspeaker's clock where there is sound, else the window's. */
import { effect } from "@preact/signals";

import { clipAt } from "../stage";
import type { Studio } from "../studio";
import type { Sound } from "./sound";

/** The frames that a loop goes round: the selected shots if they follow one another, else the one under the playhead. */
export function loopOf(studio: Studio, frame: number): [first: number, after: number] {
  const timeline = studio.timeline.peek()!, selected = new Set(studio.selection.peek());
  const chosen = timeline.clips.map((_, index) => index).filter((index) => selected.has(timeline.clips[index]!.id));
  const whole = chosen.length > 0 && chosen.at(-1)! - chosen[0]! + 1 === chosen.length;
  const under = clipAt(timeline.clips, frame);
  const [first, last] = whole && chosen.includes(under) ? [chosen[0]!, chosen.at(-1)!] : [under, under];
  const end = timeline.clips[last]!;
  return [timeline.clips[first]!.start_frame, end.start_frame + end.length_frames];
}

export class Playback {
  private time: (() => number) | null = null;
  private loop: [number, number] | null = null;
  /** The frame that this wrote last: another one was put there by somebody else. */
  private written = -1;
  private request = 0;
  private silent = false;
  private readonly stop: () => void;

  constructor(private readonly studio: Studio, private readonly sound: Sound, private readonly running: (speed: number) => void) {
    sound.ready = () => {
      if (this.time && this.silent) this.seekTo(Math.floor(this.time()), studio.speed.peek());
    };
    this.stop = effect(() => {
      const playing = studio.playing.value, speed = studio.speed.value;
      const looping = studio.loop_shot.value;
      this.end();
      if (playing && studio.timeline.peek()) this.begin(speed, looping);
    });
  }

  close(): void {
    this.stop();
    this.end();
  }

  private begin(speed: number, looping: boolean): void {
    const { studio } = this, timeline = studio.timeline.peek()!;
    const from = studio.playhead_frame.peek();
    if (looping) this.loop = loopOf(studio, from);
    this.seekTo(from, speed);
    this.running(speed);
    const step = () => {
      this.request = requestAnimationFrame(step);
      const length = studio.timeline.peek()?.length_frames ?? timeline.length_frames;
      const put = studio.playhead_frame.peek();
      if (put !== this.written) {
        if (this.loop && (put < this.loop[0] || put >= this.loop[1])) this.loop = loopOf(studio, put);
        this.seekTo(put, speed);
      }
      const frame = Math.floor(this.time!());
      const [first, after] = this.loop ?? [0, length];
      if (frame >= first && frame < Math.min(after, length)) {
        this.write(frame);
      } else if (this.loop) {
        const again = speed < 0 ? after - 1 : first;
        this.write(again);
        this.seekTo(again, speed);
      } else {
        this.write(speed < 0 ? 0 : length - 1);
        studio.playing.value = false;
      }
    };
    this.request = requestAnimationFrame(step);
  }

  private write(frame: number): void {
    this.written = frame;
    this.studio.playhead_frame.value = frame;
  }

  private seekTo(frame: number, speed: number): void {
    this.written = frame;
    const heard = this.sound.start(frame, speed);
    this.silent = heard === null;
    const began = performance.now(), { num, den } = this.studio.timeline.peek()!.rate;
    // Backwards, a frame stands for its whole time too: its end comes first.
    const from = speed < 0 ? frame + 0.999 : frame;
    this.time = heard ?? (() => from + ((performance.now() - began) / 1000) * speed * (num / den));
  }

  private end(): void {
    cancelAnimationFrame(this.request);
    this.loop = null;
    if (this.time) {
      this.time = null;
      this.sound.stop();
      this.running(0);
    }
  }
}
