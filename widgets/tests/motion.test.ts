import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { fittedBox, windowAt } from "../src/motion";
import type { Box, Window_ } from "../src/motion";
import type { Ease, Fit, Rect } from "../src/protocol";

interface Pixels { width_px: number; height_px: number }
interface Golden {
  vectors: { name: string; motion: { start: Partial<Rect>; end: Partial<Rect>; ease: Ease }; progress: number; picture: Pixels; frame: Pixels; window: Window_ }[];
  boxes: { name: string; fit: Fit["kind"]; picture: Pixels; frame: Pixels; box: Box }[];
}
const golden = JSON.parse(readFileSync(new URL("../../tests/golden/motion.json", import.meta.url), "utf8")) as Golden;
const size = ({ width_px, height_px }: Pixels) => [width_px, height_px] as const;
const filled = (rect: Partial<Rect>): Rect => ({ x: 0.5, y: 0.5, height: 1, turn_deg: 0, ...rect });

test.each(golden.vectors.map((vector) => [vector.name, vector] as const))(
  "a camera move looks where Python's does: %s",
  (_, { motion, progress, picture, frame, window }) => {
    const move = { start: filled(motion.start), end: filled(motion.end), ease: motion.ease };
    const found = windowAt(move, progress, size(picture), size(frame));
    for (const name of ["left_px", "top_px", "scale", "turn_deg"] as const) {
      expect(Math.abs(found[name] - window[name])).toBeLessThan(1e-9);
    }
  },
);

test.each(golden.boxes.map((box) => [box.name, box] as const))("a picture fills the box it fills in Python: %s", (_, vector) => {
  const fit = { kind: vector.fit, colour: "#000000" };
  expect(fittedBox(fit, size(vector.picture), size(vector.frame))).toEqual(vector.box);
});
