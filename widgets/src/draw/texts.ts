/** All texts of a frame, over its pictures: laid out once, drawn once a state, kept while they are near. */
import type { Card, Cue, Label, Timeline } from "../protocol";
import { CARDS, LABELS, lookOf, safeArea, shapeOf } from "../shared";
import type { CaptionLook, Edges } from "../shared";
import { layOutCaption } from "../text/caption_layout";
import { layOutCard } from "../text/card_layout";
import type { Fonts } from "../text/fonts";
import { layOutLabel } from "../text/label_layout";
import { canvasMeasure } from "../text/measure";
import type { Context2D } from "../text/measure";
import { captionArt, cardPatch, labelPatch, lay } from "../text/paint";
import type { CaptionArt, Patch } from "../text/paint";
import { capitals, splitWords } from "../text/scripts";
import { textsAt } from "../text/states";

const KEPT = 24;

export function textPainter(fonts: Fonts) {
  const { measure, forget } = canvasMeasure(fonts);
  const ink = { fonts, measure };
  const kept = new Map<string, CaptionArt | Patch | null>();
  let version = -1;

  /** What was made for a key, or made now. */
  function once<T extends CaptionArt | Patch | null>(key: string, make: () => T): T {
    if (fonts.version.peek() !== version) {
      version = fonts.version.peek();
      forget();
      kept.clear();
    }
    let found = kept.get(key) as T | undefined;
    if (found === undefined) found = make();
    kept.delete(key);
    kept.set(key, found);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return found;
  }

  function artOf(cue: Cue, timeline: Timeline, look: CaptionLook, scale: number): CaptionArt | null {
    const { width_px, height_px, language, platform } = timeline;
    const shown = (word: string) => {
      const plain = splitWords(word).join(" ");
      return look.case === "upper" ? capitals(plain, language) : plain;
    };
    const lines = cue.lines
      .map((line) => line.filter((word) => word.text.trim()).map((word) => shown(word.text)))
      .filter((line) => line.length);
    if (!lines.length) return null;
    return once(JSON.stringify([lines, look, width_px, height_px, language, platform, scale]), () => {
      const safe = safeArea(platform, width_px, height_px);
      return captionArt(layOutCaption(lines, look, width_px, height_px, language, safe, measure), look, scale, ink);
    });
  }

  function cardOf(card: Card, timeline: Timeline, scale: number): Patch | null {
    const { width_px, height_px, language } = timeline;
    return once(JSON.stringify([card.title, card.subtitle, width_px, height_px, language, scale]), () => {
      const look = CARDS[shapeOf(width_px, height_px)];
      const layout = layOutCard(card.title, card.subtitle, look, width_px, height_px, language, measure);
      return cardPatch(layout, look, width_px, height_px, scale, ink);
    });
  }

  function labelOf(label: Label, timeline: Timeline, scale: number): Patch | null {
    const { width_px, height_px, language, platform } = timeline;
    const { start_frame: _, length_frames: __, ...what } = label;
    return once(JSON.stringify([what, width_px, height_px, language, platform, scale]), () => {
      const look = LABELS[label.preset]![shapeOf(width_px, height_px)];
      const safe = safeArea(platform, width_px, height_px);
      const layout = layOutLabel(label, look, width_px, height_px, language, safe, measure);
      return layout && labelPatch(layout, look, scale, ink);
    });
  }

  return {
    /** Draw over a context that counts in the film's pixels, `scale` of its own to one. */
    draw(context: Context2D, timeline: Timeline, frame: number, scale: number, captionsOn: boolean): void {
      const look = captionsOn ? lookOf(timeline) : null;
      const texts = textsAt(timeline, frame, look);
      for (const { text, opacity } of texts.cards) {
        const patch = cardOf(text, timeline, scale);
        if (patch) lay(context, patch, opacity);
      }
      for (const { text, opacity } of texts.labels) {
        const patch = labelOf(text, timeline, scale);
        if (patch) lay(context, patch, opacity);
      }
      for (const { cue, colours, lit, opacity, moved } of texts.captions) {
        const art = artOf(cue, timeline, look!, scale);
        if (!art) continue;
        art.plate(context, opacity);
        if (lit >= 0) art.wordPlate(context, lit, opacity);
        if (moved.kind === "pop") art.popped(context, colours, lit, moved.scale);
        else if (moved.kind === "sweep") art.swept(context, colours, lit, moved.before, moved.progress);
        else art.still(context, colours, opacity);
      }
    },

    /** The rectangle of the caption on a frame, in the film's pixels; null where there is none. */
    captionEdges(timeline: Timeline, frame: number): Edges | null {
      const look = lookOf(timeline);
      const cue = look && textsAt(timeline, frame, look).captions[0]?.cue;
      return (cue && artOf(cue, timeline, look, 1)?.edges()) || null;
    },
  };
}

export type TextPainter = ReturnType<typeof textPainter>;
