/** A clip's picture on a frame: where the camera looks, and what fills the frame round a picture of another shape. */
import { fittedBox, place, windowAt } from "../motion";
import type { Size } from "../motion";
import type { Timeline } from "../protocol";
import type { View } from "../stage";
import type { Context2D } from "../text/measure";

/** A picture as far as it is here; `size` is what its asset says, which a smaller copy need not have. */
export interface Picture { image: ImageBitmap | HTMLVideoElement; size: Size; moving: boolean }

const DARKENED = 0.55;
const SMALL_ROWS = 72;
const SIGMA_ROWS = 2.6;
const WHOLE = { x: 0.5, y: 0.5, height: 1, turn_deg: 0 };

const grounds = new WeakMap<object, { key: string; canvas: OffscreenCanvas }>();

/** Draw a picture on a context that counts in the film's pixels. */
export function drawPicture(context: Context2D, view: View, picture: Picture, film: Size): void {
  const { clip } = view, [width, height] = film;
  const box = fittedBox(clip.fit, picture.size, film);
  const behind = clip.fit.kind === "colour" ? clip.fit.colour : "#000";
  if (box.width_px === width && box.height_px === height) {
    context.fillStyle = behind;
    context.fillRect(0, 0, width, height);
  } else if (clip.fit.kind === "colour") {
    context.fillStyle = behind;
    context.fillRect(0, 0, width, height);
  } else {
    context.imageSmoothingQuality = "low";
    context.drawImage(groundOf(picture, film), 0, 0, width, height);
  }
  const window = windowAt(clip.motion, view.progress, picture.size, [box.width_px, box.height_px]);
  const turn = (window.turn_deg * Math.PI) / 180;
  const a = Math.cos(turn) / window.scale, b = Math.sin(turn) / window.scale;
  context.save();
  context.beginPath();
  context.rect(box.x_px, box.y_px, box.width_px, box.height_px);
  context.clip();
  context.translate(box.x_px, box.y_px);
  context.transform(a, b, -b, a, -(a * window.left_px - b * window.top_px), -(b * window.left_px + a * window.top_px));
  // The renderer samples a copy that was made larger or smaller with care first; this comes nearest to it.
  context.imageSmoothingQuality = "high";
  context.drawImage(picture.image, 0, 0, picture.size[0], picture.size[1]);
  context.restore();
}

/** A picture cut to the frame's shape, blurred and darkened, on a small canvas: storyreel/render/grounds.py. */
function groundOf(picture: Picture, film: Size): OffscreenCanvas {
  const key = film.join();
  const kept = picture.moving ? undefined : grounds.get(picture.image);
  if (kept?.key === key) return kept.canvas;
  const [width, height] = film, rows = Math.min(SMALL_ROWS, height);
  const small: Size = [2 * Math.max(1, Math.round((width * rows) / height / 2)), 2 * Math.max(1, rows >> 1)];
  const fine: Size = [4 * small[0], 4 * small[1]];
  const cut = place(WHOLE, picture.size, film);
  const canvas = new OffscreenCanvas(fine[0], fine[1]);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  const scale = (cut.scale * height) / fine[1];
  context.setTransform(1 / scale, 0, 0, 1 / scale, -cut.left_px / scale, -cut.top_px / scale);
  context.imageSmoothingQuality = "medium";
  context.fillStyle = "#000";
  context.fillRect(0, 0, picture.size[0], picture.size[1]);
  context.drawImage(picture.image, 0, 0, picture.size[0], picture.size[1]);
  const soft = blurred(averaged(context.getImageData(0, 0, ...fine).data, small), small, SIGMA_ROWS);
  const ground = new OffscreenCanvas(small[0], small[1]);
  const pixels = new Uint8ClampedArray(4 * small[0] * small[1]);
  for (let at = 0; at < small[0] * small[1]; at++) {
    for (let part = 0; part < 3; part++) pixels[4 * at + part] = soft[3 * at + part]! * DARKENED;
    pixels[4 * at + 3] = 255;
  }
  ground.getContext("2d")!.putImageData(new ImageData(pixels, ...small), 0, 0);
  if (!picture.moving) grounds.set(picture.image, { key, canvas: ground });
  return ground;
}

/** Every 4 x 4 pixels as one, without alpha. */
function averaged(data: Uint8ClampedArray, [width, height]: Size): Float32Array {
  const mean = new Float32Array(3 * width * height);
  for (let y = 0; y < 4 * height; y++) {
    for (let x = 0; x < 4 * width; x++) {
      const from = 4 * (y * 4 * width + x), to = 3 * ((y >> 2) * width + (x >> 2));
      for (let part = 0; part < 3; part++) mean[to + part]! += data[from + part]! / 16;
    }
  }
  return mean;
}

/** A Gaussian over three interleaved planes, mirrored at the edges. */
function blurred(plane: Float32Array, [width, height]: Size, sigma: number): Float32Array {
  const reach = Math.ceil(4 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, index) => Math.exp(-((index - reach) ** 2) / (2 * sigma * sigma)));
  const sum = weights.reduce((a, b) => a + b);
  const pass = (source: Float32Array, count: number, step: number, lines: number, lineStep: number) => {
    const target = new Float32Array(source.length);
    const mirrored = (index: number) => {
      while (index < 0 || index >= count) index = index < 0 ? -index - 1 : 2 * count - 1 - index;
      return index;
    };
    for (let line = 0; line < lines; line++) {
      for (let at = 0; at < count; at++) {
        for (let part = 0; part < 3; part++) {
          let value = 0;
          for (let k = -reach; k <= reach; k++) value += weights[k + reach]! * source[line * lineStep + mirrored(at + k) * step + part]!;
          target[line * lineStep + at * step + part] = value / sum;
        }
      }
    }
    return target;
  };
  return pass(pass(plane, width, 3, height, 3 * width), height, 3 * width, width, 3);
}

/** What stands where no picture is yet: the shot's number, and what is known of it. */
export function drawPlaceholder(context: Context2D, film: Size, number: string, note: string): void {
  const [width, height] = film, unit = Math.min(width, height);
  context.fillStyle = "#15181c";
  context.fillRect(0, 0, width, height);
  context.strokeStyle = "#3a414a";
  context.lineWidth = unit / 180;
  context.setLineDash([unit / 36, unit / 36]);
  context.strokeRect(unit * 0.04, unit * 0.04, width - unit * 0.08, height - unit * 0.08);
  context.setLineDash([]);
  context.direction = "ltr";
  context.letterSpacing = "0px";
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillStyle = "#b0b8c1";
  context.font = `600 ${unit * 0.16}px system-ui, sans-serif`;
  context.fillText(number, width / 2, height / 2 + unit * 0.02);
  context.fillStyle = "#8e97a2";
  context.font = `400 ${unit * 0.045}px system-ui, sans-serif`;
  context.fillText(note, width / 2, height / 2 + unit * 0.11, width * 0.9);
}

/** The film's size in pixels. */
export function filmSize(timeline: Timeline): Size {
  return [timeline.width_px, timeline.height_px];
}
