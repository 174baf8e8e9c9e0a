import { describe, expect, it } from "vitest";

import { applyAll } from "../../src/edits";
import { laidOut, moveEdits, placeFor, placeOf, reordered, stepped } from "../../src/strip/order";
import { clips, film, subsets } from "./films";

const IDS = ["s1", "s2", "s3", "s4", "s5"];

describe("reordering", () => {
  it("sends edits that give exactly the order that was shown, for every selection and place", () => {
    const timeline = film(10, 20, 30, 40, 50);
    for (const moved of subsets(IDS)) {
      for (let place = 0; place <= IDS.length - moved.size; place += 1) {
        const edits = moveEdits(IDS, moved, place), after = applyAll(timeline, edits).clips.map((clip) => clip.id);
        expect(after).toEqual(reordered(IDS, moved, place));
        expect(edits.every((edit) => moved.has(edit["clip"] as string))).toBe(true);
      }
    }
  });

  it("sends nothing where a block is already", () => {
    expect(moveEdits(IDS, new Set(["s2", "s3"]), 1)).toEqual([]);
  });

  it("drops a block where its left edge is nearest", () => {
    const row = clips(100, 100, 100, 100), moved = new Set(["s1"]);
    expect([-50, 0, 49, 51, 149, 151, 900].map((frame) => placeFor(frame, row, moved))).toEqual([0, 0, 0, 1, 1, 2, 3]);
  });

  it("lays shots end to end in their new order", () => {
    const places = laidOut(clips(10, 20, 30), ["s3", "s1", "s2"]);
    expect([...places].map(([id, { start_frame }]) => [id, start_frame])).toEqual([["s3", 0], ["s1", 30], ["s2", 40]]);
  });

  it("steps a picked-up block no further than the ends", () => {
    const moved = new Set(["s2", "s4"]);
    expect(placeOf(IDS, moved)).toBe(1);
    expect([-9, -1, 1, 9].map((by) => stepped(IDS, moved, by))).toEqual([0, 0, 2, 3]);
  });
});
