/** Captions written, moved, split and merged: the twin of that part of storyreel/timeline/edit.py. */
import { EditError } from "./edit_error";
import type { Cue, CueWord, Timeline } from "./protocol";
import { NORMS, shapeOf } from "./shared";
import { opcodes } from "./sequences";
import { splitWords } from "./text/scripts";

function cueAt(timeline: Timeline, number: number): Cue {
  const cue = timeline.cues[number];
  if (!cue) throw new EditError(`there is no caption ${number}: the film has ${timeline.cues.length}, counted from 0`);
  return cue;
}

const lengthOf = (text: string) => [...text].length;

/** Write a caption anew. Words that stay keep their times, the others share the time of those they replace. */
export function rewrite(timeline: Timeline, number: number, text: string): Timeline {
  const cue = cueAt(timeline, number);
  let lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/).map(splitWords).filter((line) => line.length);
  if (lines.length > 2) throw new EditError(`a caption has at most two lines, not ${lines.length}`);
  const words = lines.flat();
  if (lines.length === 1) lines = broken(words, cue, timeline);
  const timed = timedWords(words, cue);
  let at = 0;
  const changed = words.length ? [{ ...cue, lines: lines.map((line) => timed.slice(at, (at += line.length))) }] : [];
  return withCues(timeline, number, 1, changed);
}

/** Words on lines: as they were if their number is the same, else in halves if they are too many for one line. */
function broken(words: string[], cue: Cue, timeline: Timeline): string[][] {
  if (words.length === cue.lines.flat().length) {
    let at = 0;
    return cue.lines.map((line) => words.slice(at, (at += line.length)));
  }
  return bestLines(words, timeline);
}

/** Words as one line if they fit it by the film's norm, else as two near halves. */
function bestLines(words: string[], timeline: Timeline): string[][] {
  const norm = NORMS[timeline.captions];
  const total = lengthOf(words.join(" "));
  if (!norm || norm.lines < 2 || total <= norm.columns[shapeOf(timeline.width_px, timeline.height_px)]) return [words];
  // The upper line is the shorter one where they differ, as subtitlers prefer.
  let split = 1, least = Infinity;
  for (let count = 1; count <= words.length; count++) {
    const uneven = Math.abs(2 * lengthOf(words.slice(0, count).join(" ")) - total + 1);
    if (uneven < least) [split, least] = [count, uneven];
  }
  return [words.slice(0, split), words.slice(split)].filter((line) => line.length);
}

/** New words with times: those that stay keep theirs, runs of others share out the time of what they replace. */
function timedWords(words: string[], cue: Cue): CueWord[] {
  const old = cue.lines.flat();
  if (!old.length) return shared(words, cue.start_frame, cue.start_frame + cue.length_frames);
  const timed: CueWord[] = [];
  for (const [kind, first, after, newFirst, newAfter] of opcodes(old.map((word) => word.text), words)) {
    const fresh = words.slice(newFirst, newAfter);
    if (kind === "equal") {
      timed.push(...old.slice(first, after));
    } else if (kind === "replace") {
      timed.push(...shared(fresh, old[first]!.start_frame, old[after - 1]!.end_frame));
    } else if (kind === "insert" && timed.length) {
      // What is put in shares the time of the word before it.
      const before = timed.pop()!;
      timed.push(...shared([before.text, ...fresh], before.start_frame, before.end_frame));
    } else if (kind === "insert") {
      timed.push(...shared(fresh, cue.start_frame, old[0]!.start_frame));
    }
  }
  return timed;
}

/** Words one after another from `start` to `end`, each as long as its letters ask. */
function shared(words: string[], start: number, end: number): CueWord[] {
  const ends: number[] = [];
  for (const word of words) ends.push((ends.at(-1) ?? 0) + lengthOf(word) + 1);
  const all = ends.at(-1) ?? 1;
  const at = (letters: number) => start + Math.floor(((end - start) * letters) / all);
  return words.map((text, index) => ({
    text, start_frame: at(index ? ends[index - 1]! : 0), end_frame: at(ends[index]!),
  }));
}

