/**
 * Which texts show on a frame, and in which state: the twin of `overlay_spans` in storyreel/render/text.py. All states of
 * a caption share one layout; only the colours of its words change, and what a word does while it is spoken.
 */
import { framesOf } from "../clock";
import { softened } from "../draw/transitions";
import type { Card, Cue, CueWord, Label, Timeline } from "../protocol";
import { CARDS, LABELS, shapeOf } from "../shared";
import type { CaptionLook } from "../shared";

const BRIDGE_S = 0.3; // a word stays lit through a pause up to this long

/** A stretch in which no word changes its colour. `lit` is the number of the word being spoken, or -1. */
export interface WordState { start: number; end: number; colours: string[]; lit: number; spoken_frames: number }

/** A caption on a frame. `lit` is -1 unless something follows the voice; `moved` is a pop's size or a sweep's progress. */
export interface CaptionState {
  cue: Cue; colours: string[]; lit: number; opacity: number;
  moved: { kind: "none" } | { kind: "pop"; scale: number } | { kind: "sweep"; progress: number; before: string };
}

export interface Faded<T> { text: T; opacity: number }
export interface Texts { cards: Faded<Card>[]; labels: Faded<Label>[]; captions: CaptionState[] }

export function textsAt(timeline: Timeline, frame: number, look: CaptionLook | null): Texts {
  const shape = shapeOf(timeline.width_px, timeline.height_px);
  const shown = <T extends { start_frame: number; length_frames: number }>(texts: readonly T[], fade_s: (text: T) => number) =>
    texts.flatMap((text) => {
      const end = Math.min(text.start_frame + text.length_frames, timeline.length_frames);
      if (frame < text.start_frame || frame >= end) return [];
      const fade = Math.min(framesOf(timeline.rate, fade_s(text)), Math.floor((end - text.start_frame) / 3));
      return [{ text, opacity: fadedAt(frame, text.start_frame, end, fade) }];
    });
  return {
    cards: shown(timeline.cards, () => CARDS[shape].fade_s),
    labels: shown(timeline.labels, (label) => LABELS[label.preset]![shape].fade_s),
    captions: look ? timeline.cues.flatMap((cue) => captionAt(cue, timeline, look, frame)) : [],
  };
}

/** How much is seen of what comes and goes within `fade` frames of its ends. */
export function fadedAt(frame: number, start: number, end: number, fade: number): number {
  if (fade <= 0) return 1;
  return softened(Math.min(1, (frame - start + 1) / (fade + 1), (end - frame) / (fade + 1)));
}

function captionAt(cue: Cue, timeline: Timeline, look: CaptionLook, frame: number): CaptionState[] {
  const start = cue.start_frame, end = Math.min(start + cue.length_frames, timeline.length_frames);
  if (frame < start || frame >= end) return [];
  const words = cue.lines.flat().filter((word) => word.text.trim());
  const state = statesOf(words, look, start, end, framesOf(timeline.rate, BRIDGE_S))
    .findLast((each) => each.start <= frame && frame < each.end);
  if (!state) return [];
  const fade = look.animation === "fade"
    ? Math.min(framesOf(timeline.rate, look.animation_s), Math.floor((end - start) / 3)) : 0;
  const shown: CaptionState = {
    cue, colours: state.colours, lit: state.lit, opacity: fadedAt(frame, start, end, fade), moved: { kind: "none" },
  };
  const at = frame - state.start;
  if (state.lit >= 0 && look.animation === "pop") {
    const frames = Math.min(Math.max(framesOf(timeline.rate, look.animation_s), 1), state.end - state.start);
    // Up in the first third, down in the rest: a sine whose time runs faster at first.
    const scale = 1 + look.pop * Math.sin(Math.PI * ((at + 1) / (frames + 1)) ** 0.63);
    if (at < frames) shown.moved = { kind: "pop", scale };
  } else if (state.lit >= 0 && look.animation === "karaoke") {
    const frames = Math.min(state.spoken_frames, state.end - state.start);
    if (at < frames) shown.moved = { kind: "sweep", progress: (at + 0.5) / frames, before: look.coming };
  }
  return [shown];
}

/** The stretches of a caption in which no word changes its colour, one after another from start to end. */
export function statesOf(words: readonly CueWord[], look: CaptionLook, start: number, end: number, bridge: number): WordState[] {
  const count = words.length;
  if (!count) return [];
  // From this frame on, so many are spoken, and the next one is current or not.
  const changes: [at: number, spoken: number, lit: boolean][] = [[start, 0, false]];
  words.forEach((word, index) => {
    if (word.end_frame <= word.start_frame) return;
    changes.push([word.start_frame, index, true]);
    const following = words[index + 1]?.start_frame ?? end;
    if (following - word.end_frame > bridge || index + 1 === count) changes.push([word.end_frame, index + 1, false]);
  });
  const followsVoice = look.word_box !== null || look.animation === "pop" || look.animation === "karaoke";
  const states: WordState[] = [];
  changes.forEach(([from, spoken, lit], index) => {
    const at = Math.max(from, start), until = Math.min(changes[index + 1]?.[0] ?? end, end);
    if (until <= at) return;
    const colours = words.map((_, number) =>
      number < spoken ? look.spoken : lit && number === spoken ? look.current : look.coming);
    const number = lit && followsVoice ? spoken : -1;
    const spoken_frames = number < 0 ? 0 : Math.min(words[spoken]!.end_frame, until) - at;
    const last = states.at(-1);
    if (last && last.lit === number && last.colours.join() === colours.join()) last.end = until;
    else states.push({ start: at, end: until, colours, lit: number, spoken_frames });
  });
  return states;
}
