/**
 * Names that nothing else has: several editors may stand in one document, each with a copy of this module of its own,
 * so that counting does not tell them apart. (crypto.randomUUID is missing where a page comes over plain http.)
 */
import { useMemo } from "preact/hooks";

export function unique(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An element's id. */
export function useOwnId(): string {
  return useMemo(() => `sr-${unique()}`, []);
}
