/** The renderer's own fonts in the page: which of them a film's texts need, and a canvas font that names them. */
import { effect, signal } from "@preact/signals";

import type { Studio } from "../studio";
import { FONTS } from "../shared";
import type { Family } from "../shared";

/** Which letters: the house's typeface, or the user's own font before it. */
export interface Type { family: Family; own: boolean; weight: number; language: string }

const SCRIPTS: readonly string[] = [
  "Arabic", "Armenian", "Bengali", "Devanagari", "Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao",
  "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai",
];

/** Whether a text has characters that a font is there for; fonts are named as the renderer's files are. */
export function isNeeded(key: string, text: string): boolean {
  const script = SCRIPTS.find((name) => key.includes(`NotoSans${name}`));
  if (script) return new RegExp(`\\p{Script_Extensions=${script}}`, "u").test(text.replace(/[\0-\x7f]/g, ""));
  if (key.includes("CJK")) return /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);
  if (key.includes("Emoji")) return /(?![0-9#*©®])\p{Emoji}/u.test(text);
  if (key.includes("Symbols")) return /(?![\0-\x7f])\p{S}/u.test(text);
  return true;
}

export class Fonts {
  /** Counts up whenever letters would be drawn differently from before. */
  readonly version = signal(0);
  private readonly faces = new Map<string, FontFace | "loading">();
  private readonly stop: () => void;

  constructor(private readonly studio: Studio) {
    this.stop = effect(() => {
      const timeline = studio.timeline.value;
      void studio.fonts.value;
      if (!timeline) return;
      const texts = [
        ...timeline.cues.flatMap((cue) => cue.lines.flat().map((word) => word.text)),
        ...timeline.cards.flatMap((card) => [card.title, card.subtitle]), ...timeline.labels.map((label) => label.text),
      ];
      const text = [...new Set(texts.join(""))].join("");
      if (!text) return;
      const serif = timeline.cards.length > 0 || timeline.labels.some((label) => label.preset === "title")
        || timeline.caption_style?.family === "serif";
      const keys = [...this.family("own"), ...this.family("sans"), ...(serif ? this.family("serif") : [])];
      for (const key of keys) if (isNeeded(key, text)) this.load(key);
    });
  }

  /** A font for a canvas; what the fonts here lack the system's draw. */
  css(type: Type, size_px: number): string {
    const chain = [...(type.own ? this.family("own") : []), ...(type.family === "serif" ? this.family("serif") : []), ...this.family("sans")];
    const names = [...new Set(chain)].filter((key) => this.faces.get(key) instanceof FontFace).map((key) => `"${nameOf(key)}"`);
    return `${type.own ? type.weight : 600} ${size_px}px ${[...names, type.family === "serif" ? "serif" : "sans-serif"].join(", ")}`;
  }

  /** Whether every font that was asked for has come or cannot be had. */
  get settled(): boolean {
    return ![...this.faces.values()].includes("loading");
  }

  close(): void {
    this.stop();
    for (const face of this.faces.values()) if (face instanceof FontFace) document.fonts.delete(face);
  }

  /** The kernel names what the film needed when the page opened; an edit may need more of ours, or a font of one's own. */
  private family(name: string): string[] {
    if (name === "own") {
      const key = this.studio.timeline.peek()?.caption_style?.["font_file"];
      return typeof key === "string" && key ? [key] : [];
    }
    return [...new Set([...(FONTS[name as Family] ?? []), ...(this.studio.fonts.peek()[name] ?? [])])];
  }

  private load(key: string): void {
    if (this.faces.has(key)) return;
    this.faces.set(key, "loading");
    const state = this.studio.media("font", key);
    const stop = effect(() => {
      const piece = state.value;
      if (piece === "wanted") return;
      // Not inside the effect that is being made.
      queueMicrotask(() => stop());
      if ("missing" in piece) {
        this.faces.delete(key);
        return;
      }
      // One face answers for all weights, so that the browser thickens none.
      const face = new FontFace(nameOf(key), piece.bytes, { weight: "1 1000" });
      face.load().then(
        () => {
          document.fonts.add(face);
          this.faces.set(key, face);
          this.version.value++;
        },
        () => this.faces.delete(key),
      );
    });
  }
}

const nameOf = (key: string) => `sr ${key.replace(/["\\]/g, "")}`;
