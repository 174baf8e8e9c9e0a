import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { loopOf, Playback } from "../src/player/playback";
import type { Sound } from "../src/player/sound";
import type { Studio } from "../src/studio";
import { signal } from "@preact/signals";

let now = 0, frames: FrameRequestCallback[] = [];
const silent = { start: () => null, stop: () => undefined } as unknown as Sound;

beforeEach(() => {
  [now, frames] = [0, []];
  vi.stubGlobal("requestAnimationFrame", (each: FrameRequestCallback) => frames.push(each));
  vi.stubGlobal("cancelAnimationFrame", () => { frames = []; });
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => { vi.unstubAllGlobals(); vi.restoreAllMocks(); });

function pass(seconds: number) {
  now += 1000 * seconds;
  for (const each of frames.splice(0)) each(now);
}

function made() {
  const clip = (id: string, start_frame: number) => ({ id, start_frame, length_frames: 30 });
  const studio = {
    timeline: signal({ rate: { num: 30, den: 1 }, length_frames: 90, clips: [clip("a", 0), clip("b", 30), clip("c", 60)] }),
    selection: signal<string[]>([]), playhead_frame: signal(0), playing: signal(false), speed: signal(1), loop_shot: signal(false),
  } as unknown as Studio;
  return { studio, playback: new Playback(studio, silent, () => undefined) };
}

test("the playhead goes with the clock, forwards, faster and backwards", () => {
  const { studio, playback } = made();
  studio.playing.value = true;
  pass(1);
  expect(studio.playhead_frame.value).toBe(30);
  studio.speed.value = 2;
  pass(0.5);
  expect(studio.playhead_frame.value).toBe(60);
  studio.speed.value = -1;
  pass(1);
  expect(studio.playhead_frame.value).toBe(30);
  playback.close();
});

test("playing ends on the last frame, and backwards on the first", () => {
  const { studio } = made();
  studio.playhead_frame.value = 80;
  studio.playing.value = true;
  pass(5);
  expect([studio.playhead_frame.value, studio.playing.value]).toEqual([89, false]);
  studio.speed.value = -1;
  studio.playing.value = true;
  pass(9);
  expect([studio.playhead_frame.value, studio.playing.value]).toEqual([0, false]);
});

test("a playhead that somebody moves while the film plays goes on from there", () => {
  const { studio } = made();
  studio.playing.value = true;
  pass(0.1);
  studio.playhead_frame.value = 60;
  pass(0.1);
  pass(0.5);
  expect(studio.playhead_frame.value).toBe(75);
});

test("a loop goes round the shot under the playhead, or the selected ones it stands in", () => {
  const { studio } = made();
  expect(loopOf(studio, 35)).toEqual([30, 60]);
  studio.selection.value = ["b", "c"];
  expect(loopOf(studio, 35)).toEqual([30, 90]);
  studio.selection.value = ["a", "c"];
  expect(loopOf(studio, 35)).toEqual([30, 60]);
  studio.playhead_frame.value = 50;
  studio.loop_shot.value = true;
  studio.playing.value = true;
  pass(0.5);
  expect(studio.playhead_frame.value).toBe(30);
  expect(studio.playing.value).toBe(true);
});
