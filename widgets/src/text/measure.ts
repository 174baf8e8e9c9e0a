/** How wide and tall letters are, asked of a canvas once a text and kept, in ems. */
import type { Family } from "../shared";

/** Which letters: the house's typeface, or the user's own font before it. */
export interface Type { family: Family; own: boolean; weight: number; language: string }

/** In ems from the text's start on its baseline; y counts downwards. `ink` is false where nothing shows. */
export interface Measured { advance: number; left: number; top: number; right: number; bottom: number; ink: boolean }

export type Measure = (text: string, type: Type, rightToLeft: boolean, tracking: number) => Measured;

/** Names of the loaded fonts, as fonts.ts registers them; what they lack the system's fonts draw. */
const STACKS: Record<Family, string> = {
  sans: '"sr-sans", "sr-more", sans-serif',
  serif: '"sr-serif", "sr-sans", "sr-more", serif',
};

/** A font for a canvas. */
export function cssFont(type: Type, size_px: number): string {
  const stack = type.own ? `"sr-own", ${STACKS[type.family]}` : STACKS[type.family];
  return `${type.own ? type.weight : 600} ${size_px}px ${stack}`;
}

export type Context2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Sets a context to draw letters as the renderer does: unhinted, between pixels, no spacing of the browser's own. */
export function prepare(context: Context2D, type: Type, size_px: number, rightToLeft: boolean, tracking: number): void {
  context.font = cssFont(type, size_px);
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.direction = rightToLeft ? "rtl" : "ltr";
  context.fontKerning = "normal";
  context.textRendering = "geometricPrecision";
  context.letterSpacing = `${tracking * size_px}px`;
}

const MEASURED_AT_PX = 200;

/** A measure that asks the browser. `forget` when fonts have come. */
export function canvasMeasure(): { measure: Measure; forget: () => void } {
  const context = new OffscreenCanvas(1, 1).getContext("2d")!;
  const kept = new Map<string, Measured>();
  return {
    measure(text, type, rightToLeft, tracking) {
      const key = `${type.own ? type.weight : ""}${type.family}${rightToLeft ? "<" : ">"}${tracking} ${text}`;
      let found = kept.get(key);
      if (!found) {
        prepare(context, type, MEASURED_AT_PX, rightToLeft, tracking);
        const metrics = context.measureText(text);
        const em = (px: number) => px / MEASURED_AT_PX;
        found = {
          advance: em(metrics.width), left: em(-metrics.actualBoundingBoxLeft), top: em(-metrics.actualBoundingBoxAscent),
          right: em(metrics.actualBoundingBoxRight), bottom: em(metrics.actualBoundingBoxDescent),
          ink: metrics.actualBoundingBoxRight > -metrics.actualBoundingBoxLeft && text.trim() !== "",
        };
        if (kept.size > 20_000) kept.clear();
        kept.set(key, found);
      }
      return found;
    },
    forget: () => kept.clear(),
  };
}
