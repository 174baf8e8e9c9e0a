import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { framesOf, secondsOf, timeText } from "../src/clock";
import { fadeWeights, softened, zoomWeight } from "../src/draw/transitions";
import { eased } from "../src/motion";
import type { Timeline } from "../src/protocol";
import { clipAt, filmOpacity, stageAt } from "../src/stage";
import { fadedAt } from "../src/text/states";

interface Golden {
  film: Timeline;
  frames: { frame: number; going: [number, number]; coming: [number, number] | null; at: number | null; opacity: number }[];
  curves: { at: number; fade: [number, number]; wipe: number; zoom: number; eased: number }[];
  texts: { start: number; end: number; fade: number; opacities: number[] }[];
  clock: { num: number; den: number; seconds: number; frames: number }[];
}
const golden = JSON.parse(readFileSync(new URL("../../tests/golden/stage.json", import.meta.url), "utf8")) as Golden;

test("every frame shows the pictures, the transition and the fade that it is rendered with", () => {
  for (const { frame, going, coming, at, opacity } of golden.frames) {
    const stage = stageAt(golden.film, frame);
    expect(stage.going.index, `frame ${frame}`).toBe(going[0]);
    expect(stage.going.progress).toBeCloseTo(going[1], 9);
    expect(stage.coming?.index ?? null).toBe(coming ? coming[0] : null);
    if (coming) expect(stage.coming!.progress).toBeCloseTo(coming[1], 9);
    if (at !== null) expect(stage.at).toBeCloseTo(at, 9);
    expect(stage.opacity).toBeCloseTo(opacity, 9);
  }
});

test("blends run at the renderer's pace", () => {
  for (const { at, fade, wipe, zoom, eased: pace } of golden.curves) {
    expect(fadeWeights(at)).toEqual(fade);
    expect(softened(at)).toBeCloseTo(wipe, 12);
    expect(zoomWeight(eased(at, "in_out"))).toBeCloseTo(zoom, 12);
    expect(eased(at, "in_out")).toBeCloseTo(pace, 12);
  }
});

test("texts come and go as they are rendered", () => {
  for (const { start, end, fade, opacities } of golden.texts) {
    const found = opacities.map((_, index) => fadedAt(start + index, start, end, fade));
    found.forEach((opacity, index) => expect(opacity).toBeCloseTo(opacities[index]!, 12));
  }
});

test("seconds become the same frames", () => {
  for (const { num, den, seconds, frames } of golden.clock) {
    expect(framesOf({ num, den }, seconds)).toBe(frames);
    expect(framesOf({ num, den }, secondsOf({ num, den }, frames))).toBe(frames);
  }
});

test("a clip is found by any of its frames, and the film fades only at its ends", () => {
  const { clips } = golden.film;
  clips.forEach((clip, index) => {
    expect(clipAt(clips, clip.start_frame)).toBe(index);
    expect(clipAt(clips, clip.start_frame + clip.length_frames - 1)).toBe(index);
  });
  expect(filmOpacity(golden.film, Math.floor(golden.film.length_frames / 2))).toBe(1);
});

test("times are written as people read them", () => {
  const rate = { num: 30, den: 1 };
  expect(timeText(rate, 5019)).toBe("2:47.3");
  expect(timeText(rate, 30 * 3767)).toBe("1:02:47.0");
  expect(timeText(rate, 4200, false)).toBe("2:20");
});
