import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { applyAll, EditError } from "../src/edits";
import type { Edit, Splice, Timeline } from "../src/protocol";
import { opcodes } from "../src/sequences";
import { patched } from "../src/store";

interface Golden {
  films: Record<string, Timeline>;
  vectors: { name: string; film: string; edits: Edit[]; patch: { splices: Record<string, Splice>; values: Record<string, unknown> } | null }[];
}

const folder = new URL("../../tests/golden/", import.meta.url);
const files = readdirSync(folder).filter((name) => /^edit.*\.json$/.test(name));

/** Fractions to a millionth, so that the last bit of a float counts for nothing. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, each) => (typeof each === "number" ? Math.round(each * 1e6) / 1e6 : each)));
}

for (const file of files) {
  const golden = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Golden;
  test.each(golden.vectors.map((vector, index) => [`${file} ${index}: ${vector.name}`, vector] as const))(
    "an edit makes in the page what it makes in Python: %s",
    (_, { film, edits, patch }) => {
      const before = golden.films[film]!;
      if (!patch) expect(() => applyAll(before, edits)).toThrow(EditError);
      else expect(rounded(applyAll(before, edits))).toEqual(rounded(patched(before, patch.splices, patch.values)));
    },
  );
}

test("an edit leaves the film it was given as it was", () => {
  const golden = JSON.parse(readFileSync(new URL("edits.json", folder), "utf8")) as Golden;
  const before = JSON.stringify(golden.films);
  for (const { film, edits, patch } of golden.vectors) if (patch) applyAll(golden.films[film]!, edits);
  expect(JSON.stringify(golden.films)).toBe(before);
});

test("the steps between two lists rebuild the second", () => {
  const a = "the sea is quiet tonight".split(" "), b = "the grey sea was quiet".split(" ");
  const made = opcodes(a, b).flatMap(([kind, first, after, newFirst, newAfter]) =>
    kind === "equal" ? a.slice(first, after) : b.slice(newFirst, newAfter));
  expect(made).toEqual(b);
});
