/** The widget as anywidget loads it: an `Editor` of storyreel/studio/editor.py, drawn into an element. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { render as draw } from "preact";
import type { ComponentChild } from "preact";

import { App } from "./app";
import { Player } from "./player/player";
import type { KernelMessage, PageMessage } from "./protocol";
import { createStudio } from "./store";
import type { Studio, Wire } from "./studio";

/** How the editor is set into its surroundings: `Editor.layout` of storyreel/studio/editor.py. */
interface Layout { header: boolean; panel: boolean; fill: boolean }

/** The part of anywidget's model that is used. */
export interface Model {
  get(name: "layout_of_page"): Layout;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: string, take: (content: KernelMessage, buffers: DataView[]) => void): void;
  off(event: string, take: (content: KernelMessage, buffers: DataView[]) => void): void;
}

export function wireOf(model: Model): Wire {
  return {
    send(message: PageMessage, buffers: ArrayBuffer[] = []) {
      try {
        model.send(message, undefined, buffers);
      } catch {
        // A page that is being left has no kernel any more; a lost one is told by its silence.
      }
    },
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
export function editor(
  wire: Wire, el: HTMLElement, layout: ReadonlySignal<Layout> = signal({ header: true, panel: true, fill: false }),
): { studio: Studio; close: () => void } {
  const panel = computed(() => layout.value.panel);
  return opened(wire, el, (studio) => (
    <App studio={studio} header={layout.peek().header} fill={layout.peek().fill} panel={panel}
      onRender={() => void studio.act({ do: "render" }, 0)} />
  ));
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
  const layout = signal(model.get("layout_of_page"));
  const changed = (): void => { layout.value = model.get("layout_of_page"); };
  model.on("change:layout_of_page", changed);
  const { close } = editor(wireOf(model), el, layout);
  return () => {
    model.off("change:layout_of_page", changed);
    close();
  };
}

export default { render };
