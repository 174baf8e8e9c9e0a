import { describe, expect, it } from "vitest";

import { applyAll } from "../../src/edits";
import type { ChapterInfo, FilmInfo, ShotInfo } from "../../src/protocol";
import { duplicate, freshId, insert, lengthen, placeForNew, remove, split, trimTo, type Outcome } from "../../src/strip/edits_of";
import { commandFor, KEY_LIST, type Key, type Where } from "../../src/strip/keys";
import { jointLabel, shotLabel } from "../../src/strip/say";
import { chapterHeadings, counts, headings, sizeOf } from "../../src/strip/scenes";
import { clips, film } from "./films";

const press = (key: string, more: Partial<Key> = {}): Key => ({ key, shift: false, control: false, alt: false, ...more });
const on = (place: Where["on"], picked = false): Where => ({ on: place, picked });

function lengthsAfter(outcome: Outcome, ...lengths: number[]): number[] {
  if ("why_not" in outcome) throw new Error(outcome.why_not);
  return applyAll(film(...lengths), outcome.edits).clips.map((clip) => clip.length_frames);
}

describe("keys", () => {
  it("play from the player and pick up from a shot", () => {
    expect(commandFor(press(" "), on("player"))).toBe("play");
    expect(commandFor(press(" "), on("shot"))).toBe("pick");
    expect(commandFor(press(" "), on("shot", true))).toBe("drop");
  });

  it("of letters count only in player and strip", () => {
    for (const key of ["s", "m", "k", "[", "?", "0"]) {
      expect(commandFor(press(key), on("elsewhere"))).toBeNull();
      expect(commandFor(press(key), on("strip"))).not.toBeNull();
    }
  });

  it("undo everywhere, also with the other name for redo", () => {
    for (const place of ["elsewhere", "shot", "player"] as const) {
      expect(commandFor(press("z", { control: true }), on(place))).toBe("undo");
      expect(commandFor(press("Z", { control: true, shift: true }), on(place))).toBe("redo");
      expect(commandFor(press("y", { control: true }), on(place))).toBe("redo");
    }
  });

  it("leave Alt with an arrow to the browser, and letters with Ctrl to it too", () => {
    expect(commandFor(press("ArrowLeft", { alt: true }), on("shot"))).toBeNull();
    expect(commandFor(press("s", { control: true }), on("shot"))).toBeNull();
  });

  it("do nothing else while a shot is picked up", () => {
    expect(commandFor(press("s"), on("shot", true))).toBeNull();
    expect(commandFor(press("Delete"), on("shot", true))).toBeNull();
    expect(commandFor(press("ArrowRight"), on("shot", true))).toBe("move_right");
  });

  it("are all listed once", () => {
    const named = KEY_LIST.flatMap((group) => group.keys.map(([key]) => key));
    expect(new Set(named).size).toBe(named.length);
  });
});

