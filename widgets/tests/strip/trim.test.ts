import { describe, expect, it } from "vitest";

import { applyAll } from "../../src/edits";
import { clampTo, modeFor, trimEdits, trimmedLayout, trimReach, type Edge, type Mode, type Trim } from "../../src/strip/trim";
import { clips, film } from "./films";

const RATE = { num: 30, den: 1 };

describe("trimming", () => {
  it("shows, while an edge is dragged, exactly what its edits then give", () => {
    const timeline = film(90, 120, 60, 150);
    for (let clip = 0; clip < 4; clip += 1) {
      for (const edge of ["start", "end"] as Edge[]) {
        for (const asked of ["roll", "ripple"] as Mode[]) {
          const trim: Trim = { clip, edge, mode: modeFor(timeline.clips, clip, edge, asked) }, reach = trimReach(timeline.clips, trim, RATE);
          for (const by of [-1000, -20, 20, 1000]) {
            // The film's first edge stays at its start: what it gains or gives moves the rest.
            const frame = clampTo(reach.now + by, reach);
            if (Math.abs(frame) > 2000) continue;
            const after = applyAll(timeline, trimEdits(timeline.clips, trim, frame)), layout = trimmedLayout(timeline.clips, trim, frame);
            for (const each of after.clips) {
              const before = timeline.clips.find((one) => one.id === each.id)!, shown = layout.get(each.id) ?? before;
              expect([each.id, each.start_frame, each.length_frames]).toEqual([each.id, shown.start_frame, shown.length_frames]);
            }
          }
        }
      }
    }
  });

  it("rolls no neighbour below a fifth of a second", () => {
    const row = clips(90, 120, 60);
    expect(trimReach(row, { clip: 1, edge: "end", mode: "roll" }, RATE)).toEqual({ least: 96, most: 264, now: 210 });
    expect(trimReach(row, { clip: 1, edge: "start", mode: "roll" }, RATE)).toEqual({ least: 6, most: 204, now: 90 });
  });

  it("ripples at the film's ends, where there is nobody to share with", () => {
    const row = clips(90, 120, 60);
    expect([modeFor(row, 0, "start", "roll"), modeFor(row, 0, "end", "roll"), modeFor(row, 2, "end", "roll")]).toEqual(["ripple", "roll", "ripple"]);
  });

  it("takes the words out that are spoken where a shot is cut at its start", () => {
    const timeline = film(90, 120, 60);
    timeline.cues = [
      { start_frame: 92, length_frames: 8, lines: [[{ text: "gone", start_frame: 92, end_frame: 100 }]] },
      { start_frame: 150, length_frames: 30, lines: [[{ text: "kept", start_frame: 150, end_frame: 180 }]] },
    ];
    const after = applyAll(timeline, trimEdits(timeline.clips, { clip: 1, edge: "start", mode: "ripple" }, 110));
    expect(after.cues.map((cue) => [cue.start_frame, cue.lines[0]![0]!.text])).toEqual([[130, "kept"]]);
    expect(after.clips.map((clip) => clip.length_frames)).toEqual([90, 100, 60]);
  });
});
