/** Files to the kernel, a megabyte at a time: larger messages are lost on the way without a word. */
import type { PageMessage } from "./protocol";

export const CHUNK_BYTES = 1 << 20;
/** After this long without an answer a piece counts as lost with the line it went over; each time it waits twice as long. */
export const STALL_MS = 4_000;
const LONGEST_STALL_MS = 32_000;

type Begin = Extract<PageMessage, { type: "upload_begin" }>;
interface Upload {
  begin: Begin; file: File; progress: (fraction: number) => void; resolve: () => void; reject: (reason: Error) => void;
  /** Where the piece on its way begins; -1 while none is. */
  sent_at: number;
  stall?: ReturnType<typeof setTimeout>;
}

export function uploads(send: (message: PageMessage, buffers?: ArrayBuffer[]) => void, newId: () => number) {
  const going = new Map<number, Upload>();

  function end(id: number): Upload | undefined {
    const one = going.get(id);
    clearTimeout(one?.stall);
    going.delete(id);
    return one;
  }

  /** Ask how much has come; the answer is where to go on. */
  function announce(one: Upload, patience_ms = STALL_MS) {
    one.sent_at = -1;
    clearTimeout(one.stall);
    one.stall = setTimeout(() => announce(one, Math.min(2 * patience_ms, LONGEST_STALL_MS)), patience_ms);
    send(one.begin);
  }

  return {
    start(file: File, use: Begin["use"], progress: (fraction: number) => void, signal?: AbortSignal): Promise<void> {
      return new Promise((resolve, reject) => {
        const id = newId();
        const begin: Begin = { type: "upload_begin", id, name: file.name, size_bytes: file.size, use };
        const one: Upload = { begin, file, progress, resolve, reject, sent_at: -1 };
        going.set(id, one);
        signal?.addEventListener("abort", () => {
          if (!end(id)) return;
          send({ type: "upload_cancel", id });
          reject(new DOMException("The upload was cancelled.", "AbortError"));
        });
        announce(one);
      });
    },

    async acknowledged(id: number, received: number) {
      const one = going.get(id);
      if (!one || received === one.sent_at) return;
      one.sent_at = received;
      clearTimeout(one.stall);
      one.stall = setTimeout(() => announce(one, 2 * STALL_MS), STALL_MS);
      one.progress(one.file.size ? received / one.file.size : 1);
      if (received >= one.file.size) return;
      try {
        const chunk = await one.file.slice(received, received + CHUNK_BYTES).arrayBuffer();
        if (going.get(id) === one) send({ type: "upload_chunk", id, at: received }, [chunk]);
      } catch {
        end(id);
        send({ type: "upload_cancel", id });
        one.reject(new Error(`${one.file.name} cannot be read any more: choose it again`));
      }
    },

    done(id: number) {
      end(id)?.resolve();
    },

    refused(id: number, message: string): boolean {
      const one = end(id);
      one?.reject(new Error(message));
      return one !== undefined;
    },

    /** After a lost connection: the kernel says how much it has, and the rest follows. */
    resume() {
      for (const one of going.values()) announce(one);
    },

    close() {
      for (const id of [...going.keys()]) end(id)?.reject(new Error("the page was closed"));
    },
  };
}
