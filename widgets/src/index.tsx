/** The widget as anywidget loads it: an `Editor` of storyreel/studio/editor.py, drawn into an element. */
import { render as draw } from "preact";
import type { ComponentChild } from "preact";

import { App } from "./app";
import { Player } from "./player/player";
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

/** The whole editor in an element; `studio` is for whoever embeds it in a page of their own. */
export function editor(wire: Wire, el: HTMLElement): { studio: Studio; close: () => void } {
  return opened(wire, el, (studio) => <App studio={studio} />);
}

/** The film alone, as large as the element is wide. */
export function player(wire: Wire, el: HTMLElement): { studio: Studio; close: () => void } {
  return opened(wire, el, (studio) => <Player studio={studio} />);
}

function opened(wire: Wire, el: HTMLElement, face: (studio: Studio) => ComponentChild) {
  const { studio, close } = createStudio(wire);
  draw(face(studio), el);
  return {
    studio,
    close() {
      draw(null, el);
      close();
    },
  };
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  return editor(wireOf(model), el).close;
}

export default { render };
