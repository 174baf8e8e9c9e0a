/** What the editor knows beyond the film: the scale, what is being dragged, which panel is open. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";

import type { Clip } from "../protocol";
import type { Studio } from "../studio";
import { unique } from "../unique";
import { run } from "./commands";
import type { Command } from "./keys";
import { laidOut, placeFor, reordered } from "./order";
import { clampScale, clampScroll, fitScale, scrollKeeping, scrollShowing, zoomRange, type ZoomRange } from "./scale";
import { chapterAt } from "./scenes";
import { framesPerSecond } from "./time";
import { trimmedLayout, type Mode, type Reach, type Trim } from "./trim";
import { drawnPx, partition, type Stretch } from "./visible";

export type Size = "wide" | "narrow" | "phone";
export type Panel = { of: "shots" } | { of: "joint"; clip: string } | { of: "sound"; sound: number } | { of: "history" };
/** Shots picked up, by the pointer or by the keyboard. */
export interface Move { ids: ReadonlySet<string>; grabbed: string; place: number; from: number; by: "pointer" | "keys" }
export interface TrimDrag { trim: Trim; reach: Reach; frame: number }
export interface Question {
  title: string; text: string; yes: string; does: () => void;
  /** Another way to say yes. */
  also?: { yes: string; does: () => void };
  /** Told when the answer is no. */
  dropped?: () => void;
}

const NO_PLACES: ReadonlyMap<string, Stretch> = new Map();
/** Free at both ends of the strip, so that the playhead's head is whole there. */
export const PAD_PX = 8;
/** A shot is at least this wide, on average, when the strip opens. */
const OPENING_SHOT_PX = 28;

export class StripView {
  private readonly name = unique();
  readonly size = signal<Size>("wide");
  readonly dark = signal(true);
  readonly width_px = signal(0);
  readonly px_a_frame = signal(1);
  readonly scroll_px = signal(0);
  /** Until somebody zooms, the scale goes with the strip's width. */
  readonly opening = signal(true);
  /** The shot that has, or last had, the focus. */
  readonly focus = signal<string | null>(null);
  readonly move = signal<Move | null>(null);
  readonly trim = signal<TrimDrag | null>(null);
  readonly mode = signal<Mode>("roll");
  readonly panel = signal<Panel>({ of: "shots" });
  readonly help = signal(false);
  readonly said = signal("");
  /** Whether a file for a new shot is being chosen. */
  readonly inserting = signal(false);
  /** What is being sent: which shot it is for ("" for none) and how much of it has arrived. */
  readonly uploading = signal<{ clip: string; name: string; fraction: number } | null>(null);
  readonly question = signal<Question | null>(null);
  /** Whether the focus is, or was until the page moved it, on a shot. */
  focused = false;
  /** The whole editor; full screen and the search for what to focus begin there. */
  root: HTMLElement | null = null;

  readonly clips: ReadonlySignal<readonly Clip[]>;
  readonly content_px: ReadonlySignal<number>;
  readonly drawn: ReadonlySignal<{ start_px: number; end_px: number }>;
  /** Ids in the order in which they play if what is being dragged is dropped here. */
  readonly order: ReadonlySignal<readonly string[]>;
  /** Where shots lie while something is dragged; those not named lie where the film has them. */
  readonly places: ReadonlySignal<ReadonlyMap<string, Stretch>>;
  readonly length_frames: ReadonlySignal<number>;
  /** The start of the chapter in which the playhead stands. */
  readonly chapter_frame: ReadonlySignal<number>;
  /** The caption on screen, or the next one; and the word in it that is spoken. */
  readonly cue: ReadonlySignal<number>;
  readonly word: ReadonlySignal<number>;
  /** Frames of the energy cuts in the voice. */
  readonly cuts: ReadonlySignal<readonly number[]>;

  constructor(readonly studio: Studio) {
    this.clips = computed(() => studio.timeline.value?.clips ?? []);
    this.length_frames = computed(() => {
      const timeline = studio.timeline.value, drag = this.trim.value;
      if (!timeline || drag?.trim.mode !== "ripple") return timeline?.length_frames ?? 1;
      const by = drag.frame - drag.reach.now;
      return timeline.length_frames + (drag.trim.edge === "end" ? by : -by);
    });
    this.content_px = computed(() => Math.max(this.length_frames.value * this.px_a_frame.value, 1));
    const step = computed(() => {
      const { start_px, end_px } = drawnPx(this.scroll_px.value, this.width_px.value);
      return `${start_px} ${end_px}`;
    });
    this.drawn = computed(() => {
      const [start_px, end_px] = step.value.split(" ").map(Number) as [number, number];
      return { start_px, end_px };
    });
    this.order = computed(() => {
      const ids = this.clips.value.map((clip) => clip.id), move = this.move.value;
      return move ? reordered(ids, move.ids, move.place) : ids;
    });
    this.places = computed(() => {
      const drag = this.trim.value;
      if (drag) return trimmedLayout(this.clips.value, drag.trim, drag.frame);
      return this.move.value ? laidOut(this.clips.value, this.order.value) : NO_PLACES;
    });
    this.chapter_frame = computed(() => chapterAt(studio.film.value?.chapters ?? [], studio.playhead_frame.value)?.start_frame ?? 0);
    this.cue = computed(() => {
      const cues = studio.timeline.value?.cues ?? [], frame = studio.playhead_frame.value;
      return partition(cues.length, (index) => cues[index]!.start_frame + cues[index]!.length_frames <= frame);
    });
    this.word = computed(() => {
      const words = studio.timeline.value?.cues[this.cue.value]?.lines.flat() ?? [], frame = studio.playhead_frame.value;
      return words.findIndex((word) => frame >= word.start_frame && frame < word.end_frame);
    });
    this.cuts = computed(() => {
      const timeline = studio.timeline.value;
      if (!timeline || !hasVoice(studio)) return [];
      const peaks = studio.media("peaks", "voice").value;
      if (typeof peaks === "string" || "missing" in peaks) return [];
      const fps = framesPerSecond(timeline.rate), cuts_s = peaks.meta["cuts_s"];
      return Array.isArray(cuts_s) ? cuts_s.map((cut_s: number) => Math.round(cut_s * fps)) : [];
    });
  }

