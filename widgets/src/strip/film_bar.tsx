/** The whole film as a bar: it shows the visible part, and drags it. */
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";

import { OWN_KEYS } from "../kit/controls";
import { headings } from "./scenes";
import { clock, seconds } from "./time";
import type { StripView } from "./view";

export function FilmBar({ view }: { view: StripView }) {
  const { studio } = view, bar = useRef<HTMLDivElement>(null), grip = useRef(0);
  const timeline = studio.timeline.value!, film = studio.film.value!, all = film.chapters.length > 1 ? film.chapters : headings(view.clips.value, film);
  useSignalEffect(() => {
    const here = bar.current, content = view.content_px.value, left = view.scroll_px.value, width = view.width_px.value;
    if (!here) return;
    here.style.setProperty("--from", `${(100 * left) / content}%`);
    here.style.setProperty("--wide", `${Math.min((100 * width) / content, 100)}%`);
    here.setAttribute("aria-valuenow", String(Math.round((100 * left) / Math.max(content - width, 1))));
    here.setAttribute("aria-valuetext", `from ${clock(seconds(left / view.px_a_frame.peek(), timeline.rate))}`);
  });
  useSignalEffect(() => {
    const frame = studio.playhead_frame.value, length = studio.timeline.value?.length_frames ?? 1;
    bar.current?.style.setProperty("--at", `${(100 * frame) / length}%`);
  });
  const partAt = (event: PointerEvent): number => {
    const box = bar.current!.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };
  const drag = (event: PointerEvent): void => view.scrollTo((partAt(event) - grip.current) * view.content_px.peek());
  const onDown = (event: PointerEvent): void => {
    bar.current!.setPointerCapture(event.pointerId);
    const content = view.content_px.peek(), from = view.scroll_px.peek() / content, wide = view.width_px.peek() / content, at = partAt(event);
    grip.current = at >= from && at <= from + wide ? at - from : wide / 2;
    drag(event);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by: Record<string, number> = { ArrowLeft: -0.2, ArrowRight: 0.2, PageUp: -0.9, PageDown: 0.9, Home: -Infinity, End: Infinity };
    if (!(event.key in by)) return;
    view.scrollTo(view.scroll_px.peek() + by[event.key]! * view.width_px.peek());
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="sr-bar-row">
      <div ref={bar} class="sr-bar" role="scrollbar" aria-orientation="horizontal" aria-label="Visible part of the film" aria-valuemin={0} aria-valuemax={100}
        aria-controls={view.id("scroll")} tabIndex={0} {...OWN_KEYS} onKeyDown={onKeyDown} onPointerDown={onDown}
        onPointerMove={(event) => { if (bar.current!.hasPointerCapture(event.pointerId)) drag(event); }}>
        {all.slice(1).map((part) => <i style={{ left: `${(100 * part.start_frame) / timeline.length_frames}%` }} />)}
        <div class="sr-bar-window" />
        <div class="sr-bar-head" />
      </div>
    </div>
  );
}
