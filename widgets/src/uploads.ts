/** Files to the kernel, a megabyte at a time: larger messages are lost on the way without a word. */
import type { PageMessage } from "./protocol";

export const CHUNK_BYTES = 1 << 20;

type Begin = Extract<PageMessage, { type: "upload_begin" }>;
interface Upload {
  begin: Begin; file: File; progress: (fraction: number) => void; resolve: () => void; reject: (reason: Error) => void;
}

export function uploads(send: (message: PageMessage, buffers?: ArrayBuffer[]) => void, newId: () => number) {
  const going = new Map<number, Upload>();

  function end(id: number): Upload | undefined {
    const one = going.get(id);
    going.delete(id);
    return one;
  }

  return {
    start(file: File, use: Begin["use"], progress: (fraction: number) => void, signal?: AbortSignal): Promise<void> {
      return new Promise((resolve, reject) => {
        const id = newId();
        const begin: Begin = { type: "upload_begin", id, name: file.name, size_bytes: file.size, use };
        going.set(id, { begin, file, progress, resolve, reject });
        signal?.addEventListener("abort", () => {
          const one = end(id);
          if (!one) return;
          send({ type: "upload_cancel", id });
          one.reject(new DOMException("The upload was cancelled.", "AbortError"));
        });
        send(begin);
      });
    },

    async acknowledged(id: number, received: number) {
      const one = going.get(id);
      if (!one) return;
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
      for (const { begin } of going.values()) send(begin);
    },

    close() {
      for (const id of [...going.keys()]) end(id)?.reject(new Error("the page was closed"));
    },
  };
}
