import { describe, expect, it } from "vitest";

import { applyAll } from "../../src/edits";
import { motionName, movedRect, partOf, PRESETS, resizedRect, scaledRect, type Corner } from "../../src/panel/rects";
import { cueAt, cuesOf, letters, lineOf, nudged, reading, rewritten } from "../../src/panel/words";
import type { Cue, Rect } from "../../src/protocol";
import { toldOf } from "../../src/strip/say";
import { film } from "../strip/films";

const FRAME = { width_px: 1920, height_px: 1080 }, RATE = { num: 30, den: 1 };
const WHOLE: Rect = { x: 0.5, y: 0.5, height: 1, turn_deg: 0 };

describe("the camera's rectangles", () => {
  it("have the frame's shape on a picture of any shape", () => {
    for (const picture of [FRAME, { width_px: 1000, height_px: 1000 }, { width_px: 3000, height_px: 1000 }]) {
      const part = partOf({ ...WHOLE, height: 0.5 }, picture, FRAME);
      expect((part.width * picture.width_px) / (part.height * picture.height_px)).toBeCloseTo(16 / 9);
    }
    expect(partOf(WHOLE, FRAME, FRAME)).toEqual({ left: 0, top: 0, width: 1, height: 1 });
  });

  it("stay inside the picture however far they are dragged", () => {
    for (const [dx, dy] of [[9, 9], [-9, 9], [0.1, -9]] as const) {
      const part = partOf(movedRect({ ...WHOLE, height: 0.4 }, dx, dy, FRAME, FRAME), FRAME, FRAME);
      expect(part.left).toBeGreaterThanOrEqual(-1e-4);
      expect(part.top).toBeGreaterThanOrEqual(-1e-4);
      expect(part.left + part.width).toBeLessThanOrEqual(1.0001);
      expect(part.top + part.height).toBeLessThanOrEqual(1.0001);
    }
  });

  it("keep the corner opposite to the dragged one", () => {
    const rect = { x: 0.5, y: 0.5, height: 0.5, turn_deg: 0 };
    const kept: Record<Corner, [number, number]> = { nw: [0.75, 0.75], ne: [0.25, 0.75], sw: [0.75, 0.25], se: [0.25, 0.25] };
    for (const corner of ["nw", "ne", "sw", "se"] as const) {
      const x = corner.endsWith("w") ? 0.4 : 0.6, y = corner.startsWith("n") ? 0.4 : 0.6;
      const part = partOf(resizedRect(rect, corner, x, y, FRAME, FRAME), FRAME, FRAME);
      expect(corner.endsWith("w") ? part.left + part.width : part.left).toBeCloseTo(kept[corner][0], 3);
      expect(corner.startsWith("n") ? part.top + part.height : part.top).toBeCloseTo(kept[corner][1], 3);
    }
  });

  it("grow no larger than the picture and no smaller than a tenth", () => {
    expect(scaledRect({ ...WHOLE, height: 0.9 }, 5, FRAME, FRAME).height).toBe(1);
    expect(scaledRect({ ...WHOLE, height: 0.2 }, 0.01, FRAME, FRAME).height).toBe(0.1);
  });

  it("are called by the preset they are, or by what they do", () => {
    for (const { name, motion } of PRESETS) expect(motionName(motion)).toBe(name);
    expect(motionName({ start: WHOLE, end: { ...WHOLE, height: 0.5 }, ease: "linear" })).toBe("Push in, own");
    expect(motionName({ start: { ...WHOLE, x: 0.3, height: 0.6 }, end: { ...WHOLE, x: 0.4, height: 0.6 }, ease: "linear" })).toBe("Pan right, own");
  });
});

