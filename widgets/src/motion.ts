/**
 * The camera move over a picture: the twin of storyreel/render/motion.py, whose docstring explains the formula, held to
 * it by tests/golden/motion.json.
 */
import type { Ease, Fit, Motion, Rect } from "./protocol";

/** [width, height], pixels. */
export type Size = readonly [width: number, height: number];

/** A part of a picture in its pixels: its top left corner, picture pixels a frame pixel, how far it appears turned. */
export interface Window_ { left_px: number; top_px: number; scale: number; turn_deg: number }

/** The part of a frame that a picture fills, in frame pixels. */
export interface Box { x_px: number; y_px: number; width_px: number; height_px: number }

/** How far a move has come at `progress` of its time, both 0 to 1. */
export function eased(progress: number, ease: Ease): number {
  const p = Math.min(Math.max(progress, 0), 1);
  if (ease === "in") return p * p;
  if (ease === "out") return p * (2 - p);
  return ease === "in_out" ? p * p * (3 - 2 * p) : p;
}

/** Where a part lies in a picture; one that sticks out is made smaller first, then moved inside. */
export function place(rect: Rect, picture: Size, frame: Size): Window_ {
  return windowOf(placed(rect, picture, frame), frame);
}

/** The part of a picture that a frame shows; `progress` is 0 on the clip's first visible frame and 1 on its last. */
export function windowAt(motion: Motion, progress: number, picture: Size, frame: Size): Window_ {
  const start = placed(motion.start, picture, frame), end = placed(motion.end, picture, frame);
  const e = eased(progress, motion.ease);
  return windowOf(start.map((one, index) => one + (end[index]! - one) * e) as Steps, frame);
}

/** The part of a frame that a picture fills: all of it, or for "blur" and "colour" the largest of its own shape. */
export function fittedBox(fit: Fit, picture: Size, frame: Size): Box {
  const [width, height] = frame;
  if (fit.kind === "crop") return { x_px: 0, y_px: 0, width_px: width, height_px: height };
  const scale = Math.min(width / picture[0], height / picture[1]);
  const shown = (side: number, limit: number) => Math.min(Math.max(2 * halfEven((side * scale) / 2), 2), limit);
  const [width_px, height_px] = [shown(picture[0], width), shown(picture[1], height)];
  return {
    x_px: 2 * Math.floor((width - width_px) / 4), y_px: 2 * Math.floor((height - height_px) / 4), width_px, height_px,
  };
}

/** Rounded as Python rounds: halves to the even neighbour. */
export function halfEven(value: number): number {
  const low = Math.floor(value), over = value - low;
  return over < 0.5 || (over === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** Centre x and y, and the steps a and b of a frame pixel. */
type Steps = [x: number, y: number, a: number, b: number];

function placed(rect: Rect, picture: Size, frame: Size): Steps {
  const [width, height] = picture, [frameWidth, frameHeight] = frame;
  let scale = Math.min(width / frameWidth, height / frameHeight) * rect.height;
  let a = scale, b = 0;
  if (rect.turn_deg) {
    const turn = (rect.turn_deg * Math.PI) / 180;
    const along = Math.cos(turn), across = Math.sin(turn);
    scale = Math.min(
      scale,
      width / (frameWidth * along + frameHeight * Math.abs(across)),
      height / (frameWidth * Math.abs(across) + frameHeight * along),
    );
    [a, b] = [scale * along, scale * across];
  }
  const halfWidth = (a * frameWidth + Math.abs(b) * frameHeight) / 2;
  const halfHeight = (Math.abs(b) * frameWidth + a * frameHeight) / 2;
  const x = Math.min(Math.max(rect.x * width, halfWidth), Math.max(width - halfWidth, halfWidth));
  const y = Math.min(Math.max(rect.y * height, halfHeight), Math.max(height - halfHeight, halfHeight));
  return [x, y, a, b];
}

function windowOf([x, y, a, b]: Steps, [width, height]: Size): Window_ {
  const left = x - (a * width + b * height) / 2, top = y - (a * height - b * width) / 2;
  if (!b) return { left_px: Math.max(left, 0), top_px: Math.max(top, 0), scale: a, turn_deg: 0 };
  return { left_px: left, top_px: top, scale: Math.hypot(a, b), turn_deg: (Math.atan2(b, a) * 180) / Math.PI };
}
