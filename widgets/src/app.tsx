/** The editor: player, transport and strip at the left, the panel at the right; one above the other on a phone. */
import { useSignal, useSignalEffect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import "./kit/theme.css";
import "./app.css";
import "./strip/strip.css";
import "./panel/panel.css";

import { Button } from "./kit/controls";
import { Header } from "./header";
import { Help, InsertDialog, Lost, Notices, QuestionDialog } from "./overlays";
import { PanelColumn } from "./panel/panel";
import { Player } from "./player/player";
import { goTo } from "./strip/commands";
import { commandFor, keyOf, type Where } from "./strip/keys";
import { Strip } from "./strip/strip";
import { StripView, type Size } from "./strip/view";
import { tileAt } from "./strip/visible";
import type { Studio } from "./studio";
import { followTheme } from "./theme";
import { Transport } from "./transport/transport";

export interface AppProps {
  studio: Studio;
  /** A header of 44 px with title, undo, cost and Render, for a notebook; a page that has its own leaves it out. */
  header?: boolean;
  /** Whether the right column shows the selected shot; a page puts its own column there otherwise. */
  panel?: ReadonlySignal<boolean>;
  /** Whether the editor fills the height of the element it is in, as a page wants it; else it takes what it needs. */
  fill?: boolean;
  /** What Render does; without it the header has no such button. */
  onRender?: () => void;
}

/** What the panel takes of a wide editor; where a page's own column stands in its place, it takes as much. */
const PANEL_PX = 384;

/** Widths of the editor itself, not of the window, its panel counted in: player and strip stay as they are without it. */
export function sizeFor(width_px: number, panel: boolean): Size {
  if (width_px <= 640) return "phone";
  return width_px + (panel ? 0 : PANEL_PX) > 1180 ? "wide" : "narrow";
}

export function App({ studio, header = true, panel, fill = false, onRender }: AppProps) {
  const view = useMemo(() => new StripView(studio), [studio]), root = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  useEffect(() => {
    const here = root.current!;
    view.root = here;
    const measure = new ResizeObserver(() => { width.value = here.clientWidth; });
    measure.observe(here);
    const stop = followTheme((dark, lab) => {
      view.dark.value = dark;
      here.dataset["dark"] = String(dark);
      here.dataset["lab"] = String(lab);
    });
    return () => { measure.disconnect(); stop(); };
  }, [view]);
  useSignalEffect(() => {
    if (width.value) view.size.value = sizeFor(width.value, panel?.value ?? true);
  });
  // The film opens on the shot under the playhead, as soon as there is one.
  const opened = useRef(false), poster = useRef(0);
  useSignalEffect(() => {
    const clips = view.clips.value;
    if (opened.current || !clips.length || !view.width_px.value) return;
    opened.current = true;
    // A film that comes from black is shown once it is there; playing it begins at its beginning all the same.
    if (studio.playhead_frame.peek() === 0) studio.playhead_frame.value = poster.current = studio.timeline.peek()!.fade_in_frames;
    if (!studio.selection.peek().length) goTo(view, clips[tileAt(clips, studio.playhead_frame.peek())]!.id);
    view.open();
  });

  useSignalEffect(() => {
    if (!studio.playing.value) return;
    if (poster.current && studio.playhead_frame.peek() === poster.current) studio.playhead_frame.value = 0;
    poster.current = 0;
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    // A text keeps its keys, and Escape too while it has something to take back.
    if (event.defaultPrevented || (event.key !== "Escape" && target.matches("input:not([type=range]), textarea, select"))) return;
    const on: Where["on"] = target.closest(".sr-shots") ? "shot" : target.closest(".sr-strip") ? "strip" : target.closest(".sr-main") ? "player" : "elsewhere";
    // Space and Enter press a button; only on a shot and on the player's own surface they are commands.
    if ((event.key === " " || event.key === "Enter") && target.closest("button")) return;
    if (event.key === "Escape" && on === "elsewhere" && target.closest(".sr-panel")) {
      view.panel.value = { of: "shots" };
      root.current!.querySelector<HTMLElement>(".sr-shot[tabindex='0']")?.focus({ preventScroll: true });
      event.preventDefault();
      return;
    }
    const command = commandFor(keyOf(event), { on, picked: view.move.peek()?.by === "keys" });
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    view.run(command);
  };
  const size = view.size.value, lost = studio.connection.value === "lost", open = panel?.value ?? true;
  return (
    <div ref={root} class={`sr-root sr-app ${fill ? "is-filling" : ""} ${open ? "" : "is-closed"}`} data-size={size} data-lost={lost} onKeyDown={onKeyDown}
      onFocusIn={(event) => { view.focused = !!(event.target as HTMLElement).closest(".sr-shots"); }}>
      {header && <Header view={view} onRender={onRender} />}
      {lost && <Lost studio={studio} />}
      <div class="sr-columns">
        <div class="sr-main">
          <Stage view={view} />
          <Transport studio={studio} view={view} />
          <Strip view={view} tools={!header} names={size === "wide" || !open} />
        </div>
        {open && <PanelColumn view={view} />}
      </div>
      <Notices studio={studio} />
      <div class="sr-hidden" role="status" aria-live="polite">{view.said.value}</div>
      <Help view={view} />
      <QuestionDialog view={view} />
      <InsertDialog view={view} />
    </div>
  );
}

function Stage({ view }: { view: StripView }) {
  const { studio } = view, timeline = studio.timeline.value;
  const shape = timeline ? { "--shape": timeline.width_px / timeline.height_px } : { "--shape": 16 / 9 };
  return (
    <div class={`sr-stage ${timeline && timeline.height_px > timeline.width_px ? "is-tall" : ""}`} style={shape} role="region" aria-label="Player" tabIndex={-1} data-lm-suppress-shortcuts="true">
      <Player studio={studio} />
      {document.fullscreenElement && <Button look="plain" icon="close" label="Leave full screen" onClick={() => view.run("full_screen")} />}
    </div>
  );
}
