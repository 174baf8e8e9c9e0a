/**
 * Letters over the picture: the twin of storyreel/render/text_paint.py on a canvas. Everything counts in the film's
 * pixels; what stands still is drawn once at the canvas's own scale and kept.
 */
import type { Context2D, Measure } from "./measure";
import { prepare } from "./measure";
import type { CaptionLook, CardLook, Edges, LabelLook, PlateStyle, Shadow } from "../shared";
import { PLATE_WIDENING } from "./caption_layout";
import type { CardLayout } from "./card_layout";
import type { Fonts } from "./fonts";
import type { LabelLayout } from "./label_layout";
import { measured, reach } from "./lines";
import type { Run } from "./lines";

const POP_ROOM = 0.11; // ems that a growing word may take of the space at each side
const BLUR_REACH = 3;

export interface Ink { fonts: Fonts; measure: Measure }

/** A part of the frame drawn at a scale; its corner in the canvas's pixels. */
export interface Patch { canvas: OffscreenCanvas; left: number; top: number }

/** Lay a patch over a frame, whatever the context's own scale. */
export function lay(context: Context2D, patch: Patch, opacity = 1): void {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = opacity;
  context.drawImage(patch.canvas, patch.left, patch.top);
  context.restore();
}

/** An empty patch for a part of the frame, and a context that counts in the film's pixels. */
export function blank(edges: Edges, scale: number): { patch: Patch; context: OffscreenCanvasRenderingContext2D } {
  const left = Math.floor(edges.left * scale), top = Math.floor(edges.top * scale);
  const width = Math.max(1, Math.ceil(edges.right * scale) - left), height = Math.max(1, Math.ceil(edges.bottom * scale) - top);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.setTransform(scale, 0, 0, scale, -left, -top);
  return { patch: { canvas, left, top }, context };
}

/** Draw the letters of runs, made thicker all round by `stroke_px`. */
export function letters(
  context: Context2D, runs: readonly Run[], colour: string | CanvasGradient, ink: Ink, stroke_px = 0, drop_px = 0,
): void {
  context.fillStyle = context.strokeStyle = colour;
  context.lineJoin = context.lineCap = "round";
  context.lineWidth = 2 * stroke_px;
  for (const run of runs) {
    prepare(context, ink.fonts, run.type, run.size_px, run.level % 2 === 1, run.tracking);
    if (stroke_px > 0) context.strokeText(run.text, run.x_px, run.baseline_px + drop_px);
    context.fillText(run.text, run.x_px, run.baseline_px + drop_px);
  }
}

/**
 * A patch that is drawn twice as large and brought to its size: browsers place letters on a grid of quarters of a pixel,
 * which is seen as uneven spacing where captions are small.
 */
function finely(area: Edges, scale: number, draw: (context: Context2D) => void): Patch {
  const { patch, context } = blank(area, scale);
  const { width, height } = patch.canvas;
  const fine = new OffscreenCanvas(2 * width, 2 * height), drawn = fine.getContext("2d")!;
  drawn.setTransform(2 * scale, 0, 0, 2 * scale, -2 * patch.left, -2 * patch.top);
  draw(drawn);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.imageSmoothingQuality = "low"; // the mean of each four
  context.drawImage(fine, 0, 0, width, height);
  return patch;
}

/** Letters with their outline as one shape, through which a colour shows at an opacity. */
function outlined(
  context: Context2D, runs: readonly Run[], stroke_px: number, colour: string, opacity: number, ink: Ink, area: Edges, scale: number,
): void {
  if (stroke_px <= 0 || !runs.length) return;
  layInto(context, finely(area, scale, (drawn) => letters(drawn, runs, colour, ink, stroke_px)), opacity);
}

/** A soft cloud in the shape of letters. */
function shade(
  context: Context2D, runs: readonly Run[], shadow: Shadow, size_px: number, outline_px: number, ink: Ink, area: Edges, scale: number,
): void {
  if (shadow.opacity <= 0 || !runs.length) return;
  const { patch, context: drawn } = blank(area, scale);
  letters(drawn, runs, "#000", ink, outline_px + shadow.spread * size_px, shadow.drop * size_px);
  // Only the shadow of the shape is wanted: the shape itself is drawn far outside.
  const away = 2 * (patch.canvas.width + context.canvas.width) + 100;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.shadowColor = withAlpha(shadow.colour, shadow.opacity);
  context.shadowBlur = 2 * shadow.blur * size_px * scale; // a canvas blurs by half of it
  context.shadowOffsetX = away;
  const { left, top } = originOf(context, patch);
  context.drawImage(patch.canvas, left - away, top);
  context.restore();
}

