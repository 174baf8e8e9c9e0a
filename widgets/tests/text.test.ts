import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { CAPTIONS, CARDS, LABELS, safeArea, shapeOf } from "../src/shared";
import { levels } from "../src/text/bidi";
import { layOutCaption } from "../src/text/caption_layout";
import { layOutCard } from "../src/text/card_layout";
import { isNeeded } from "../src/text/fonts";
import { layOutLabel } from "../src/text/label_layout";
import type { Run } from "../src/text/lines";
import type { Measure } from "../src/text/measure";
import { breakUnspaced, clusters, spaceBetween } from "../src/text/scripts";
import { statesOf } from "../src/text/states";
import type { CueWord, Label } from "../src/protocol";

interface Word { text: string; word: number; level: number; x: number; baseline: number; width: number; size: number }
interface Golden {
  captions: { preset: string; size: [number, number]; language: string; lines: string[][]; words: Word[] }[];
  cards: { size: [number, number]; language: string; title: string; subtitle: string; words: Word[]; small: Word[]; rule: number[] | null }[];
  labels: { size: [number, number]; language: string; text: string; preset: Label["preset"]; words: Word[]; plate: number[] }[];
  levels: { text: string; right_to_left: boolean; levels: number[] }[];
  states: { preset: string; words: CueWord[]; states: [number, number, number, number, string[]][] }[];
  pieces: { word: string; pieces: string[]; space: string }[];
  advances: Record<string, number>;
}
const golden = JSON.parse(readFileSync(new URL("../../tests/golden/text.json", import.meta.url), "utf8")) as Golden;

/** What Python measured, so that only where things are put is compared. */
const measure: Measure = (text, type, rightToLeft, tracking) => {
  const advance = golden.advances[`${type.family} ${rightToLeft ? 1 : 0} ${tracking} ${text}`];
  if (advance === undefined) throw new Error(`Python never set "${text}" (${type.family}, ${rightToLeft}, ${tracking})`);
  return { advance, left: 0, top: -0.7, right: advance, bottom: 0.2, ink: text.trim() !== "" };
};

function compare(found: readonly Run[], wanted: readonly Word[]) {
  expect(found.map((run) => [run.text, run.word, run.level])).toEqual(wanted.map((word) => [word.text, word.word, word.level]));
  found.forEach((run, index) => {
    const word = wanted[index]!;
    expect(Math.abs(run.x_px - word.x), run.text).toBeLessThan(0.02);
    expect(Math.abs(run.width_px - word.width), run.text).toBeLessThan(0.02);
    expect(Math.abs(run.size_px - word.size), run.text).toBeLessThan(0.01);
    expect(run.baseline_px, run.text).toBe(word.baseline);
  });
}

const named = <T extends { size: [number, number]; language: string }>(all: T[], of: (one: T) => string) =>
  all.map((one) => [`${one.size.join("x")} ${one.language} ${of(one)}`, one] as const);

test.each(named(golden.captions, (one) => `${one.preset}: ${one.lines[0]![0]}`))("a caption stands where it is rendered: %s", (_, one) => {
  const [width, height] = one.size, look = CAPTIONS[one.preset]![shapeOf(width, height)];
  compare(layOutCaption(one.lines, look, width, height, one.language, safeArea("", width, height), measure), one.words);
});

test.each(named(golden.cards, (one) => one.title || one.subtitle))("a card stands where it is rendered: %s", (_, one) => {
  const [width, height] = one.size;
  const layout = layOutCard(one.title, one.subtitle, CARDS[shapeOf(width, height)], width, height, one.language, measure);
  compare(layout.title, one.words);
  compare(layout.subtitle, one.small);
  const rule = layout.rule && [layout.rule.left, layout.rule.top, layout.rule.right, layout.rule.bottom];
  expect(rule).toEqual(one.rule);
});

test.each(named(golden.labels, (one) => one.text))("a label stands where it is rendered: %s", (_, one) => {
  const [width, height] = one.size, look = LABELS[one.preset]![shapeOf(width, height)];
  const label: Label = { start_frame: 0, length_frames: 9, text: one.text, preset: one.preset, x: null, y: null, scale: 1 };
  const layout = layOutLabel(label, look, width, height, one.language, safeArea("", width, height), measure)!;
  compare(layout.runs, one.words);
  const { left, top, right, bottom } = layout.plate;
  [left, top, right, bottom].forEach((edge, side) => expect(Math.abs(edge - one.plate[side]!)).toBeLessThan(0.02));
});

test.each(golden.levels.map((one) => [`${one.text} ${one.right_to_left}`, one] as const))("mixed writing runs as it does in Python: %s", (_, one) => {
  expect(levels(one.text, one.right_to_left)).toEqual(one.levels);
});

test.each(golden.states.map((one, index) => [`${one.preset} ${index}`, one] as const))("words light up as they are rendered: %s", (_, one) => {
  const found = statesOf(one.words, CAPTIONS[one.preset]!.wide, 2, 50, 8);
  expect(found.map((state) => [state.start, state.end, state.lit, state.spoken_frames, state.colours])).toEqual(one.states);
});

test("words of scripts without spaces break where Python breaks them", () => {
  for (const { word, pieces, space } of golden.pieces) {
    expect(breakUnspaced(word)).toEqual(pieces);
    expect(spaceBetween(word, "光")).toBe(space);
  }
});

test("a font is fetched only for letters that it is there for", () => {
  expect(isNeeded("NotoSansArabic-SemiBold.ttf", "the sea, 42%")).toBe(false);
  expect(isNeeded("NotoSansArabic-SemiBold.ttf", "البحر")).toBe(true);
  expect(isNeeded("NotoEmoji-SemiBold.ttf", "Year 2031 #1")).toBe(false);
  expect(isNeeded("NotoEmoji-SemiBold.ttf", "well 🌊")).toBe(true);
  expect(isNeeded("NotoSans-SemiBold.ttf", "the sea")).toBe(true);
});

test("marks and joined emoji stay with what they belong to", () => {
  expect(clusters("e\u0301a👩‍🚀🇳🇴🇸🇪")).toEqual(["e\u0301", "a", "👩‍🚀", "🇳🇴", "🇸🇪"]);
});
