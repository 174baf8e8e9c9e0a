/** Where a label's lines stand: the twin of storyreel/render/text_labels.py. */
import { halfEven } from "../motion";
import type { Label } from "../protocol";
import type { Edges, LabelLook } from "../shared";
import { isRightToLeft } from "./bidi";
import { placedAt, reach, setLine } from "./lines";
import type { Line, Run } from "./lines";
import type { Measure } from "./measure";
import { breakUnspaced, capitals, spaceBetween, splitWords } from "./scripts";

const AFTER_PARAGRAPH = 0.2;
const BAR_GAP = 0.3;
const SMALLER = 0.95;
const TRIES = 90;

/** Runs of its first line are word 0, those of further lines word 1; `plate` holds all of it. */
export interface LabelLayout { runs: Run[]; plate: Edges; bar: Edges | null }

/** Which words of which paragraph; `step` from the baseline above or the text's top, `below` under its own, pixels. */
interface Row { paragraph: number; first: number; end: number; size: number; step: number; below: number }

export function layOutLabel(
  label: Label, look: LabelLook, width_px: number, height_px: number, language: string, safe: Edges, measure: Measure,
): LabelLayout | null {
  const words = labelWords(label.text, look, language, measure);
  if (!words) return null;
  const padding = look.box?.padding ?? 0;
  const barRoom = look.bar + (look.bar && !look.box ? BAR_GAP : 0);
  const widest = Math.min(look.width * label.scale * width_px, safe.right - safe.left);
  const tallest = Math.min(look.height * label.scale * height_px, safe.bottom - safe.top);
  let size = look.size * label.scale * height_px;
  let broken = words.broken(size, widest);
  for (let tried = 0; tried < TRIES; tried++) {
    const room = widest - (2 * padding + barRoom) * size;
    broken = words.broken(size, room);
    if (broken.wide <= room && broken.tall + 2 * padding * size <= tallest) break;
    size *= SMALLER;
  }
  const lines = broken.rows.map(words.setRow);
  const wide = Math.max(...lines.map((line) => line.width_px));
  const outerWidth = wide + (2 * padding + barRoom) * size, outerHeight = broken.tall + 2 * padding * size;
  const { rightToLeft } = words;
  const mirrored = rightToLeft && look.align !== "centre";
  const across = label.x ?? (mirrored ? 1 - look.x : look.x);
  const back = { start: 0, centre: 0.5, end: 1 }[look.align];
  const down = { top: 0, middle: 0.5, bottom: 1 }[look.anchor];
  let left = across * width_px - (mirrored ? 1 - back : back) * outerWidth;
  let top = (label.y ?? look.y) * height_px - down * outerHeight;
  left = Math.max(Math.min(left, safe.right - outerWidth), safe.left);
  top = Math.max(Math.min(top, safe.bottom - outerHeight), safe.top);
  const plate: Edges = { left, top, right: left + outerWidth, bottom: top + outerHeight };
  let bar: Edges | null = null;
  if (look.bar) {
    const barLeft = rightToLeft ? plate.right - look.bar * size : plate.left;
    bar = { left: barLeft, top: plate.top, right: barLeft + look.bar * size, bottom: plate.bottom };
  }
  const textLeft = plate.left + padding * size + (rightToLeft ? 0 : barRoom * size);
  let baseline = plate.top + padding * size;
  const runs = lines.flatMap((line, index) => {
    baseline += broken.rows[index]!.step;
    const spare = wide - line.width_px;
    const shift = look.align === "centre" ? spare / 2 : rightToLeft ? spare : 0;
    return placedAt(line, textLeft + shift, halfEven(baseline));
  });
  return { runs, plate, bar };
}

/** A label's words, measured once: their widths grow with the size. Null where there are none. */
function labelWords(text: string, look: LabelLook, language: string, measure: Measure) {
  const paragraphs = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/)
    .map((line) => splitWords(line).join(" ")).filter((line) => line);
  if (!paragraphs.length) return null;
  const rightToLeft = isRightToLeft(paragraphs.join(" "), language);
  if (look.capitals) paragraphs[0] = capitals(paragraphs[0]!, language);
  const reaches = paragraphs.map(reach);
  const words = paragraphs.map((line) => splitWords(line).flatMap(breakUnspaced));
  const set = (number: number, some: readonly string[], size: number): Line => {
    const family = number === 0 ? look.family : "sans";
    const type = { family, own: false, weight: 600, language } as const;
    const tracking = number === 0 ? look.tracking : 0;
    return setLine(some.map((word) => [Math.min(number, 1), word] as const), type, size, rightToLeft, tracking, measure);
  };
  const widths = words.map((some, number) => some.map((word) => set(number, [word], 100).width_px / 100));
  return {
    rightToLeft,
    broken(size: number, room: number): { rows: Row[]; wide: number; tall: number } {
      const rows: Row[] = [];
      let wide = 0, tall = 0;
      words.forEach((some, number) => {
        const own = size * (number === 0 ? 1 : look.small);
        const space = 0.27 + (number === 0 ? 2 * look.tracking : 0);
        const [above, below] = reaches[number]!;
        for (const [first, end] of evenLines(some, widths[number]!, space, room / own)) {
          let step = rows.length ? look.line_height * own : above * own;
          if (rows.length && first === 0) step += AFTER_PARAGRAPH * size;
          rows.push({ paragraph: number, first, end, size: own, step, below: below * own });
          const letters = widths[number]!.slice(first, end).reduce((sum, width) => sum + width, 0);
          wide = Math.max(wide, own * (letters + space * (end - first - 1)));
          tall += step;
        }
      });
      return { rows, wide, tall: tall + rows.at(-1)!.below };
    },
    setRow: (row: Row): Line => set(row.paragraph, words[row.paragraph]!.slice(row.first, row.end), row.size),
  };
}

/** Words on as few lines as hold them, those lines as even as that allows. */
function evenLines(words: readonly string[], widths: readonly number[], space: number, room: number): [number, number][] {
  const fill = (limit: number): [number, number][] => {
    const lines: [number, number][] = [];
    let first = 0, reached = 0;
    widths.forEach((width, index) => {
      let gap = index > first && spaceBetween(words[index - 1]!, words[index]!) ? space : 0;
      if (index > first && reached + gap + width > limit) {
        lines.push([first, index]);
        [first, reached, gap] = [index, 0, 0];
      }
      reached += gap + width;
    });
    return [...lines, [first, widths.length]];
  };
  const fewest = fill(room).length;
  let narrow = Math.max(...widths), wide = Math.max(room, ...widths);
  for (let step = 0; step < 12; step++) {
    const middle = (narrow + wide) / 2;
    if (fill(middle).length <= fewest) wide = middle;
    else narrow = middle;
  }
  return fill(wide);
}
