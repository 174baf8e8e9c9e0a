/** Room made in a film's time, or time taken out of it, for all that plays beside its pictures: the twin of storyreel/timeline/ripple.py. */
import { framesOf, secondsOf } from "./clock";
import { EditError } from "./edit_error";
import type { Cue, CueWord, Sound, Timeline } from "./protocol";

const CUT_FADE_S = 0.02;

/** A stretch of time after an edit, and the frame it began on before. */
interface Part { start: number; end: number; was: number }
type Parts = (start: number, end: number) => Part[];

const lasting = (parts: Part[]) => parts.filter((part) => part.end > part.start);

/** Make room for `frames` frames before frame `at`, for all but the clips. */
export function openRoom(timeline: Timeline, at: number, frames: number): Timeline {
  const parts: Parts = (start, end) => lasting([
    { start, end: Math.min(end, at), was: start },
    { start: Math.max(start, at) + frames, end: end + frames, was: Math.max(start, at) },
  ]);
  return rippled(timeline, timeline.length_frames + frames, parts, frames);
}

/** Take the frames from `first` to before `after` out, for all but the clips. */
export function takeOut(timeline: Timeline, first: number, after: number): Timeline {
  const gone = after - first;
  const parts: Parts = (start, end) => lasting([
    { start, end: Math.min(end, first), was: start },
    { start: Math.max(start, after) - gone, end: end - gone, was: Math.max(start, after) },
  ]);
  if (timeline.length_frames - gone < 1) throw new EditError("nothing of the film would be left");
  return rippled(timeline, timeline.length_frames - gone, parts, 0);
}

function rippled(before: Timeline, length_frames: number, parts: Parts, gap: number): Timeline {
  return {
    ...before,
    length_frames,
    cues: before.cues.flatMap((cue) => cueParts(cue, parts)),
    cards: before.cards.flatMap((card) => textParts(card, parts)),
    labels: before.labels.flatMap((label) => textParts(label, parts)),
    sounds: before.sounds.flatMap((sound) => soundParts(sound, before, parts, gap)),
    voice_windows: merged(before.voice_windows.flatMap(([start, end]) => parts(start, end))),
  };
}

/** A caption after a ripple: in two where room was made inside it, without the words that were taken out. */
function cueParts(cue: Cue, parts: Parts): Cue[] {
  const kept = parts(cue.start_frame, cue.start_frame + cue.length_frames);
  let places = kept.map(({ start, end }) => [start, end] as const);
  if (kept.length === 2 && kept[0]!.end === kept[1]!.start) places = [[kept[0]!.start, kept[1]!.end]];
  return places.flatMap(([start, end]) => {
    const lines = cue.lines
      .map((line) => line.flatMap((word) => wordIn(word, cue, parts, start, end)))
      .filter((line) => line.length);
    return lines.length ? [{ start_frame: start, length_frames: end - start, lines }] : [];
  });
}

/** The word where it is now, if it begins from `start` to before `end`; it ends there at the latest. */
function wordIn(word: CueWord, cue: Cue, parts: Parts, start: number, end: number): CueWord[] {
  // One that takes no time may stand on the caption's very end.
  const begins = Math.min(word.start_frame, cue.start_frame + cue.length_frames - 1);
  const kept = parts(begins, Math.max(word.end_frame, begins + 1));
  if (!kept.length || kept[0]!.start < start || kept[0]!.start >= end) return [];
  const at = kept[0]!.start + word.start_frame - begins;
  const ends = word.end_frame > word.start_frame ? Math.min(kept.at(-1)!.end, end) : at;
  return [{ text: word.text, start_frame: at, end_frame: ends }];
}

/** A card or label after a ripple: room made inside it does not make it longer. */
function textParts<T extends { start_frame: number; length_frames: number }>(text: T, parts: Parts): T[] {
  const kept = parts(text.start_frame, text.start_frame + text.length_frames);
  const length_frames = kept.reduce((sum, part) => sum + part.end - part.start, 0);
  return kept.length ? [{ ...text, start_frame: kept[0]!.start, length_frames }] : [];
}

function soundParts(sound: Sound, timeline: Timeline, parts: Parts, gap: number): Sound[] {
  const end = sound.start_frame + sound.length_frames;
  const kept = parts(sound.start_frame, end);
  if (sound.untouched) {
    if (kept.length !== 1 || kept[0]!.start !== sound.start_frame || kept[0]!.end !== end) {
      throw new EditError(
        "the recording goes into the film untouched, so no time can be put in or taken out: use the mode 'roll'",
      );
    }
    return [sound];
  }
  if (!kept.length) return [];
  if (sound.track === "music" || sound.looped) {
    const length = kept.reduce((sum, part) => sum + part.end - part.start, 0) + (kept.length === 2 ? gap : 0);
    return [playingOn(sound, kept[0]!.start, length, timeline)];
  }
  return kept.map((part) => ({
    ...sound,
    start_frame: part.start,
    length_frames: part.end - part.start,
    source_start_s: sound.source_start_s + secondsOf(timeline.rate, part.was - sound.start_frame),
    fade_in_s: part.was > sound.start_frame ? CUT_FADE_S : sound.fade_in_s,
    fade_out_s: part.was + part.end - part.start < end ? CUT_FADE_S : sound.fade_out_s,
  }));
}

/** Music at a new place and of a new length; no longer than its recording, so that its end is still faded out. */
function playingOn(sound: Sound, start_frame: number, length: number, timeline: Timeline): Sound {
  const duration_s = sound.asset.duration_s ?? 0;
  if (!sound.looped && length > sound.length_frames && duration_s) {
    const whole = framesOf(timeline.rate, Math.max(0, duration_s - sound.source_start_s));
    length = Math.min(length, Math.max(whole, sound.length_frames));
  }
  return { ...sound, start_frame, length_frames: length };
}

function merged(windows: Part[]): [number, number][] {
  const all: [number, number][] = [];
  for (const { start, end } of windows) {
    const last = all.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(end, last[1]);
    else all.push([start, end]);
  }
  return all;
}
