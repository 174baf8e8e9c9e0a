/** Where a caption's words stand: the twin of `lay_out_caption` in storyreel/render/text_layout.py. */
import { halfEven } from "../motion";
import type { CaptionLook, Edges } from "../shared";
import { isRightToLeft } from "./bidi";
import { placedAt, reach, setLine, wrapped } from "./lines";
import type { Line, Numbered, Run } from "./lines";
import type { Type } from "./fonts";
import type { Measure } from "./measure";
import { clusters, takesTracking } from "./scripts";

const SMALLEST_SCALE = 0.72;
export const PLATE_WIDENING = 1.25;
const CAP_HEIGHT = 0.72;
const VOWELS = new Set("aeiouyæøœаеиоуыэюяієαεηιουω");
const SPOKEN_AS_ONE = new Set(["ch", "gh", "ph", "sc", "sh", "th"]);

export function typeOf(look: CaptionLook, language: string): Type {
  return { family: look.family, own: look.font_file !== "", weight: look.weight, language };
}

/** A caption's runs in a frame of this size, centred in the part of it that the look names. */
export function layOutCaption(
  lines: readonly (readonly string[])[], look: CaptionLook, width_px: number, height_px: number, language: string,
  safe: Edges, measure: Measure,
): Run[] {
  let count = 0;
  let numbered: Numbered[][] = lines.map((line) => line.map((word) => [count++, word] as const));
  const all = lines.flat().join(" ");
  const rightToLeft = isRightToLeft(all, language);
  const type = typeOf(look, language);
  let size_px = look.size * height_px;
  const around = aroundOf(look) * size_px;
  const side = Math.max(look.side * width_px, safe.left + around, width_px - safe.right + around);
  const room = width_px - 2 * side;
  let top = safe.top + around, bottom = safe.bottom - around;
  const margin = look.margin * height_px;
  if (look.position === "bottom") bottom = Math.min(bottom, height_px - margin);
  else if (look.position === "top") top = Math.max(top, margin);

  const setAll = (some: readonly (readonly Numbered[])[]): Line[] =>
    some.map((line) => setLine(line, type, size_px, rightToLeft, 0, measure));
  const widthOf = (some: readonly Numbered[]) => setAll([some])[0]!.width_px;
  const widestOf = (some: readonly Line[]) => Math.max(0, ...some.map((line) => line.width_px));

  let set = setAll(numbered);
  let widest = widestOf(set);
  if (widest * SMALLEST_SCALE > room) {
    const flat = numbered.flat().flatMap(([number, word]) =>
      cutWord(word, widthOf([[number, word]]), room / SMALLEST_SCALE).map((piece) => [number, piece] as const));
    numbered = wrapped(flat, widthOf, room);
    set = setAll(numbered);
    widest = widestOf(set);
  }
  const tall = set.length * look.line_height * size_px;
  const scale = Math.min(1, widest ? room / widest : 1, Math.max(bottom - top, 1) / tall);
  if (scale < 1) {
    size_px *= scale;
    set = setAll(numbered);
  }
  const step = look.line_height * size_px;
  const [above, below] = reach(all);
  let last = bottom - below * size_px;
  if (look.position === "top") last = top + above * size_px + (set.length - 1) * step;
  else if (look.position === "middle") last = (top + bottom + (set.length - 1) * step + CAP_HEIGHT * size_px) / 2;
  return set.flatMap((line, index) =>
    placedAt(line, (width_px - line.width_px) / 2, halfEven(last - (set.length - 1 - index) * step)));
}

/** How far a caption reaches around its letters, in ems: what must stay inside a safe area with them. */
function aroundOf(look: CaptionLook): number {
  const boxes = [look.box, look.word_box].map((box) => (box ? box.padding * PLATE_WIDENING : 0));
  return Math.max(look.outline.width, ...boxes, 0);
}

/** A word too wide for any line, in even pieces that are not; hyphens only where the script has them. */
function cutWord(word: string, width_px: number, room_px: number): string[] {
  const parts = clusters(word);
  const count = Math.min(Math.ceil(width_px / room_px), parts.length);
  if (count < 2 || isRightToLeft(word)) return [word];
  const places = Array.from({ length: count + 1 }, (_, index) => cutNear(parts, Math.floor((parts.length * index) / count)));
  const cuts = [...new Set(places)].sort((a, b) => a - b);
  const pieces = cuts.slice(0, -1).map((cut, index) => parts.slice(cut, cuts[index + 1]).join(""));
  const letter = (text: string | undefined) => /^\p{L}$/u.test(text ?? "");
  return pieces.map((piece, index) => {
    const joined = takesTracking(word) && letter([...piece].at(-1)) && letter([...(pieces[index + 1] ?? "")][0]);
    return joined ? `${piece}-` : piece;
  });
}

/** The best place near `at` to cut a word: before a consonant that a vowel follows, as most syllables begin. */
function cutNear(parts: readonly string[], at: number): number {
  if (at <= 0 || at >= parts.length - 1) return at;
  for (let place of [at, at - 1, at + 1, at - 2, at + 2, at - 3, at + 3]) {
    if (place <= 1 || place >= parts.length - 1 || !isVowel(parts[place + 1]!)) continue;
    if (!/^\p{L}+$/u.test(parts[place]!) || isVowel(parts[place]!)) continue;
    while (place > 2 && SPOKEN_AS_ONE.has((parts[place - 1]! + parts[place]!).toLowerCase())) place--;
    return place;
  }
  return at;
}

function isVowel(letter: string): boolean {
  return VOWELS.has(letter.normalize("NFD").slice(0, 1).toLowerCase());
}
