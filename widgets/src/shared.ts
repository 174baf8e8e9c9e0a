/** Looks, norms and margins as Python has them; shared.json is written by tests/studio/test_page_data.py. */
import tables from "./shared.json";
import type { Timeline } from "./protocol";

export type FrameShape = "wide" | "square" | "tall";
export type Family = "sans" | "serif";
export interface Shadow { colour: string; opacity: number; blur: number; spread: number; drop: number }
export interface Outline { colour: string; opacity: number; width: number }
export interface PlateStyle { colour: string; opacity: number; padding: number; corner: number; hug: "page" | "line" }

/** storyreel/timeline/caption_style.py; lengths are shares of the frame's height, or of the type's size. */
export interface CaptionLook {
  family: Family; font_file: string; weight: number; size: number; line_height: number; case: "as_is" | "upper";
  spoken: string; current: string; coming: string; outline: Outline; shadow: Shadow; box: PlateStyle | null;
  word_box: PlateStyle | null; animation: "none" | "fade" | "pop" | "karaoke"; animation_s: number; pop: number;
  position: "bottom" | "middle" | "top"; margin: number; side: number;
}
/** storyreel/render/caption_styles.py */
export interface CardLook {
  family: Family; size: number; tracking: number; line_height: number; lines: number; colour: string;
  subtitle_family: Family; subtitle_size: number; subtitle_tracking: number; subtitle_capitals: boolean;
  subtitle_colour: string; rule_width: number; rule_thickness: number; rule_colour: string; rule_gap: number;
  shadow: Shadow; centre: number; side: number; dim: number; fade_s: number;
}
export interface LabelLook {
  family: Family; size: number; small: number; tracking: number; capitals: boolean; line_height: number;
  colour: string; small_colour: string; outline: Outline; shadow: Shadow; box: PlateStyle | null; bar: number;
  bar_colour: string; align: "start" | "centre" | "end"; anchor: "top" | "middle" | "bottom"; x: number; y: number;
  width: number; height: number; fade_s: number;
}
interface Norm { columns: Record<FrameShape, number>; lines: number }
type Sides = [left: number, top: number, right: number, bottom: number];

export const CAPTIONS = tables.captions as unknown as Record<string, Record<FrameShape, CaptionLook>>;
export const CARDS = tables.cards as unknown as Record<FrameShape, CardLook>;
export const LABELS = tables.labels as unknown as Record<string, Record<FrameShape, LabelLook>>;
export const NORMS = tables.norms as Record<string, Norm | undefined>;
/** Our own font files by family, the first that has a letter drawing it. */
export const FONTS = tables.fonts as Record<Family, string[]>;
export const ABBREVIATIONS: ReadonlySet<string> = new Set(tables.abbreviations);
export const LEANING = new Map(Object.entries(tables.leaning).map(([language, words]) => [language, new Set(words)]));
const TELEVISION = tables.safe.television as Sides;
const TALL = tables.safe.tall as unknown as Record<string, Sides>;

/** Left, top, right and bottom in pixels from the frame's top left corner. */
export interface Edges { left: number; top: number; right: number; bottom: number }

/** Whether a frame is wide (16:9, 4:3), square-ish (1:1, 4:5) or tall (9:16). */
export function shapeOf(width_px: number, height_px: number): FrameShape {
  const ratio = width_px / height_px;
  return ratio > 1.2 ? "wide" : ratio > 0.7 ? "square" : "tall";
}

/** How a film's captions look: its own style, else its preset's; null where they are hidden or the preset unknown. */
export function lookOf(timeline: Timeline): CaptionLook | null {
  if (timeline.captions === "none") return null;
  const preset = CAPTIONS[timeline.captions]?.[shapeOf(timeline.width_px, timeline.height_px)] ?? null;
  return preset && timeline.caption_style ? (timeline.caption_style as unknown as CaptionLook) : preset;
}

/** A look with all that an edit left out at its default. */
export function filledLook(look: Partial<CaptionLook>): CaptionLook {
  const { style, outline, shadow, box } = tables.plain as unknown as {
    style: CaptionLook; outline: Outline; shadow: Shadow; box: PlateStyle;
  };
  return {
    ...style, ...look,
    outline: { ...outline, ...look.outline }, shadow: { ...shadow, ...look.shadow },
    box: look.box ? { ...box, ...look.box } : null, word_box: look.word_box ? { ...box, ...look.word_box } : null,
  };
}

/** The rectangle that text should stay inside, in pixels of a frame of this size. */
export function safeArea(platform: string, width_px: number, height_px: number): Edges {
  let free = TELEVISION;
  if (shapeOf(width_px, height_px) === "tall") {
    const all = Object.values(TALL);
    free = TALL[platform] ?? (all[0]!.map((_, side) => Math.max(...all.map((each) => each[side]!))) as Sides);
  }
  return {
    left: free[0] * width_px, top: free[1] * height_px,
    right: (1 - free[2]) * width_px, bottom: (1 - free[3]) * height_px,
  };
}
