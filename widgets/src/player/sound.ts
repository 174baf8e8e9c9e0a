/** The film's finished sound, block after block without a gap, ahead of what is heard. */
import { effect } from "@preact/signals";

import { secondsOf } from "../clock";
import type { Studio } from "../studio";

const SAMPLE_RATE_HZ = 48_000;
/** Blocks are on their way to the loudspeaker at least this long before they are heard. */
const AHEAD_S = 6;
/** From a start to its first sample: time to hand a block over. */
const START_S = 0.06;
const KEPT_BLOCKS = 16;
/** Faster, slower or backwards than this nothing is heard. */
const SLOWEST = 0.5;
const FASTEST = 2;

interface Playing { block: number; tag: string | undefined; node: AudioBufferSourceNode }

export class Sound {
  private context: AudioContext | null = null;
  private volume: GainNode | null = null;
  private readonly decoded = new Map<string, AudioBuffer | "coming" | "useless">();
  private playing: Playing[] = [];
  /** The film's second `film_s` is heard at `at_s` of the context's time, at `speed`. */
  private anchor: { at_s: number; film_s: number; speed: number } | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly stops: (() => void)[];
  /** Called when sound can be heard that could not when `start` was called. */
  ready: (() => void) | null = null;

  constructor(private readonly studio: Studio) {
    this.stops = [
      effect(() => {
        if (this.volume) this.volume.gain.value = studio.muted.value ? 0 : 1;
        else void studio.muted.value;
      }),
      effect(() => {
        const tags = studio.sound.value?.tags;
        // Blocks of a mix that is no more: what is heard now plays out, what is to come is fetched anew.
        if (!tags || !this.anchor) return;
        this.silence((each) => each.tag !== tags[each.block] && this.startOf(each.block) > this.now() + 0.05);
        this.fill();
      }),
    ];
  }

  /**
   * Begin to be heard at a frame, and give the time by which it goes on.
   *
   * @returns the frame, with its fraction, that is heard at the moment of asking; null while the browser lets nothing
   *   be heard, when the film runs by the window's own clock
   */
  start(frame: number, speed: number): (() => number) | null {
    this.stop();
    const timeline = this.studio.timeline.peek(), blocks = this.studio.sound.peek();
    if (!timeline || !blocks?.block_samples || speed < SLOWEST || speed > FASTEST) return null;
    const context = this.opened();
    if (!context) return null;
    if (context.state !== "running") {
      // A context takes a moment to begin, and begins at all only once somebody has pressed something.
      void context.resume().then(() => this.ready?.());
      return null;
    }
    const anchor = { at_s: context.currentTime + START_S, film_s: secondsOf(timeline.rate, frame), speed };
    this.anchor = anchor;
    this.fill();
    this.timer = setInterval(() => this.fill(), 250);
    const { num, den } = timeline.rate;
    return () => {
      const heard_s = context.currentTime - (context.outputLatency || 0);
      return frame + (Math.max(heard_s - anchor.at_s, 0) * speed * num) / den;
    };
  }

  stop(): void {
    clearInterval(this.timer);
    this.anchor = null;
    this.silence(() => true);
  }

  /** Ask for the blocks round a frame, so that playing can begin at once. */
  fetchAhead(frame: number): void {
    const timeline = this.studio.timeline.peek(), blocks = this.studio.sound.peek();
    if (!timeline || !blocks?.block_samples) return;
    const first = Math.floor((secondsOf(timeline.rate, frame) * SAMPLE_RATE_HZ) / blocks.block_samples);
    for (const block of [first, first + 1]) if (String(block) in blocks.tags) this.studio.media("sound", String(block));
  }

  /** Browsers let sound begin only where somebody has pressed something: to be called from there. */
  unlock(): void {
    void this.opened()?.resume();
  }

  close(): void {
    this.stop();
    for (const stop of this.stops) stop();
    void this.context?.close();
  }

  private opened(): AudioContext | null {
    if (!this.context) {
      try {
        this.context = new AudioContext({ sampleRate: SAMPLE_RATE_HZ, latencyHint: "interactive" });
      } catch {
        return null; // no sound device
      }
      this.volume = this.context.createGain();
      this.volume.gain.value = this.studio.muted.peek() ? 0 : 1;
      this.volume.connect(this.context.destination);
    }
    return this.context;
  }

  private now(): number {
    return this.context?.currentTime ?? 0;
  }

  /** When a block begins, by the context's time. */
  private startOf(block: number): number {
    const { at_s, film_s, speed } = this.anchor!;
    return at_s + (block * this.blockSeconds() - film_s) / speed;
  }

  private blockSeconds(): number {
    return (this.studio.sound.peek()?.block_samples ?? SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ;
  }

  /** Hand over every block that is heard within the next seconds and is here; ask for those that are not. */
  private fill(): void {
    const sound = this.studio.sound.peek(), { anchor, context } = this;
    if (!sound || !anchor || !context) return;
    const long_s = this.blockSeconds(), now = context.currentTime;
    const film_s = anchor.film_s + Math.max(now - anchor.at_s, 0) * anchor.speed;
    const last = Math.floor((film_s + AHEAD_S * anchor.speed) / long_s);
    for (let block = Math.floor(film_s / long_s); block <= last; block++) {
      const tag = sound.tags[block];
      if (tag === undefined || this.playing.some((each) => each.block === block && each.tag === tag)) continue;
      const buffer = this.buffer(block, tag);
      if (!buffer) continue;
      const node = context.createBufferSource();
      node.buffer = buffer;
      node.playbackRate.value = anchor.speed;
      node.connect(this.volume!);
      const begins = this.startOf(block), late_s = Math.max(now + 0.01 - begins, 0, (anchor.film_s - block * long_s) / anchor.speed);
      const skipped_s = late_s * anchor.speed;
      if (skipped_s >= long_s) continue;
      node.start(begins + late_s, skipped_s, long_s - skipped_s);
      const one: Playing = { block, tag, node };
      node.onended = () => { this.playing = this.playing.filter((each) => each !== one); };
      this.playing.push(one);
    }
  }

  private silence(which: (each: Playing) => boolean): void {
    const [gone, left] = [this.playing.filter(which), this.playing.filter((each) => !which(each))];
    this.playing = left;
    for (const { node } of gone) {
      node.onended = null;
      node.stop();
      node.disconnect();
    }
  }

  private buffer(block: number, tag: string): AudioBuffer | null {
    const key = `${block} ${tag}`, kept = this.decoded.get(key);
    if (kept) {
      this.decoded.delete(key);
      this.decoded.set(key, kept);
      return kept instanceof AudioBuffer ? kept : null;
    }
    const state = this.studio.media("sound", String(block)).peek();
    if (state === "wanted" || "missing" in state) return null;
    this.decoded.set(key, "coming");
    this.context!.decodeAudioData(state.bytes.slice(0)).then(
      (buffer) => {
        this.decoded.set(key, buffer);
        if (this.decoded.size > KEPT_BLOCKS) this.decoded.delete(this.decoded.keys().next().value!);
        this.fill();
      },
      () => this.decoded.set(key, "useless"),
    );
    return null;
  }
}