  /** The id of one of this editor's elements. */
  id(what: string): string {
    return `sr-${this.name}-${what}`;
  }

  run(command: Command): void {
    run(this, command);
  }

  say(words: string): void {
    // The same words twice are only read twice if the text changes.
    this.said.value = this.said.peek() === words ? `${words}\u00a0` : words;
  }

  note(message: string, level: "info" | "warning" | "error" = "info"): void {
    this.studio.notices.value = [...this.studio.notices.peek(), { level, message }];
  }

  upload(file: File, use: Parameters<Studio["upload"]>[1]): void {
    const clip = "clip" in use ? use.clip : "", told = (fraction: number): void => { this.uploading.value = { clip, name: file.name, fraction }; };
    told(0);
    this.studio.upload(file, use, told)
      .catch((error: unknown) => this.note(error instanceof Error ? error.message : String(error), "error"))
      .finally(() => { this.uploading.value = null; });
  }

  range(): ZoomRange {
    const timeline = this.studio.timeline.peek();
    return zoomRange(this.length_frames.peek(), this.width_px.peek(), timeline ? framesPerSecond(timeline.rate) : 30);
  }

  /** The scale that shows the film as the page opens: whole, or nearer where room is scarce or shots are many. */
  open(): void {
    const timeline = this.studio.timeline.peek(), width_px = this.width_px.peek();
    if (!timeline || width_px <= 0) return;
    const fit = fitScale(timeline.length_frames, width_px);
    const times = { wide: 1, narrow: 1.5, phone: 3 }[this.size.peek()];
    const average = timeline.length_frames / Math.max(timeline.clips.length, 1);
    this.px_a_frame.value = clampScale(Math.max(fit * times, OPENING_SHOT_PX / average), this.range());
    if (this.studio.selection.peek()[0]) this.show(this.studio.selection.peek()[0]!, "middle");
  }

  fit(): void {
    this.opening.value = false;
    this.px_a_frame.value = fitScale(this.length_frames.peek(), this.width_px.peek());
    this.scroll_px.value = 0;
  }

  /** Zooms so that what is `at_px` from the strip's left edge stays there; the playhead, or the middle, if none is told. */
  zoomTo(px_a_frame: number, at_px?: number): void {
    this.opening.value = false;
    const before = this.px_a_frame.peek(), after = clampScale(px_a_frame, this.range()), width_px = this.width_px.peek();
    const head_px = this.studio.playhead_frame.peek() * before - this.scroll_px.peek();
    const at = at_px ?? (head_px >= 0 && head_px <= width_px ? head_px : width_px / 2);
    this.px_a_frame.value = after;
    this.scrollTo(scrollKeeping(this.scroll_px.peek(), at, before, after));
  }

  scrollTo(scroll_px: number): void {
    this.scroll_px.value = clampScroll(scroll_px, this.content_px.peek(), this.width_px.peek());
  }

  /** Scrolls as little as needed, or to the middle. */
  show(id: string, where: "near" | "middle" = "near"): void {
    const place = this.placeOf(id);
    if (!place) return;
    const scale = this.px_a_frame.peek(), width_px = this.width_px.peek();
    const start = place.start_frame * scale, end = start + place.length_frames * scale;
    const margin = where === "middle" ? width_px : Math.min(width_px / 6, 120);
    this.scrollTo(scrollShowing(start, end, this.scroll_px.peek(), width_px, margin));
  }

  placeOf(id: string): Stretch | undefined {
    return this.places.peek().get(id) ?? this.clips.peek().find((clip) => clip.id === id);
  }

  /** Where the pointer's block would go, its left edge at a frame. */
  dragTo(frame: number): void {
    const move = this.move.peek();
    if (!move) return;
    const place = placeFor(frame, this.clips.peek(), move.ids);
    if (place !== move.place) this.move.value = { ...move, place };
  }
}

export function hasVoice(studio: Studio): boolean {
  return !!studio.timeline.value?.sounds.some((sound) => ["narration", "dialogue", "recording"].includes(sound.track));
}
