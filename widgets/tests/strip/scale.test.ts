import { describe, expect, it } from "vitest";

import { clampScroll, fitScale, marks, scaleOf, scrollKeeping, scrollShowing, sliderOf, zoomRange } from "../../src/strip/scale";
import { snapPoints, snapped, uncrowded, usedCuts } from "../../src/strip/snap";
import { clock, dollars, parseLength, shortLength } from "../../src/strip/time";
import { drawnPx, tileAt, visibleRange } from "../../src/strip/visible";
import { bars } from "../../src/strip/wave";
import { clips } from "./films";

describe("zoom", () => {
  const range = zoomRange(108_000, 1000, 30);

  it("goes from the whole film to single words, in even steps of the slider", () => {
    expect(scaleOf(0, range)).toBeCloseTo(fitScale(108_000, 1000));
    expect(scaleOf(1, range) * 30 * 0.3).toBeCloseTo(120);
    for (const at of [0, 0.25, 0.5, 1]) expect(sliderOf(scaleOf(at, range), range)).toBeCloseTo(at);
    expect(scaleOf(0.5, range) / scaleOf(0.25, range)).toBeCloseTo(scaleOf(0.75, range) / scaleOf(0.5, range));
  });

  it("keeps the frame under the pointer where it is", () => {
    const scroll = scrollKeeping(200, 50, 2, 3);
    expect((scroll + 50) / 3).toBeCloseTo((200 + 50) / 2);
  });

  it("scrolls as little as needed, and not beyond the film", () => {
    expect(scrollShowing(100, 200, 0, 1000, 50)).toBe(0);
    expect(scrollShowing(1100, 1200, 0, 1000, 50)).toBe(250);
    expect(scrollShowing(100, 200, 500, 1000, 50)).toBe(50);
    expect([clampScroll(-5, 2000, 800), clampScroll(1900, 2000, 800), clampScroll(10, 500, 800)]).toEqual([0, 1200, 0]);
  });

  it("labels the ruler as densely as its labels have room", () => {
    expect(marks(0.3).step_s).toBe(300);
    expect(marks(3).step_s).toBe(20);
    expect(marks(400)).toEqual({ step_s: 0.2, digits: 1 });
  });
});

describe("what is drawn", () => {
  it("is what touches the visible part, and no more", () => {
    const row = clips(10, 20, 30, 40);
    expect(visibleRange(row, 10, 30)).toEqual({ first: 1, after: 2 });
    expect(visibleRange(row, 9, 31)).toEqual({ first: 0, after: 3 });
    expect(visibleRange(row, 500, 600)).toEqual({ first: 4, after: 4 });
    expect([0, 9, 10, 99, 100, 500].map((frame) => tileAt(row, frame))).toEqual([0, 0, 1, 3, 3, 3]);
  });

  it("covers the visible part at every place, and changes seldom", () => {
    const seen = new Set<number>();
    for (let scroll = 0; scroll < 4000; scroll += 7) {
      const { start_px, end_px } = drawnPx(scroll, 900);
      expect(start_px).toBeLessThanOrEqual(scroll);
      expect(end_px).toBeGreaterThanOrEqual(scroll + 900);
      seen.add(start_px);
    }
    expect(seen.size).toBeLessThan(12);
  });

  it("shows a voice's loud parts high and its pauses low", () => {
    const peaks = new Float32Array(400);
    for (let pair = 0; pair < 100; pair += 1) [peaks[2 * pair], peaks[2 * pair + 1]] = [-0.5, 0.5];
    const heights = bars(peaks, 0, 50, 100);
    expect(heights[3]).toBeCloseTo(0.5);
    expect(heights[30]).toBe(0);
    expect(heights.length).toBe(50);
  });
});

describe("the magnet", () => {
  const points = snapPoints([300, 100], [200.4], [100]);

  it("takes the nearest point within its reach", () => {
    expect(points).toEqual([100, 200, 300]);
    expect([104, 106, 197, 250].map((frame) => snapped(frame, points, 2, 10))).toEqual([100, 106, 200, 250]);
  });

  it("marks the energy cuts at which the film cuts, within a frame", () => {
    expect(usedCuts([10, 50, 90, 91], [0, 51, 92])).toEqual([false, true, false, true]);
  });

  it("leaves out those on offer that would stand too near, never those in use", () => {
    expect(uncrowded([0, 5, 10, 12, 30, 36], [false, false, false, true, false, true], 0, 6, 8)).toEqual([0, 3, 5]);
  });
});

describe("times, lengths and prices", () => {
  it("read as a clock", () => {
    expect([clock(167.34, 1), clock(3767), clock(59.96, 1), clock(0.05), clock(3600.5, 1)]).toEqual(["2:47.3", "1:02:47", "0:59.9", "0:00", "1:00:00.5"]);
    expect([shortLength(33.2), shortLength(9.96), shortLength(4.25)]).toEqual(["33 s", "10 s", "4.3 s"]);
  });

  it("are understood as people write them", () => {
    expect(["32.9", "32,9 s", " 4 sec", "1:05.5", ".5"].map(parseLength)).toEqual([32.9, 32.9, 4, 65.5, 0.5]);
    expect(["", "x", "-3", "0", "1:2:3", "99999999"].map(parseLength)).toEqual([null, null, null, null, null, null]);
  });

  it("show a price to the cent, and below it what there is", () => {
    expect([0, 0.04, 1.2, 0.0015].map(dollars)).toEqual(["$0.00", "$0.04", "$1.20", "$0.0015"]);
  });
});
