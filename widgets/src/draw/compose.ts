/** One frame of the film on a canvas: pictures, transition, the film's own fades, then the texts, as storyreel/render/compose.py draws it. */
import { fadeColour, fade, fadeWeights, mix } from "./transitions";
import type { Layers } from "./transitions";
import { drawPicture, drawPlaceholder, filmSize } from "./pictures";
import type { Picture } from "./pictures";
import type { TextPainter } from "./texts";
import type { Timeline } from "../protocol";
import { stageAt } from "../stage";
import type { View } from "../stage";
import type { Context2D } from "../text/measure";

/** Gives a view's picture, or what to write where there is none yet. */
export type PictureOf = (view: View) => Picture | { number: string; note: string };

export function compositor(texts: TextPainter) {
  let layers: Layers | null = null;

  function draw(context: Context2D, view: View, timeline: Timeline, pictureOf: PictureOf) {
    const picture = pictureOf(view), film = filmSize(timeline);
    if ("image" in picture) drawPicture(context, view, picture, film);
    else drawPlaceholder(context, film, picture.number, picture.note);
  }

  function layersFor(width: number, height: number): Layers {
    if (layers?.going.width !== width || layers.going.height !== height) {
      const made = () => new OffscreenCanvas(width, height);
      layers = { going: made(), coming: made(), spare: made() };
    }
    return layers;
  }

  return function compose(context: CanvasRenderingContext2D, timeline: Timeline, frame: number, pictureOf: PictureOf, captionsOn: boolean): void {
    const [width, height] = filmSize(timeline);
    const scale = context.canvas.width / width;
    context.setTransform(scale, 0, 0, context.canvas.height / height, 0, 0);
    const { going, coming, into, at, opacity } = stageAt(timeline, frame);
    if (!coming || !into) {
      draw(context, going, timeline, pictureOf);
    } else if (fadeColour(into.kind)) {
      const [gone, come] = fadeWeights(at);
      draw(context, come > 0 ? coming : going, timeline, pictureOf);
      fade(context, fadeColour(into.kind)!, gone + come, width, height);
    } else {
      const both = layersFor(context.canvas.width, context.canvas.height);
      for (const [layer, view] of [[both.going, going], [both.coming, coming]] as const) {
        const drawn = layer.getContext("2d")!;
        drawn.setTransform(scale, 0, 0, context.canvas.height / height, 0, 0);
        draw(drawn, view, timeline, pictureOf);
      }
      mix(context, into, at, both, width, height);
    }
    fade(context, "#000", opacity, width, height);
    texts.draw(context, timeline, frame, scale, captionsOn);
  };
}