/** Move or stretch a caption, its words with it. */
export function retimeCaption(timeline: Timeline, number: number, start_frame: number, length_frames: number): Timeline {
  const cue = cueAt(timeline, number), end = start_frame + length_frames;
  const before = timeline.cues[number - 1], after = timeline.cues[number + 1];
  const earliest = before ? endOf(before) : 0, latest = after ? after.start_frame : timeline.length_frames;
  if (start_frame < earliest || end > latest) {
    throw new EditError(
      `caption ${number} has room from frame ${earliest} to ${latest}, between its neighbours, `
        + `and cannot fill ${start_frame} to ${end}`,
    );
  }
  // Rounded to the nearest frame, halves up.
  const moved = (frame: number) => start_frame
    + Math.floor((2 * (frame - cue.start_frame) * length_frames + cue.length_frames) / (2 * cue.length_frames));
  const lines = cue.lines.map((line) => line.map(({ text, ...at }) => (
    { text, start_frame: moved(at.start_frame), end_frame: moved(at.end_frame) })));
  return withCues(timeline, number, 1, [{ start_frame, length_frames, lines }]);
}

/** Say a word at another time; its neighbours give way as far as they reach into it. */
export function retimeWord(timeline: Timeline, number: number, word: number, start_frame: number, end_frame: number): Timeline {
  const cue = cueAt(timeline, number), words = cue.lines.flat();
  const own = words[word], before = words[word - 1], after = words[word + 1];
  if (!own) throw new EditError(`caption ${number} has no word ${word}: it has ${words.length}, counted from 0`);
  const earliest = before ? before.start_frame : cue.start_frame, latest = after ? after.end_frame : endOf(cue);
  if (!(earliest <= start_frame && start_frame <= end_frame && end_frame <= latest)) {
    throw new EditError(
      `the word '${own.text}' has room from frame ${earliest} to ${latest} and cannot be spoken from `
        + `${start_frame} to ${end_frame}: move its neighbours, or make the caption longer, first`,
    );
  }
  if (before) words[word - 1] = { ...before, end_frame: Math.min(before.end_frame, start_frame) };
  if (after) words[word + 1] = { ...after, start_frame: Math.max(after.start_frame, end_frame) };
  words[word] = { ...own, start_frame, end_frame };
  return withCues(timeline, number, 1, [{ ...cue, lines: inLines(words, cue.lines) }]);
}

/** Make two captions of one; the second begins as its first word does. */
export function splitCaption(timeline: Timeline, number: number, word: number): Timeline {
  const cue = cueAt(timeline, number), words = cue.lines.flat();
  if (word >= words.length) {
    throw new EditError(`caption ${number} has no word ${word} to begin another: it has ${words.length}`);
  }
  const at = words[word]!.start_frame;
  if (!(cue.start_frame < at && at < endOf(cue))) {
    throw new EditError(`no time is left for one of the two captions: '${words[word]!.text}' begins on frame ${at}`);
  }
  const first: CueWord[][] = [], second: CueWord[][] = [];
  let count = 0;
  for (const line of cue.lines) {
    const cut = Math.min(Math.max(word - count, 0), line.length);
    count += line.length;
    if (cut > 0) first.push(line.slice(0, cut));
    if (cut < line.length) second.push(line.slice(cut));
  }
  return withCues(timeline, number, 1, [
    { start_frame: cue.start_frame, length_frames: at - cue.start_frame, lines: first },
    { start_frame: at, length_frames: endOf(cue) - at, lines: second },
  ]);
}

/** Make one caption of two that follow one another, broken into lines where it reads best. */
export function mergeCaptions(timeline: Timeline, number: number): Timeline {
  const cue = cueAt(timeline, number), after = timeline.cues[number + 1];
  if (!after) throw new EditError(`caption ${number} is the last one: there is none after it to merge it with`);
  const words = [...cue.lines.flat(), ...after.lines.flat()];
  const lines = inLines(words, bestLines(words.map((word) => word.text), timeline));
  const merged: Cue = { start_frame: cue.start_frame, length_frames: endOf(after) - cue.start_frame, lines };
  return withCues(timeline, number, 2, [merged]);
}

const endOf = (cue: Cue) => cue.start_frame + cue.length_frames;

/** Words in lines that are as long as those of another caption. */
function inLines(words: readonly CueWord[], like: readonly (readonly unknown[])[]): CueWord[][] {
  let at = 0;
  return like.map((line) => words.slice(at, (at += line.length)));
}

function withCues(timeline: Timeline, at: number, removed: number, putIn: readonly Cue[]): Timeline {
  return { ...timeline, cues: timeline.cues.toSpliced(at, removed, ...putIn) };
}
