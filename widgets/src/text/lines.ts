/** Words set on a line: runs of one word and direction, in the order they stand, with their widths. */
import { levels, visualOrder } from "./bidi";
import type { Type } from "./fonts";
import type { Measure, Measured } from "./measure";
import { spaceBetween, takesTracking } from "./scripts";

/** A piece of text drawn at once; `x_px` is its left edge. */
export interface Run {
  text: string; type: Type; size_px: number; word: number; level: number; width_px: number; tracking: number;
  x_px: number; baseline_px: number;
}
export interface Line { runs: Run[]; width_px: number }
export type Numbered = readonly [number: number, word: string];

/** Set words, given with their numbers in reading order, on one line; x counts from its left edge. */
export function setLine(
  words: readonly Numbered[], type: Type, size_px: number, rightToLeft: boolean, tracking: number, measure: Measure,
): Line {
  let text = "", before = "";
  const owners: number[] = [];
  for (const [number, word] of words) {
    const piece = (before ? spaceBetween(before, word) : "") + word;
    text += piece;
    for (const _ of piece) owners.push(number);
    before = word;
  }
  const characters = [...text], found = levels(text, rightToLeft);
  const runs: Run[] = [];
  let first = 0;
  for (let index = 1; index <= characters.length; index++) {
    if (index < characters.length && owners[index] === owners[first] && found[index] === found[first]) continue;
    const part = characters.slice(first, index).join("");
    runs.push({
      text: part, type, size_px, word: owners[first]!, level: found[first]!, width_px: 0,
      tracking: tracking && takesTracking(part) ? tracking : 0, x_px: 0, baseline_px: 0,
    });
    first = index;
  }
  let at = 0;
  const placed = visualOrder(runs);
  for (const run of placed) {
    run.width_px = measured(run, measure).advance * size_px;
    run.x_px = at;
    at += run.width_px;
  }
  const trailing = (placed.at(-1)?.tracking ?? 0) * size_px;
  return { runs: placed, width_px: Math.max(at - trailing, 0) };
}

export function measured(run: Run, measure: Measure): Measured {
  return measure(run.text, run.type, run.level % 2 === 1, run.tracking);
}

/** A line's runs, in the frame. */
export function placedAt(line: Line, left_px: number, baseline_px: number): Run[] {
  return line.runs.map((run) => ({ ...run, x_px: run.x_px + left_px, baseline_px }));
}

const DEEP = [
  "Arabic", "Bengali", "Devanagari", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar",
  "Oriya", "Sinhala", "Tamil", "Telugu", "Thai",
];
const DEEP_SCRIPTS = new RegExp(`(?=\\p{L})[${DEEP.map((name) => `\\p{Script=${name}}`).join("")}]`, "u");
const EAST_ASIAN = /(?=\p{L})[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** How far a text's letters go above and below the baseline, in ems: the same for all texts of a script. */
export function reach(text: string): [above: number, below: number] {
  if (DEEP_SCRIPTS.test(text)) return [1.05, 0.48];
  return EAST_ASIAN.test(text) ? [0.88, 0.3] : [0.76, 0.3];
}

/** Words on as few lines as hold them; a word wider than a line has one of its own. */
export function wrapped(words: readonly Numbered[], widthOf: (some: readonly Numbered[]) => number, room_px: number): Numbered[][] {
  const lines: Numbered[][] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last && widthOf([...last, word]) <= room_px) last.push(word);
    else lines.push([word]);
  }
  return lines;
}
