/** Pictures, sound and fonts from the kernel: asked for in batches, kept under their keys. */
import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";

import type { KernelMessage, MediaKind, PageMessage } from "./protocol";
import type { Media, MediaState } from "./studio";

/** How many keys travel in one message; thumbnails are small, and 300 of them arrive fastest together. */
const BATCH: Record<MediaKind, number> = { thumb: 400, picture: 10, clip: 1, sound: 4, peaks: 1, font: 4 };

/** How many pieces of a kind are kept; those that nobody asked for longest go first. */
const KEPT: Record<MediaKind, number> = { thumb: 2000, picture: 400, clip: 24, sound: 400, peaks: 1, font: 40 };

/** A piece whose URL is made when it is first used, since most are read as bytes. */
class Piece implements Media {
  private made = "";
  constructor(readonly bytes: ArrayBuffer, readonly mime: string, readonly meta: Record<string, unknown>) {}

  get url(): string {
    return (this.made ||= URL.createObjectURL(new Blob([this.bytes], { type: this.mime })));
  }

  release(): void {
    if (this.made) URL.revokeObjectURL(this.made);
  }
}

export function mediaDesk(send: (message: PageMessage) => void) {
  const kept = new Map<MediaKind, Map<string, Signal<MediaState>>>();
  const queue = new Map<MediaKind, Set<string>>();
  let flushing: ReturnType<typeof setTimeout> | undefined;

  function shelf(kind: MediaKind): Map<string, Signal<MediaState>> {
    let found = kept.get(kind);
    if (!found) kept.set(kind, (found = new Map()));
    return found;
  }

  function flush() {
    flushing = undefined;
    for (const [kind, keys] of queue) {
      const all = [...keys];
      for (let at = 0; at < all.length; at += BATCH[kind]) send({ type: "want", kind, keys: all.slice(at, at + BATCH[kind]) });
    }
    queue.clear();
  }

  function want(kind: MediaKind, key: string) {
    const keys = queue.get(kind);
    if (keys) keys.add(key);
    else queue.set(kind, new Set([key]));
    flushing ??= setTimeout(flush, 0);
  }

  function drop(kind: MediaKind, key: string) {
    const held = shelf(kind).get(key)?.peek();
    if (held instanceof Piece) held.release();
    shelf(kind).delete(key);
  }

  return {
    of(kind: MediaKind, key: string): ReadonlySignal<MediaState> {
      const pieces = shelf(kind);
      let found = pieces.get(key);
      if (found) {
        // Moved to the end: the order of a shelf is that of use.
        pieces.delete(key);
        pieces.set(key, found);
        return found;
      }
      pieces.set(key, (found = signal<MediaState>("wanted")));
      if (pieces.size > KEPT[kind]) drop(kind, pieces.keys().next().value!);
      want(kind, key);
      return found;
    },

    arrived(message: Extract<KernelMessage, { type: "media" }>, buffers: DataView[], tags: Readonly<Record<string, string>>) {
      const { kind, keys, mime, meta = {}, missing = {} } = message;
      const sentTags = (meta.tags ?? {}) as Record<string, string>;
      keys.forEach((key, index) => {
        const buffer = buffers[index], place = shelf(kind).get(key);
        if (!buffer || !place) return;
        // An answer to a question asked before the sound changed.
        if (kind === "sound" && key in sentTags && sentTags[key] !== tags[key]) return;
        const before = place.peek();
        place.value = new Piece(copyOf(buffer), mime, meta);
        if (before instanceof Piece) before.release();
      });
      for (const [key, why] of Object.entries(missing)) {
        const place = shelf(kind).get(key);
        if (place) place.value = { missing: why };
      }
    },

    /** Sound blocks whose tag changed are forgotten; whoever plays asks for them anew. */
    retag(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>) {
      let changed = false;
      for (const key of [...shelf("sound").keys()]) {
        if (before[key] === now[key]) continue;
        drop("sound", key);
        changed = true;
      }
      if (changed) drop("peaks", "voice");
    },

    /** Everything that was asked for and never came, and what could not be had: the kernel may be another one now. */
    askAgain() {
      for (const [kind, pieces] of kept) {
        for (const [key, place] of pieces) {
          if (place.peek() instanceof Piece) continue;
          place.value = "wanted";
          want(kind, key);
        }
      }
    },

    close() {
      clearTimeout(flushing);
      for (const [kind, pieces] of kept) for (const key of [...pieces.keys()]) drop(kind, key);
    },
  };
}

/** Only its own bytes: a message's buffers may share one. */
function copyOf(view: DataView | ArrayBuffer): ArrayBuffer {
  if (view instanceof ArrayBuffer) return view;
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer;
}
