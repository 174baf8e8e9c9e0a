/**
 * How one picture gives way to the next: the twin of storyreel/render/transitions.py on a canvas. Its planes are linear
 * in R'G'B', so the same shares mixed here give the same colours. All lengths are the film's pixels; a context carries
 * the scale to its own.
 */
import { eased } from "../motion";
import type { Transition } from "../protocol";
import type { Context2D } from "../text/measure";

const WIPE_EDGE = 0.1;
const ZOOM = 1.4;

/** The colour that a fade goes through; null for the kinds that show both pictures. */
export function fadeColour(kind: Transition["kind"]): string | null {
  return kind === "fade_black" ? "#000" : kind === "fade_white" ? "#fff" : null;
}

/** How much of the picture that goes and of the one that comes a fade shows. */
export function fadeWeights(at: number): [gone: number, come: number] {
  return [Math.max(0, 1 - 2 * at), Math.max(0, 2 * at - 1)];
}

/** Bring what is drawn towards a colour: `opacity` 1 leaves it, 0 is the colour alone. */
export function fade(context: Context2D, colour: string, opacity: number, width: number, height: number): void {
  if (opacity >= 1) return;
  context.globalAlpha = 1 - Math.max(opacity, 0);
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  context.globalAlpha = 1;
}

/** How much of the coming picture a wipe shows at `share` of its soft edge. */
export function softened(share: number): number {
  const s = Math.min(Math.max(share, 0), 1);
  return s * s * (3 - 2 * s);
}

/** How much of the coming picture a zoom has mixed in, when it is `way` on. */
export const zoomWeight = (way: number) => softened((way - 0.25) / 0.7);

/** Two pictures' frames as canvases, each filling the frame, and one to spare. */
export interface Layers { going: OffscreenCanvas; coming: OffscreenCanvas; spare: OffscreenCanvas }

/** Draw one frame of a transition that shows both pictures; `at` is strictly between 0 and 1. */
export function mix(context: Context2D, into: Transition, at: number, layers: Layers, width: number, height: number): void {
  const way = eased(at, "in_out"), { kind, side } = into;
  const across = side === "left" || side === "right", back = side === "right" || side === "down";
  const whole = (source: OffscreenCanvas, by = 0) =>
    context.drawImage(source, across ? by : 0, across ? 0 : by, width, height);
  if (kind === "wipe") {
    wipe(layers, at, across, back, width, height);
    whole(layers.going);
    whole(layers.coming);
  } else if (kind === "slide" || kind === "push") {
    const length = across ? width : height, sign = back ? -1 : 1;
    if (kind === "push") {
      // Below the seam, whose pixel neither picture fills by itself.
      const below = Math.floor(way * length);
      whole(layers.going, sign * below);
      whole(layers.going, sign * way * length);
    } else {
      whole(layers.going);
    }
    whole(layers.coming, sign * (way - 1) * length);
  } else if (kind === "zoom") {
    enlarged(context, layers.going, ZOOM ** way, width, height);
    context.globalAlpha = zoomWeight(way);
    if (context.globalAlpha > 0) {
      const spare = layers.spare.getContext("2d")!;
      spare.setTransform(layers.spare.width / width, 0, 0, layers.spare.height / height, 0, 0);
      enlarged(spare, layers.coming, ZOOM ** (way - 1), width, height);
      whole(layers.spare);
    }
    context.globalAlpha = 1;
  } else {
    whole(layers.going);
    context.globalAlpha = at;
    whole(layers.coming);
    context.globalAlpha = 1;
  }
}

/** Leave of the coming picture what a soft edge that crosses the frame has passed. */
function wipe(layers: Layers, at: number, across: boolean, back: boolean, width: number, height: number): void {
  const length = across ? width : height, edge = length * WIPE_EDGE;
  const reached = at * (length + edge);
  const place = (distance: number) => (back ? length - distance : distance);
  const context = layers.coming.getContext("2d")!;
  const [from, to] = [place(reached - edge), place(reached)];
  const soft = across ? context.createLinearGradient(from, 0, to, 0) : context.createLinearGradient(0, from, 0, to);
  for (let step = 0; step <= 32; step++) soft.addColorStop(step / 32, `rgba(0,0,0,${softened(1 - step / 32)})`);
  context.globalCompositeOperation = "destination-in";
  context.fillStyle = soft;
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = "source-over";
}

/** A frame about its middle, `factor` as large; what lies past its edges is mirrored. */
function enlarged(context: Context2D, source: OffscreenCanvas, factor: number, width: number, height: number): void {
  context.save();
  context.imageSmoothingQuality = "low";
  context.translate((width / 2) * (1 - factor), (height / 2) * (1 - factor));
  context.scale(factor, factor);
  if (factor < 1) {
    // As OpenCV's BORDER_REFLECT_101: mirrored about the middle of the outermost pixels.
    const [pixelX, pixelY] = [width / source.width, height / source.height];
    for (const [x, mirrorX] of [[0, 0], [0, 1], [1, 1]] as const) {
      for (const [y, mirrorY] of [[0, 0], [0, 1], [1, 1]] as const) {
        if (!mirrorX && !mirrorY) continue;
        context.save();
        context.translate(mirrorX ? (x ? 2 * width - pixelX : pixelX) : 0, mirrorY ? (y ? 2 * height - pixelY : pixelY) : 0);
        context.scale(mirrorX ? -1 : 1, mirrorY ? -1 : 1);
        context.drawImage(source, 0, 0, width, height);
        context.restore();
      }
    }
  }
  context.drawImage(source, 0, 0, width, height);
  context.restore();
}
