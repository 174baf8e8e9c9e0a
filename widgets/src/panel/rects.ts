/** Start and End of a camera move as rectangles on the picture: where they are drawn, and what a drag makes of them. */
import type { Motion, Rect } from "../protocol";

export interface Size { width_px: number; height_px: number }
/** A part of the picture, as fractions of its width and height. */
export interface Part { left: number; top: number; width: number; height: number }
export type Corner = "nw" | "ne" | "sw" | "se";

export const SMALLEST_HEIGHT = 0.1;

/** Height 1 is the largest part of the frame's shape, which leaves the rest of a wider or taller picture out. */
export function partOf(rect: Rect, picture: Size, frame: Size): Part {
  const { width, height } = largest(picture, frame);
  const part = { width: width * rect.height, height: height * rect.height };
  const x = clamp(rect.x, part.width / 2, 1 - part.width / 2), y = clamp(rect.y, part.height / 2, 1 - part.height / 2);
  return { left: x - part.width / 2, top: y - part.height / 2, ...part };
}

/** Moved by fractions of the picture, and kept inside it. */
export function movedRect(rect: Rect, dx: number, dy: number, picture: Size, frame: Size): Rect {
  const { width, height } = partOf(rect, picture, frame);
  const placed = inside(rect, picture, frame);
  return {
    ...rect,
    x: tidy(clamp(placed.x + dx, width / 2, 1 - width / 2)), y: tidy(clamp(placed.y + dy, height / 2, 1 - height / 2)),
  };
}

/** A corner dragged to (x, y), fractions of the picture; the opposite corner stays and the shape is kept. */
export function resizedRect(rect: Rect, corner: Corner, x: number, y: number, picture: Size, frame: Size): Rect {
  const part = partOf(rect, picture, frame), full = largest(picture, frame);
  const west = corner.endsWith("w"), north = corner.startsWith("n");
  const fixed_x = west ? part.left + part.width : part.left, fixed_y = north ? part.top + part.height : part.top;
  const room_x = west ? fixed_x : 1 - fixed_x, room_y = north ? fixed_y : 1 - fixed_y;
  const asked = Math.max((west ? fixed_x - x : x - fixed_x) / full.width, (north ? fixed_y - y : y - fixed_y) / full.height);
  const height = clamp(asked, SMALLEST_HEIGHT, Math.min(1, room_x / full.width, room_y / full.height));
  const centre_x = fixed_x + ((west ? -1 : 1) * full.width * height) / 2;
  const centre_y = fixed_y + ((north ? -1 : 1) * full.height * height) / 2;
  return { ...rect, x: tidy(centre_x), y: tidy(centre_y), height: tidy(height) };
}

/** Larger or smaller about its centre, and moved inside. */
export function scaledRect(rect: Rect, by: number, picture: Size, frame: Size): Rect {
  const height = tidy(clamp(rect.height * by, SMALLEST_HEIGHT, 1));
  return movedRect({ ...rect, height }, 0, 0, picture, frame);
}

export interface Preset { name: string; motion: Motion }

const WHOLE: Rect = { x: 0.5, y: 0.5, height: 1, turn_deg: 0 };
const at = (x: number, y: number, height: number): Rect => ({ ...WHOLE, x, y, height });

export const PRESETS: readonly Preset[] = [
  { name: "Slow push in", motion: { start: at(0.5, 0.5, 1), end: at(0.5, 0.48, 0.84), ease: "in_out" } },
  { name: "Push in", motion: { start: at(0.5, 0.5, 1), end: at(0.5, 0.46, 0.62), ease: "in_out" } },
  { name: "Slow pull out", motion: { start: at(0.5, 0.48, 0.84), end: at(0.5, 0.5, 1), ease: "in_out" } },
  { name: "Pan right", motion: { start: at(0.4, 0.5, 0.8), end: at(0.6, 0.5, 0.8), ease: "in_out" } },
  { name: "Pan left", motion: { start: at(0.6, 0.5, 0.8), end: at(0.4, 0.5, 0.8), ease: "in_out" } },
  { name: "Tilt up", motion: { start: at(0.5, 0.6, 0.8), end: at(0.5, 0.4, 0.8), ease: "in_out" } },
  { name: "Tilt down", motion: { start: at(0.5, 0.4, 0.8), end: at(0.5, 0.6, 0.8), ease: "in_out" } },
  { name: "Stand still", motion: { start: WHOLE, end: WHOLE, ease: "linear" } },
];

/** What a move does, in a word or two: the preset's name, or what it comes to. */
export function motionName(motion: Motion): string {
  const preset = PRESETS.find((each) => alike(each.motion.start, motion.start) && alike(each.motion.end, motion.end));
  if (preset) return preset.name;
  const { start, end } = motion, growth = end.height / start.height;
  if (growth < 0.97) return "Push in, own";
  if (growth > 1.03) return "Pull out, own";
  const dx = end.x - start.x, dy = end.y - start.y;
  if (Math.abs(dx) < 0.01 && Math.abs(dy) < 0.01) return "Still, own part";
  if (Math.abs(dx) >= Math.abs(dy)) return dx > 0 ? "Pan right, own" : "Pan left, own";
  return dy > 0 ? "Tilt down, own" : "Tilt up, own";
}

function alike(one: Rect, other: Rect): boolean {
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.005;
  return near(one.x, other.x) && near(one.y, other.y) && near(one.height, other.height) && near(one.turn_deg, other.turn_deg);
}

function largest(picture: Size, frame: Size): { width: number; height: number } {
  const scale = Math.min(picture.width_px / frame.width_px, picture.height_px / frame.height_px);
  return { width: (scale * frame.width_px) / picture.width_px, height: (scale * frame.height_px) / picture.height_px };
}

function inside(rect: Rect, picture: Size, frame: Size): { x: number; y: number } {
  const part = partOf(rect, picture, frame);
  return { x: part.left + part.width / 2, y: part.top + part.height / 2 };
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), Math.max(most, least));
/** Four digits are less than a pixel of any picture. */
const tidy = (value: number): number => Math.round(value * 10_000) / 10_000;