describe("a line that is spoken again", () => {
  const said = (start_frame: number, text: string): Cue => {
    const words = text.split(" ").map((word, index) => ({ text: word, start_frame: start_frame + 10 * index, end_frame: start_frame + 10 * index + 10 }));
    return { start_frame, length_frames: 10 * words.length, lines: [words] };
  };
  const cues = [said(0, "He left."), said(30, "The lamp was"), said(60, "“lit.”"), said(70, "And then"), said(200, "a gull cried")];

  it("is the sentence around a caption, whichever of its captions is chosen", () => {
    for (const place of [1, 2]) expect(lineOf(cues, place, RATE)).toEqual({ cue: 1, captions: 2, text: "The lamp was “lit.”" });
    expect(lineOf(cues, 0, RATE)).toEqual({ cue: 0, captions: 1, text: "He left." });
  });

  it("ends at a long pause and does not go on without end", () => {
    expect(lineOf(cues, 3, RATE)).toEqual({ cue: 3, captions: 1, text: "And then" });
    const endless = Array.from({ length: 40 }, (_, index) => said(20 * index, "on and"));
    expect(lineOf(endless, 20, RATE).captions).toBe(12);
  });
});

describe("caption words", () => {
  const cue: Cue = {
    start_frame: 30, length_frames: 60,
    lines: [[{ text: "the", start_frame: 30, end_frame: 40 }, { text: "old", start_frame: 40, end_frame: 55 }], [{ text: "sea", start_frame: 60, end_frame: 85 }]],
  };
  const other = (start_frame: number): Cue => ({ start_frame, length_frames: 20, lines: [[{ text: "x", start_frame, end_frame: start_frame + 20 }]] });

  it("belong to the shot in which they begin, or to the one that only sees their end", () => {
    const cues = [cue, other(100), other(130)];
    expect(cuesOf(cues, { start_frame: 0, length_frames: 110 })).toEqual([0, 1]);
    expect(cuesOf(cues, { start_frame: 35, length_frames: 20 })).toEqual([0]);
    expect(cuesOf(cues, { start_frame: 200, length_frames: 20 })).toEqual([]);
    expect([cueAt(cues, [0, 1, 2], 95), cueAt(cues, [0, 1], 500), cueAt(cues, [], 0)]).toEqual([1, 1, null]);
  });

  it("are counted as readers do, wide letters twice", () => {
    expect(letters(cue)).toBe(10);
    expect(letters({ ...cue, lines: [[{ text: "海の声", start_frame: 0, end_frame: 1 }]] })).toBe(6);
  });

  it("say when they pass too fast to be read", () => {
    expect(reading(cue, RATE)).toEqual({ easy: true, words: "Easy to read" });
    expect(reading({ ...cue, length_frames: 13 }, RATE)).toEqual({ easy: false, words: "Too fast: 23 letters a second" });
  });

  it("are written anew in their line; an empty one goes", () => {
    expect(rewritten(cue, 1, " very  old ")).toBe("the very old\nsea");
    expect(rewritten(cue, 2, "")).toBe("the old");
  });

  it("are shifted between their neighbours only, by edits the film takes", () => {
    const timeline = { ...film(200), cues: [cue] };
    const later = nudged(cue, 0, 1, 1, "end")!;
    expect(applyAll(timeline, [later]).cues[0]!.lines[0]![1]).toEqual({ text: "old", start_frame: 40, end_frame: 56 });
    expect(nudged(cue, 0, 1, -1, "start")).toBeNull();
    expect(nudged(cue, 0, 1, 99, "end")).toMatchObject({ end_frame: 60 });
    expect(nudged(cue, 0, 0, 99, "start")).toMatchObject({ start_frame: 39 });
  });
});

describe("where a picture is from, for who points at it", () => {
  it("names its maker, version, seed, price, request and prompt, and leaves out what is not known", () => {
    expect(toldOf({ provider: "bfl/flux-2-pro", model: "flux-2-pro", seed: 7, price_usd: 0.04, request: "job-1", prompt: "a lamp" }))
      .toBe("bfl/flux-2-pro, seed 7, $0.04, request job-1: a lamp");
    expect(toldOf({ provider: "openai/gpt-image-2.5-flare", model: "gpt-image-2.5-flare-2026-09", price_usd: null }))
      .toBe("openai/gpt-image-2.5-flare, gpt-image-2.5-flare-2026-09, price not known");
    expect(toldOf({ provider: "offline/painter", seed: 0, price_usd: 0 })).toBe("offline/painter, seed 0, free");
  });
});
