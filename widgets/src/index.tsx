/** The widget as anywidget loads it: an `Editor` of storyreel/studio/editor.py, drawn into an element. */
import { render as draw } from "preact";

import { App } from "./app";
import type { KernelMessage, PageMessage } from "./protocol";
import { createStudio } from "./store";
import type { Studio, Wire } from "./studio";

/** The part of anywidget's model that is used. */
export interface Model {
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: string, take: (content: KernelMessage, buffers: DataView[]) => void): void;
  off(event: string, take: (content: KernelMessage, buffers: DataView[]) => void): void;
}

export function wireOf(model: Model): Wire {
  return {
    send: (message: PageMessage, buffers: ArrayBuffer[] = []) => model.send(message, undefined, buffers),
    listen(take) {
      model.on("msg:custom", take);
      return () => model.off("msg:custom", take);
    },
    lost(take) {
      model.on("comm_live_update", take);
      return () => model.off("comm_live_update", take);
    },
  };
}

/** Draws the editor into an element; what it is driven by is handed out for whoever embeds it in a page of their own. */
export function open(wire: Wire, el: HTMLElement): { studio: Studio; close: () => void } {
  const { studio, close } = createStudio(wire);
  draw(<App studio={studio} />, el);
  return {
    studio,
    close() {
      draw(null, el);
      close();
    },
  };
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  return open(wireOf(model), el).close;
}

export default { render };
