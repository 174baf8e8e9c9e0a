/** Where a title card's lines stand: the twin of `lay_out_card` in storyreel/render/text_layout.py. */
import { halfEven } from "../motion";
import type { CardLook, Edges } from "../shared";
import { isRightToLeft } from "./bidi";
import { placedAt, setLine, wrapped } from "./lines";
import type { Line, Numbered, Run } from "./lines";
import type { Type } from "./fonts";
import type { Measure } from "./measure";
import { breakUnspaced, capitals, leans, splitWords } from "./scripts";

const SMALLEST_TITLE_SCALE = 0.2;
const WORTH_OF_FEWER_LINES = 0.86;
const UNCASED_SUBTITLE_SCALE = 1.35;

export interface CardLayout { title: Run[]; subtitle: Run[]; rule: Edges | null }

export function layOutCard(
  title: string, subtitle: string, look: CardLook, width_px: number, height_px: number, language: string, measure: Measure,
): CardLayout {
  const room = width_px * (1 - 2 * look.side);
  const [titleLines, size] = setTitle(title, look, room, height_px, language, measure);
  const shown = look.subtitle_capitals ? capitals(subtitle, language) : subtitle;
  const [smallLines, small] = setSubtitle(shown, look, room, height_px, language, measure);
  const gap = look.rule_gap * height_px;
  const cap = 0.68 * size, smallCap = 0.72 * small; // from baseline to the top of capitals
  const step = look.line_height * size, smallStep = 1.5 * small;
  let tall = titleLines.length ? cap + (titleLines.length - 1) * step : 0;
  if (smallLines.length) tall += (titleLines.length ? 2 * gap : 0) + smallCap + (smallLines.length - 1) * smallStep;
  let baseline = look.centre * height_px - tall / 2 + cap;
  const layout: CardLayout = { title: [], subtitle: [], rule: null };
  for (const line of titleLines) {
    layout.title.push(...placedAt(line, (width_px - line.width_px) / 2, halfEven(baseline)));
    baseline += step;
  }
  if (smallLines.length) {
    let top = look.centre * height_px - tall / 2;
    if (titleLines.length) {
      const below = baseline - step + gap + 0.08 * size;
      const half = Math.max((look.rule_width * height_px) / 2, 8);
      const thick = Math.max(halfEven(look.rule_thickness * height_px), 1);
      layout.rule = {
        left: width_px / 2 - half, top: halfEven(below), right: width_px / 2 + half, bottom: halfEven(below) + thick,
      };
      top = below + gap;
    }
    baseline = top + smallCap;
    for (const line of smallLines) {
      layout.subtitle.push(...placedAt(line, (width_px - line.width_px) / 2, halfEven(baseline)));
      baseline += smallStep;
    }
  }
  return layout;
}

function typeFor(family: Type["family"], language: string): Type {
  return { family, own: false, weight: 600, language };
}

const numberedWords = (text: string): Numbered[] =>
  splitWords(text).flatMap(breakUnspaced).map((word, index) => [index, word] as const);

/** The title in as many lines as let it be large, and the size that fits. */
function setTitle(
  title: string, look: CardLook, room: number, height_px: number, language: string, measure: Measure,
): [Line[], number] {
  const words = numberedWords(title), largest = look.size * height_px;
  if (!words.length) return [[], largest];
  const rightToLeft = isRightToLeft(title, language), type = typeFor(look.family, language);
  const setAt = (some: readonly Numbered[], size: number) => setLine(some, type, size, rightToLeft, look.tracking, measure);
  const widths = new Map<string, number>();
  const widthOf = (first: number, end: number) => {
    const key = `${first} ${end}`;
    if (!widths.has(key)) widths.set(key, setAt(words.slice(first, end), largest).width_px);
    return widths.get(key)!;
  };
  let best = { worth: -1, scale: 1, breaks: [[0, words.length]] as Break[] };
  for (let count = 1; count <= Math.min(look.lines, words.length); count++) {
    const breaks = evenBreaks(words, count, widthOf, language);
    const scale = Math.min(1, room / Math.max(...breaks.map(([first, end]) => widthOf(first, end)), 1));
    const worth = scale * WORTH_OF_FEWER_LINES ** (count - 1);
    if (worth > best.worth) best = { worth, scale, breaks };
  }
  let size = largest * Math.max(best.scale, SMALLEST_TITLE_SCALE);
  size *= Math.min(1, (0.62 * height_px) / (best.breaks.length * look.line_height * size));
  const all = () => best.breaks.map(([first, end]) => setAt(words.slice(first, end), size));
  const widest = Math.max(...all().map((line) => line.width_px));
  if (widest > room) size *= room / widest;
  return [all(), size];
}

function setSubtitle(
  subtitle: string, look: CardLook, room: number, height_px: number, language: string, measure: Measure,
): [Line[], number] {
  const words = numberedWords(subtitle);
  let size = look.subtitle_size * height_px;
  if (look.subtitle_capitals && subtitle.toLowerCase() === subtitle) size *= UNCASED_SUBTITLE_SCALE;
  if (!words.length) return [[], size];
  const rightToLeft = isRightToLeft(subtitle, language), type = typeFor(look.subtitle_family, language);
  const setAt = (some: readonly Numbered[]) => setLine(some, type, size, rightToLeft, look.subtitle_tracking, measure);
  const broken = wrapped(words, (some) => setAt(some).width_px, room);
  let lines = broken.map(setAt);
  const scale = Math.min(1, room / Math.max(...lines.map((line) => line.width_px)), 2 / lines.length);
  if (scale < 1) {
    size *= scale;
    lines = broken.map(setAt);
  }
  return [lines, size];
}

type Break = [first: number, end: number];

/** Words on exactly `count` lines as even as can be, rather after a colon than after an article. */
function evenBreaks(
  words: readonly Numbered[], count: number, widthOf: (first: number, end: number) => number, language: string,
): Break[] {
  const ideal = widthOf(0, words.length) / count;
  let best = new Map<number, { cost: number; lines: Break[] }>([[0, { cost: 0, lines: [] }]]);
  for (let used = 1; used <= count; used++) {
    const next: typeof best = new Map();
    for (let end = used; end <= words.length - (count - used); end++) {
      for (let first = used - 1; first < end; first++) {
        const before = best.get(first);
        if (!before) continue;
        const uneven = (widthOf(first, end) - ideal) / Math.max(ideal, 1);
        const cost = before.cost + uneven * uneven + (end < words.length ? breakCost(words[end - 1]![1], language) : 0);
        const known = next.get(end);
        if (!known || cost < known.cost) next.set(end, { cost, lines: [...before.lines, [first, end]] });
      }
    }
    best = next;
  }
  return best.get(words.length)!.lines;
}

function breakCost(before: string, language: string): number {
  if (/[:—–,;.!?]$/u.test(before)) return -0.08;
  return leans(before, language) ? 0.25 : 0;
}
