/** Caption words in the panel: which captions a shot has, how fast they read, and the edits of their words. */
import type { Cue, CueWord, Edit, Line, Rate } from "../protocol";
import { seconds } from "../strip/time";
import { visibleRange, type Stretch } from "../strip/visible";

/** Letters a second that adults read with ease (Netflix Timed Text Style Guide). */
export const EASY_LETTERS_A_SECOND = 17;

export const wordsOf = (cue: Cue): CueWord[] => cue.lines.flat();

/** The places of the captions that begin in a shot, or else of the one that is on screen when it begins. */
export function cuesOf(cues: readonly Cue[], shot: Stretch): number[] {
  const { first, after } = visibleRange(cues, shot.start_frame, shot.start_frame + shot.length_frames);
  const all = Array.from({ length: after - first }, (_, index) => first + index);
  const begun = all.filter((index) => cues[index]!.start_frame >= shot.start_frame);
  return begun.length ? begun : all;
}

/** The sentence that a caption belongs to: captions that follow one another without a stop or a long pause between them. */
export function lineOf(cues: readonly Cue[], place: number, rate: Rate): Line {
  const goesOn = (index: number): boolean => {
    const before = cues[index]!, after = cues[index + 1];
    if (!after || STOP.test(wordsOf(before).at(-1)?.text ?? "")) return false;
    return seconds(after.start_frame - (wordsOf(before).at(-1)?.end_frame ?? 0), rate) < LINE_PAUSE_S;
  };
  let first = place, last = place;
  while (first > 0 && last - first < MOST_CAPTIONS && goesOn(first - 1)) first -= 1;
  while (last - first < MOST_CAPTIONS && goesOn(last)) last += 1;
  const said = cues.slice(first, last + 1);
  return { cue: first, captions: said.length, text: said.flatMap(wordsOf).map(({ text }) => text).join(" ") };
}

const LINE_PAUSE_S = 1.2, MOST_CAPTIONS = 11;
const STOP = /[.!?…。！？؟।]["'”’»)\]]*$/u;

/** The one to open: that on screen at the playhead, else the first that is still to come, else the last. */
export function cueAt(cues: readonly Cue[], of: readonly number[], frame: number): number | null {
  const next = of.find((index) => cues[index]!.start_frame + cues[index]!.length_frames > frame);
  return next ?? of[of.length - 1] ?? null;
}

/** As a reader counts: spaces too, and wide East Asian letters as two. */
export function letters(cue: Cue): number {
  const text = cue.lines.map((line) => line.map((word) => word.text.trim()).join(" ")).join("");
  let count = 0;
  for (const letter of text) count += WIDE.test(letter) ? 2 : 1;
  return count;
}

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u;

export interface Reading { easy: boolean; words: string }

export function reading(cue: Cue, rate: Rate): Reading {
  const speed = letters(cue) / seconds(cue.length_frames, rate);
  if (speed <= EASY_LETTERS_A_SECOND + 0.5) return { easy: true, words: "Easy to read" };
  return { easy: false, words: `Too fast: ${Math.round(speed)} letters a second` };
}

/** The caption's text with one word written anew; lines stay as they are. An empty text takes the word away. */
export function rewritten(cue: Cue, word: number, text: string): string {
  let count = 0;
  return cue.lines
    .map((line) => line.map((each) => (count++ === word ? text.trim().split(/\s+/).join(" ") : each.text)).filter(Boolean).join(" "))
    .filter(Boolean)
    .join("\n");
}

export const textOf = (cue: Cue): string => cue.lines.map((line) => line.map((word) => word.text).join(" ")).join("\n");

/** A word begun earlier or later by some frames, between its neighbours; null where there is no room. */
export function nudged(cue: Cue, place: number, word: number, by: number, edge: "start" | "end"): Edit | null {
  const words = wordsOf(cue), each = words[word];
  if (!each) return null;
  const least = edge === "start" ? Math.max(words[word - 1]?.end_frame ?? 0, 0) : each.start_frame + 1;
  const most = edge === "start" ? each.end_frame - 1 : words[word + 1]?.start_frame ?? Number.MAX_SAFE_INTEGER;
  const from = edge === "start" ? each.start_frame : each.end_frame;
  const to = Math.min(Math.max(from + by, Math.min(least, from)), Math.max(most, from));
  if (to === from) return null;
  return {
    kind: "retime_word", cue: place, word, start_frame: edge === "start" ? to : each.start_frame,
    end_frame: edge === "end" ? to : each.end_frame,
  };
}
