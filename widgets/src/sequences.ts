/** How one list becomes another, in the pieces that Python's difflib finds (Ratcliff and Obershelp, without junk). */

export type Opcode = [kind: "equal" | "replace" | "insert" | "delete", first: number, after: number, newFirst: number, newAfter: number];

/** The longest run that both stretches share, `places` telling where `b` has what; of equal ones the first in `a`, then in `b`. */
function longestMatch(
  a: readonly string[], places: ReadonlyMap<string, number[]>,
  aFirst: number, aAfter: number, bFirst: number, bAfter: number,
): [number, number, number] {
  let best: [number, number, number] = [aFirst, bFirst, 0];
  let ending = new Map<number, number>(); // where in `b` a run that reaches the item before ends -> its length
  for (let i = aFirst; i < aAfter; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i]!) ?? []) {
      if (j < bFirst || j >= bAfter) continue;
      const length = (ending.get(j - 1) ?? 0) + 1;
      next.set(j, length);
      if (length > best[2]) best = [i - length + 1, j - length + 1, length];
    }
    ending = next;
  }
  return best;
}

/** The steps that turn `a` into `b`, in order; together they cover both. */
export function opcodes(a: readonly string[], b: readonly string[]): Opcode[] {
  const places = new Map<string, number[]>();
  b.forEach((item, index) => places.set(item, [...(places.get(item) ?? []), index]));
  const matches: [number, number, number][] = [];
  const search = (aFirst: number, aAfter: number, bFirst: number, bAfter: number) => {
    const [i, j, length] = longestMatch(a, places, aFirst, aAfter, bFirst, bAfter);
    if (!length) return;
    if (aFirst < i && bFirst < j) search(aFirst, i, bFirst, j);
    matches.push([i, j, length]);
    if (i + length < aAfter && j + length < bAfter) search(i + length, aAfter, j + length, bAfter);
  };
  search(0, a.length, 0, b.length);
  const found: Opcode[] = [];
  let [aAt, bAt] = [0, 0];
  for (const [i, j, length] of [...matches, [a.length, b.length, 0] as const]) {
    if (aAt < i || bAt < j) {
      found.push([aAt < i ? (bAt < j ? "replace" : "delete") : "insert", aAt, i, bAt, j]);
    }
    const last = found.at(-1);
    if (length && last?.[0] === "equal" && last[2] === i && last[4] === j) [last[2], last[4]] = [i + length, j + length];
    else if (length) found.push(["equal", i, i + length, j, j + length]);
    [aAt, bAt] = [i + length, j + length];
  }
  return found;
}