describe("commands", () => {
  it("split inside a shot, and nowhere else", () => {
    expect(lengthsAfter(split(film(60, 60), 80), 60, 60)).toEqual([60, 20, 40]);
    expect(split(film(60, 60), 60)).toHaveProperty("why_not");
  });

  it("give new shots an id that no other has, however often", () => {
    const row = clips(10, 10);
    row[0]!.id = "s0001-2";
    row[1]!.id = "s0001";
    expect(freshId(row, "s0001")).toBe("s0001-3");
    expect(freshId(row, "s0001-2")).toBe("s0001-3");
    expect(freshId(row, "x".repeat(80)).length).toBeLessThanOrEqual(64);
  });

  it("delete all but the last shot", () => {
    expect(lengthsAfter(remove(film(10, 20, 30), ["s2"], "roll"), 10, 20, 30)).toEqual([30, 30]);
    expect(lengthsAfter(remove(film(10, 20, 30), ["s2"], "ripple"), 10, 20, 30)).toEqual([10, 30]);
    expect(remove(film(10, 20), ["s1", "s2"], "roll")).toHaveProperty("why_not");
  });

  it("duplicate within the film's length where the next shot has the time, else make it longer", () => {
    expect(lengthsAfter(duplicate(film(30, 90), ["s1"], "roll"), 30, 90)).toEqual([30, 30, 60]);
    expect(lengthsAfter(duplicate(film(90, 30), ["s1"], "roll"), 90, 30)).toEqual([90, 90, 30]);
    expect(lengthsAfter(duplicate(film(30, 90), ["s1"], "ripple"), 30, 90)).toEqual([30, 30, 90]);
    expect(lengthsAfter(duplicate(film(20, 30, 100), ["s1", "s2"], "roll"), 20, 30, 100)).toEqual([20, 30, 20, 30, 50]);
  });

  it("insert at the playhead, with at most half of the shot whose time it takes", () => {
    const timeline = film(600, 100);
    expect([placeForNew(timeline, 0), placeForNew(timeline, 10), placeForNew(timeline, 650)]).toEqual([0, 1, 2]);
    expect(lengthsAfter(insert(timeline, 1, "roll"), 600, 100)).toEqual([600, 50, 50]);
    expect(lengthsAfter(insert(timeline, 1, "ripple"), 600, 100)).toEqual([600, 120, 100]);
  });

  it("trim to the playhead, or say why not", () => {
    expect(lengthsAfter(trimTo(film(60, 60), "s1", "end", 40, "roll"), 60, 60)).toEqual([40, 80]);
    expect(trimTo(film(60, 60, 60), "s1", "end", 150, "roll")).toHaveProperty("why_not");
  });

  it("take a typed length as far as the next shot allows it", () => {
    expect(lengthsAfter(lengthen(film(60, 60), "s1", 90, "roll"), 60, 60)).toEqual([90, 30]);
    expect(lengthen(film(60, 60), "s1", 119, "roll")).toEqual({ why_not: "The next shot can give no more than that: at most 3.8 s." });
    expect(lengthsAfter(lengthen(film(60, 60), "s2", 90, "roll"), 60, 60)).toEqual([60, 90]);
  });
});

describe("headings and words", () => {
  const row = clips(10, 20, 30, 40);
  const chapters: ChapterInfo[] = [{ number: 1, title: "A", start_frame: 0, length_frames: 30 }, { number: 2, title: "B", start_frame: 30, length_frames: 70 }];
  const about = { scenes: [{ number: 1, title: "Cape", chapter: 1, clips: ["s1", "s3"] }, { number: 2, title: "City", chapter: 2, clips: ["s2"] }], chapters } as unknown as FilmInfo;

  it("stand once over each run of a scene, and a shot of none goes with those before it", () => {
    const loose = row.map((clip) => ({ ...clip, scene: 0 }));
    expect(headings(loose, about).map((each) => [each.title, each.start_frame, each.length_frames])).toEqual([["Cape", 0, 10], ["City", 10, 20], ["Cape", 30, 70]]);
    expect(chapterHeadings(row, chapters).map((each) => [each.title, each.clips])).toEqual([["A", ["s1", "s2"]], ["B", ["s3", "s4"]]]);
  });

  it("count what is still to do", () => {
    expect(counts([{ status: "done" }, { status: "done" }, { status: "failed" }] as ShotInfo[])).toEqual({ done: 2, waiting: 0, running: 0, changed: 0, failed: 1 });
    expect([sizeOf(1, 30, { num: 30, den: 1 }), sizeOf(12, 8880, { num: 30, den: 1 })]).toEqual(["1 shot, 0:01", "12 shots, 4:56"]);
  });

  it("tell a screen reader what is seen", () => {
    const info = { title: "The lamp", status: "running", fraction: 0.62 } as ShotInfo;
    expect(shotLabel(row[3]!, 4, info, { num: 30, den: 1 })).toBe("Shot 4, The lamp, 1.3 seconds, starts at 0:02, being made, 62 percent");
    expect(jointLabel({ kind: "fade_black", length_frames: 15, side: "left" }, 3, { num: 30, den: 1 })).toBe("Fade through black, 0.5 seconds, from shot 3 to 4");
  });
});
