/**
 * In which order a line that mixes left-to-right and right-to-left writing stands on screen: the twin of
 * storyreel/render/text_bidi.py (UAX #9 without embeddings). Browsers do not tell a character's bidirectional class, so
 * it is found here from scripts and categories, near enough for captions.
 */
const RIGHT_TO_LEFT_LANGUAGES = new Set(["ar", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"]);
const STRONG = new Set(["L", "R", "AL"]);

function classOf(character: string): string {
  if (/[0-9\u06f0-\u06f9\u00b2\u00b3\u00b9\u2070-\u2079\uff10-\uff19]/u.test(character)) return "EN";
  if (/[\u0660-\u0669\u066b\u066c]/u.test(character)) return "AN";
  if (/[+\-\u207a\u207b\u2212\uff0b\uff0d]/u.test(character)) return "ES";
  if (/[#$%\u00a2-\u00a5\u00b0\u00b1\u066a\u2030-\u2034\p{Sc}]/u.test(character)) return "ET";
  if (/[,./:\u00a0\u060c\u202f\u2044\uff0c\uff0e\uff1a]/u.test(character)) return "CS";
  if (/[\p{Mn}\p{Me}]/u.test(character)) return "NSM";
  if (/\p{Script=Hebrew}|\p{Script=Nko}|\u200f/u.test(character)) return "R";
  if (/[\u061b-\u061f\u066d]|[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u.test(character)) return "AL";
  if (/[\t\v\x1f]/.test(character)) return "S";
  if (/\s/u.test(character)) return "WS";
  if (/[\p{L}\p{Mc}\p{Nl}\p{N}\u200e]/u.test(character)) return "L";
  return "ON";
}

/** A paragraph's direction: its language's when it has any such letter, else that of its first strong letter. */
export function isRightToLeft(text: string, language = ""): boolean {
  const kinds = [...text].map(classOf);
  if (RIGHT_TO_LEFT_LANGUAGES.has(language.split("-", 1)[0]!)) return kinds.some((kind) => kind === "R" || kind === "AL");
  const first = kinds.find((kind) => STRONG.has(kind));
  return first !== undefined && first !== "L";
}

/** The embedding level of every character (code point) of a line: even runs left to right, odd right to left. */
export function levels(text: string, rightToLeft: boolean): number[] {
  const base = rightToLeft ? 1 : 0, outer = base ? "R" : "L";
  const original = [...text].map(classOf);
  const kinds = [...original];
  resolveWeak(kinds, outer);
  resolveNeutral(kinds, outer);
  const found = kinds.map((kind) =>
    base ? (kind === "R" ? 1 : 2) : kind === "L" ? 0 : kind === "R" ? 1 : 2);
  for (let index = found.length - 1; index >= 0 && /^(WS|S)$/.test(original[index]!); index--) found[index] = base;
  return found;
}

/** Items with levels, in the order they stand from left to right (rule L2). */
export function visualOrder<T extends { level: number }>(items: readonly T[]): T[] {
  let ordered = [...items];
  const highest = Math.max(0, ...items.map((item) => item.level));
  const odd = items.map((item) => item.level).filter((level) => level % 2);
  for (let level = highest; odd.length && level >= Math.min(...odd); level--) {
    const turned: T[] = [];
    for (let at = 0; at < ordered.length;) {
      let end = at;
      const reached = ordered[at]!.level >= level;
      while (end < ordered.length && ordered[end]!.level >= level === reached) end++;
      turned.push(...(reached ? ordered.slice(at, end).reverse() : ordered.slice(at, end)));
      at = end;
    }
    ordered = turned;
  }
  return ordered;
}

function resolveWeak(kinds: string[], outer: string) {
  let before = outer, strong = outer;
  kinds.forEach((kind, index) => { // W1
    if (kind === "NSM") kinds[index] = before;
    before = kinds[index]!;
  });
  kinds.forEach((kind, index) => { // W2
    if (STRONG.has(kind)) strong = kind;
    else if (kind === "EN" && strong === "AL") kinds[index] = "AN";
  });
  kinds.forEach((kind, index) => { // W3
    if (kind === "AL") kinds[index] = "R";
  });
  for (let index = 1; index < kinds.length - 1; index++) { // W4
    const [left, kind, right] = [kinds[index - 1]!, kinds[index]!, kinds[index + 1]!];
    if (left === right && ((kind === "ES" && left === "EN") || (kind === "CS" && (left === "EN" || left === "AN")))) {
      kinds[index] = left;
    }
  }
  eachRun(kinds, (kind) => kind, (kind, at, end) => { // W5
    if (kind === "ET" && (kinds[at - 1] === "EN" || kinds[end] === "EN")) kinds.fill("EN", at, end);
  });
  strong = outer;
  kinds.forEach((kind, index) => { // W6, W7
    if (/^(ES|ET|CS)$/.test(kind)) kinds[index] = "ON";
    if (kind === "L" || kind === "R") strong = kind;
    else if (kind === "EN" && strong === "L") kinds[index] = "L";
  });
}

function resolveNeutral(kinds: string[], outer: string) {
  const side = (kind: string | undefined) => (kind === undefined ? outer : kind === "L" ? "L" : "R");
  eachRun(kinds, (kind) => /^(B|S|WS|ON)$/.test(kind), (neutral, at, end) => { // N1, N2
    if (!neutral) return;
    const before = side(kinds[at - 1]), after = side(kinds[end]);
    kinds.fill(before === after ? before : outer, at, end);
  });
}

function eachRun<K>(kinds: readonly string[], keyOf: (kind: string) => K, take: (key: K, at: number, end: number) => void) {
  const keys = kinds.map(keyOf);
  for (let at = 0, end = 0; at < keys.length; at = end) {
    while (end < keys.length && keys[end] === keys[at]) end++;
    take(keys[at]!, at, end);
  }
}
