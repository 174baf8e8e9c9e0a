/** What the writing system of a text means for setting it: the twin of storyreel/timeline/scripts.py. */
import { ABBREVIATIONS, LEANING } from "../shared";

const UNSPACED: readonly (readonly [number, number])[] = [
  [0x3005, 0x3007], [0x3040, 0x30ff], [0x31f0, 0x31ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xf900, 0xfaff],
  [0x20000, 0x323af],
];
const NEVER_FIRST = new Set("、。，．・：；！？）」』】〕〉》〙〗’”…‥ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ%,.!?:;)]}");
const NEVER_LAST = new Set("（「『【〔〈《〘〖‘“([{");
const CLOSING = /["'”’»)\]}›」』）】]+$/u;
const CLAUSE_ENDS = /[,;:—–،؛、，；：]$/u;
// What Python's str.split parts words at.
const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Words parted by white space, as Python parts them. */
export function splitWords(text: string): string[] {
  return text.split(SPACES).filter((word) => word);
}

export function isUnspaced(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return UNSPACED.some(([low, high]) => low <= code && code <= high);
}

function touches(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return isUnspaced(character) || (code >= 0x3000 && code <= 0x303f) || (code >= 0xff00 && code <= 0xff60);
}

/** What stands between two words of a line: a space, or nothing between words of an unspaced script. */
export function spaceBetween(left: string, right: string): string {
  if (!left || !right) return " ";
  return touches([...left].at(-1)!) && touches([...right][0]!) ? "" : " ";
}

/** A text in capitals as its language forms them; Greek drops its accents in capitals. */
export function capitals(text: string, language: string): string {
  const code = language.split("-", 1)[0]!.toLowerCase();
  if (code === "az" || code === "tr") return text.replaceAll("i", "\u0130").toUpperCase();
  if (code === "el") return text.normalize("NFD").replaceAll("\u0301", "").normalize("NFC").toUpperCase();
  return text.toUpperCase();
}

/** Cut a token of an unspaced script where a line may break; any other word stays whole. */
export function breakUnspaced(word: string): string[] {
  const pieces: string[] = [];
  for (const character of word) {
    const before = pieces.length ? [...pieces.at(-1)!].at(-1)! : "";
    if (before && !mayBreak(before, character)) pieces[pieces.length - 1] += character;
    else pieces.push(character);
  }
  return pieces;
}

function mayBreak(before: string, after: string): boolean {
  if (NEVER_FIRST.has(after) || NEVER_LAST.has(before) || /\p{Mn}/u.test(after)) return false;
  return touches(before) || isUnspaced(after);
}

/** Whether a line should not end on a word, since it belongs to the next: an article, a preposition, "Mr.". */
export function leans(word: string, language: string): boolean {
  if (word.endsWith(".") && ABBREVIATIONS.has(word.slice(0, -1).replace(/^["'“‘«(]+/u, "").toLowerCase())) return true;
  const plain = /\p{L}+(?:['’]\p{L}+)?/u.exec(word)?.[0].toLowerCase() ?? "";
  const leaning = LEANING.get(language.split("-", 1)[0]!.toLowerCase());
  return Boolean(leaning?.has(plain)) && !CLAUSE_ENDS.test(word.replace(CLOSING, ""));
}

/** A text's user-perceived characters, near enough: marks and joined emoji stay with what they belong to. */
export function clusters(text: string): string[] {
  const found: string[] = [];
  let flags = 0;
  for (const character of text) {
    const before = found.at(-1) ?? "";
    const isFlag = /\p{Regional_Indicator}/u.test(character);
    flags = isFlag ? flags + 1 : 0;
    if (before && (extendsCluster(character) || before.endsWith("\u200d") || (isFlag && flags % 2 === 0))) {
      found[found.length - 1] += character;
    } else {
      found.push(character);
    }
  }
  return found;
}

function extendsCluster(character: string): boolean {
  return /[\p{M}\u200c\u200d\u20e3\ufe00-\ufe0f\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u.test(character);
}

/** Whether letters may be spread: not where they join or stack, or have no tradition of it. */
export function takesTracking(text: string): boolean {
  const letters = [...text].filter((character) => /\p{L}/u.test(character));
  return (letters.length > 0 || text.trim() !== "") && letters.every((letter) =>
    /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}]/u.test(letter));
}
