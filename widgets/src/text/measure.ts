/** How wide and tall letters are, asked of a canvas once a text and kept, in ems. */
import type { Fonts, Type } from "./fonts";

/** In ems from the text's start on its baseline; y counts downwards. `ink` is false where nothing shows. */
export interface Measured { advance: number; left: number; top: number; right: number; bottom: number; ink: boolean }

export type Measure = (text: string, type: Type, rightToLeft: boolean, tracking: number) => Measured;

export type Context2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Sets a context to draw letters as the renderer does: unhinted, between pixels, no spacing of the browser's own. */
export function prepare(
  context: Context2D, fonts: Fonts, type: Type, size_px: number, rightToLeft: boolean, tracking: number,
): void {
  context.font = fonts.css(type, size_px);
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.direction = rightToLeft ? "rtl" : "ltr";
  context.fontKerning = "normal";
  context.textRendering = "geometricPrecision";
  context.letterSpacing = `${tracking * size_px}px`;
}

const MEASURED_AT_PX = 200;

/** A measure that asks the browser. `forget` when fonts have come. */
export function canvasMeasure(fonts: Fonts): { measure: Measure; forget: () => void } {
  const context = new OffscreenCanvas(1, 1).getContext("2d")!;
  const kept = new Map<string, Measured>();
  return {
    measure(text, type, rightToLeft, tracking) {
      const key = `${type.own ? type.weight : ""}${type.family}${rightToLeft ? "<" : ">"}${tracking} ${text}`;
      let found = kept.get(key);
      if (!found) {
        prepare(context, fonts, type, MEASURED_AT_PX, rightToLeft, tracking);
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