const origins = new WeakMap<object, { left: number; top: number }>();

function originOf(context: Context2D, patch: Patch): { left: number; top: number } {
  const origin = origins.get(context) ?? { left: 0, top: 0 };
  return { left: patch.left - origin.left, top: patch.top - origin.top };
}

function layInto(context: Context2D, patch: Patch, opacity: number): void {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = opacity;
  const { left, top } = originOf(context, patch);
  context.drawImage(patch.canvas, left, top);
  context.restore();
}

/** A patch that other patches of the same frame are laid into. */
function start(area: Edges, scale: number) {
  const made = blank(area, scale);
  origins.set(made.context, made.patch);
  return made;
}

function withAlpha(colour: string, alpha: number): string {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${parts.join(",")},${alpha})`;
}

/** Plates with round corners, their colour through all of them once. */
export function plates(context: Context2D, edges: readonly Edges[], box: PlateStyle, size_px: number, opacity: number): void {
  if (!edges.length) return;
  context.beginPath();
  for (const { left, top, right, bottom } of edges) {
    const corner = Math.min(box.corner * size_px, (right - left) / 2, (bottom - top) / 2);
    context.roundRect(left, top, right - left, bottom - top, corner);
  }
  context.globalAlpha = opacity * box.opacity;
  context.fillStyle = box.colour;
  context.fill();
  context.globalAlpha = 1;
}

/** All that is drawn of runs, `stroke_px` around; null where nothing shows. */
export function extents(runs: readonly Run[], stroke_px: number, measure: Measure): Edges | null {
  let found: Edges | null = null;
  for (const run of runs) {
    const { left, top, right, bottom, ink } = measured(run, measure);
    if (!ink) continue;
    const inkRight = run.tracking ? Math.max(right * run.size_px, run.width_px) : right * run.size_px;
    const edges = {
      left: run.x_px + left * run.size_px - stroke_px, top: run.baseline_px + top * run.size_px - stroke_px,
      right: run.x_px + inkRight + stroke_px, bottom: run.baseline_px + bottom * run.size_px + stroke_px,
    };
    found = found ? union(found, edges) : edges;
  }
  return found;
}

export function union(one: Edges, other: Edges): Edges {
  return {
    left: Math.min(one.left, other.left), top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right), bottom: Math.max(one.bottom, other.bottom),
  };
}

function grown({ left, top, right, bottom }: Edges, by: number): Edges {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

const shadowReach = (shadow: Shadow, size_px: number) =>
  shadow.opacity > 0 ? (shadow.spread + shadow.drop + BLUR_REACH * shadow.blur) * size_px : 0;

/** A caption's shapes at a scale; its states are drawn from them. Null when it has no visible letter. */
export function captionArt(runs: readonly Run[], look: CaptionLook, scale: number, ink: Ink) {
  const size_px = Math.max(0, ...runs.map((run) => run.size_px));
  const outline_px = look.outline.width * size_px;
  const tight = extents(runs, outline_px, ink.measure);
  if (!tight) return null;
  const area = grown(tight, shadowReach(look.shadow, size_px) + 2);
  const states = new Map<string, Patch>();
  const popping = new Map<string, { outline: Patch | null; fill: Patch }>();
  let shaded: Patch | null = null;

  /** The shadow, and the letters of all words but one, whose outline stays if it only changes its colour. */
  function state(colours: readonly string[], without: number, keepOutline: boolean): Patch {
    const key = `${without}${keepOutline}${colours.join()}`;
    let found = states.get(key);
    if (found) return found;
    if (!shaded) {
      const made = start(area, scale);
      shade(made.context, runs, look.shadow, size_px, outline_px, ink, area, scale);
      shaded = made.patch;
    }
    const { patch, context } = start(area, scale);
    layInto(context, shaded, 1);
    const outlinedRuns = keepOutline ? runs : runs.filter((run) => run.word !== without);
    outlined(context, outlinedRuns, outline_px, look.outline.colour, look.outline.opacity, ink, area, scale);
    const filled = finely(area, scale, (drawn) => {
      for (const run of runs) if (run.word !== without) letters(drawn, [run], colours[run.word]!, ink);
    });
    layInto(context, filled, 1);
    if (states.size > 6) states.delete(states.keys().next().value!);
    states.set(key, (found = patch));
    return found;
  }

  function baselines(some: readonly Run[]): Run[][] {
    const lines = new Map<number, Run[]>();
    for (const run of some) lines.set(run.baseline_px, [...(lines.get(run.baseline_px) ?? []), run]);
    return [...lines.values()];
  }

  /** The plate of runs on one line: as high as its script's letters go, so that it keeps its height. */
  function behind(some: readonly Run[], box: PlateStyle): Edges | null {
    const ends = extents(some, 0, ink.measure);
    if (!ends) return null;
    const baseline = some[0]!.baseline_px, padding = box.padding * size_px;
    const [above, below] = reach(runs.map((run) => run.text).join(""));
    return {
      left: ends.left - padding * PLATE_WIDENING, top: Math.min(baseline - above * size_px, ends.top) - padding,
      right: ends.right + padding * PLATE_WIDENING, bottom: Math.max(baseline + (below - 0.06) * size_px, ends.bottom) + padding,
    };
  }

  const platesOf = (some: readonly Run[], box: PlateStyle) =>
    baselines(some).map((line) => behind(line, box)).filter((edges) => edges !== null);

  return {
    plate(context: Context2D, opacity: number) {
      const box = look.box;
      if (!box) return;
      const found = platesOf(runs, box);
      plates(context, box.hug === "page" && found.length ? [found.reduce(union)] : found, box, size_px, opacity);
    },

    wordPlate(context: Context2D, word: number, opacity: number) {
      const box = look.word_box;
      if (box) plates(context, platesOf(runs.filter((run) => run.word === word), box), box, size_px, opacity);
    },

    still(context: Context2D, colours: readonly string[], opacity: number) {
      lay(context, state(colours, -1, true), opacity);
    },

    /** A word's letters and outline grown about their middle, but not over its neighbours' letters. */
    popped(context: Context2D, colours: readonly string[], word: number, wanted: number) {
      lay(context, state(colours, word, false));
      const own = runs.filter((run) => run.word === word), ends = extents(own, outline_px, ink.measure);
      if (!ends) return;
      const factor = Math.min(wanted, 1 + (2 * POP_ROOM * size_px) / (ends.right - ends.left));
      const x = (ends.left + ends.right) / 2, y = own[0]!.baseline_px - 0.36 * size_px;
      // The word is enlarged as a picture, as the renderer does it; it is softer for that while it moves.
      const key = `${word} ${colours[word]}`;
      let parts = popping.get(key);
      if (!parts) {
        const around = grown(ends, 2);
        parts = {
          outline: outline_px > 0
            ? finely(around, scale, (drawn) => letters(drawn, own, look.outline.colour, ink, outline_px)) : null,
          fill: finely(around, scale, (drawn) => letters(drawn, own, colours[word]!, ink)),
        };
        popping.clear();
        popping.set(key, parts);
      }
      context.save();
      context.setTransform(factor, 0, 0, factor, x * scale * (1 - factor), y * scale * (1 - factor));
      context.imageSmoothingQuality = "low";
      if (parts.outline) {
        context.globalAlpha = look.outline.opacity;
        context.drawImage(parts.outline.canvas, parts.outline.left, parts.outline.top);
        context.globalAlpha = 1;
      }
      context.drawImage(parts.fill.canvas, parts.fill.left, parts.fill.top);
      context.restore();
    },

    /** A word whose colour is changing, as far as it is spoken. */
    swept(context: Context2D, colours: readonly string[], word: number, before: string, progress: number) {
      lay(context, state(colours, word, true));
      const own = runs.filter((run) => run.word === word), ends = extents(own, 0, ink.measure);
      if (!ends) return;
      const left = 2 * Math.floor(ends.left / 2), right = 2 * Math.ceil(ends.right / 2);
      const soft = 0.1 * size_px, edge = progress * (right - left + soft) - soft / 2;
      const backwards = own[0]!.level % 2 === 1;
      const place = (distance: number) => (backwards ? right - distance : left + distance);
      const reachOf = Math.max(soft, 1) / 2;
      const patch = finely(grown(ends, 2), scale, (drawn) => {
        const colour = drawn.createLinearGradient(place(edge - reachOf), 0, place(edge + reachOf), 0);
        colour.addColorStop(0, colours[word]!);
        colour.addColorStop(1, before);
        letters(drawn, own, colour, ink);
      });
      lay(context, patch);
    },

    /** The rectangle it takes on screen, plates and outline included, its shadow not. */
    edges(): Edges {
      const boxes = [look.box, look.word_box].flatMap((box) => (box ? platesOf(runs, box) : []));
      return [tight, ...boxes].reduce(union);
    },
  };
}

export type CaptionArt = NonNullable<ReturnType<typeof captionArt>>;

/** A title card over a soft darkening of the picture; null when it has no visible letter. */
export function cardPatch(layout: CardLayout, look: CardLook, width: number, height: number, scale: number, ink: Ink): Patch | null {
  const tight = extents([...layout.title, ...layout.subtitle], 0, ink.measure);
  if (!tight) return null;
  const area = { left: 0, top: 0, right: width, bottom: height };
  const { patch, context } = start(area, scale);
  dim(context, tight, width, height, look.dim);
  for (const some of [layout.title, layout.subtitle]) {
    if (some.length) shade(context, some, look.shadow, some[0]!.size_px, 0, ink, area, scale);
  }
  if (layout.rule) {
    const { left, top, right, bottom } = layout.rule;
    context.fillStyle = look.rule_colour;
    context.fillRect(left, top, right - left, bottom - top);
  }
  const filled = finely(grown(tight, 2), scale, (drawn) => {
    letters(drawn, layout.subtitle, look.subtitle_colour, ink);
    letters(drawn, layout.title, look.colour, ink);
  });
  layInto(context, filled, 1);
  return patch;
}

/** Darkest behind the words, easing off to over a third at the far edges, so that the shade shows no shape of its own. */
function dim(context: Context2D, tight: Edges, width: number, height: number, strength: number): void {
  // So soft a shade has nothing that a sixteenth of its pixels would not show.
  const columns = Math.ceil(width / 4), rows = Math.ceil(height / 4), short = Math.min(width, height);
  const across = (tight.right - tight.left) / 2 + 0.35 * short, down = (tight.bottom - tight.top) / 2 + 0.3 * short;
  const pixels = new Uint8ClampedArray(4 * columns * rows);
  for (let row = 0; row < rows; row++) {
    const y = (((row + 0.5) / rows) * height - (tight.top + tight.bottom) / 2) / down;
    for (let column = 0; column < columns; column++) {
      const x = (((column + 0.5) / columns) * width - (tight.left + tight.right) / 2) / across;
      pixels[4 * (row * columns + column) + 3] = 255 * strength * (0.38 + 0.62 * Math.exp(-x * x) * Math.exp(-y * y));
    }
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext("2d")!.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  context.imageSmoothingQuality = "low";
  context.drawImage(small, 0, 0, width, height);
}

/** A label with its plate and bar; null when it has no visible letter. */
export function labelPatch(layout: LabelLayout, look: LabelLook, scale: number, ink: Ink): Patch | null {
  const size_px = Math.max(0, ...layout.runs.map((run) => run.size_px));
  const outline_px = look.outline.width * size_px;
  const tight = extents(layout.runs, outline_px, ink.measure);
  if (!tight) return null;
  const area = grown(union(tight, layout.plate), shadowReach(look.shadow, size_px) + 2);
  const { patch, context } = start(area, scale);
  if (look.box) plates(context, [layout.plate], look.box, size_px, 1);
  if (layout.bar) {
    const { left, top, right, bottom } = layout.bar;
    context.fillStyle = look.bar_colour;
    context.fillRect(left, top, right - left, bottom - top);
  }
  shade(context, layout.runs, look.shadow, size_px, outline_px, ink, area, scale);
  outlined(context, layout.runs, outline_px, look.outline.colour, look.outline.opacity, ink, area, scale);
  const filled = finely(area, scale, (drawn) => {
    letters(drawn, layout.runs.filter((run) => run.word === 0), look.colour, ink);
    letters(drawn, layout.runs.filter((run) => run.word === 1), look.small_colour, ink);
  });
  layInto(context, filled, 1);
  return patch;
}
