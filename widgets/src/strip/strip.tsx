/** The film as a strip: heading, lanes under one ruler, the playhead, and the bar of the whole film. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { Button, Menu, OWN_KEYS } from "../kit/controls";
import { Icon, type IconName } from "../kit/icons";
import { across, px } from "../kit/style";
import { FilmBar } from "./film_bar";
import { listenToPointer } from "./gestures";
import { Joints } from "./joints";
import { Headings, Ruler, Sounds, Voice } from "./lanes";
import { scaleOf, sliderOf } from "./scale";
import { chapterAt, counts, sizeOf } from "./scenes";
import { Shots } from "./shots";
import { framesPerSecond, seconds } from "./time";
import { trimmedLength } from "./trim";
import { PAD_PX, type StripView } from "./view";

export function Strip({ view, tools, names }: { view: StripView; tools: boolean; names: boolean }) {
  const { studio } = view;
  if (!studio.timeline.value || !studio.film.value) return <StripGhost />;
  const phone = view.size.value === "phone";
  return (
    <section class="sr-strip" aria-label="Film strip">
      <Head view={view} tools={tools} />
      <div class="sr-strip-body">
        {!phone && (
          <ul class={`sr-names ${names ? "" : "is-icons"}`} aria-hidden="true">
            {LANES.map(([icon, name]) => <li key={name} title={name}><Icon name={icon} />{names && <span>{name}</span>}</li>)}
          </ul>
        )}
        <Lanes view={view} phone={phone} />
      </div>
      {!phone && <FilmBar view={view} />}
    </section>
  );
}

const LANES: readonly [IconName, string][] = [
  ["film", "Scenes"], ["picture", "Shots"], ["voice", "Voice"], ["music", "Music"], ["effects", "Effects"],
];

function Head({ view, tools }: { view: StripView; tools: boolean }) {
  const { studio } = view, timeline = studio.timeline.value!, film = studio.film.value!, size = view.size.value;
  const chapter = film.chapters.length === 1 ? film.chapters[0]! : chapterAt(film.chapters, studio.timeline.value ? view.chapter_frame.value : 0);
  const found = counts(studio.shots.value.values()), range = view.range();
  const has_rest = found.changed + found.failed + found.running + found.waiting > 0;
  return (
    <div class="sr-strip-head">
      <h2>{chapter ? `Chapter ${chapter.number}` : "Film"}</h2>
      {size === "wide" && chapter?.title && <span class="sr-strip-title">{chapter.title}</span>}
      {!(tools && size === "phone") && <span class="sr-quiet sr-strip-size">{sizeOf(timeline.clips.length, timeline.length_frames, timeline.rate)}</span>}
      <span class="sr-counts">
        {size === "wide" && has_rest && found.done > 0 && <span class="is-done"><Icon name="check" size={14} />{found.done} done</span>}
        {found.failed > 0 && size !== "phone" && <span class="is-failed"><Icon name="alert" size={14} />{found.failed} failed</span>}
        {found.changed > 0 && size !== "phone" && <span class="is-changed"><Icon name="pen" size={14} />{found.changed} changed</span>}
        {found.running > 0 && size === "wide" && <span class="is-running"><Icon name="ring" size={14} />{found.running} being made</span>}
        {found.waiting > 0 && size === "wide" && <span><Icon name="clock" size={14} />{found.waiting} waiting</span>}
      </span>
      <span class="sr-space" />
      {tools && <UndoTools view={view} />}
      {size !== "phone" && (
        <>
          <InsertMenu view={view} />
          <Button look="plain" icon="ripple" label="Trims and deletions move what follows" pressed={view.mode.value === "ripple"}
            onClick={() => { view.mode.value = view.mode.peek() === "ripple" ? "roll" : "ripple"; }} />
          <Button look="plain" icon="magnet" label="Magnet: edges snap to cuts in the voice" keys="N" pressed={studio.snapping.value} onClick={() => view.run("magnet")} />
          <i class="sr-rule" />
        </>
      )}
      <Button look="plain" icon="minus" label="Zoom out" keys="-" onClick={() => view.run("zoom_out")} />
      {size !== "phone" && (
        <input type="range" class="sr-zoom" min={0} max={1} step={0.001} aria-label="Zoom" {...OWN_KEYS} value={sliderOf(view.px_a_frame.value, range)}
          style={{ "--at": sliderOf(view.px_a_frame.value, range) }}
          onInput={(event) => view.zoomTo(scaleOf(Number(event.currentTarget.value), view.range()))} />
      )}
      <Button look="plain" icon="plus" label="Zoom in" keys="+" onClick={() => view.run("zoom_in")} />
      <Button look="plain" class="sr-fit" keys="0" onClick={() => view.run("fit")}>Fit</Button>
      {size !== "phone" && <Button look="plain" icon="help" label="Keys" keys="?" onClick={() => view.run("help")} />}
    </div>
  );
}

export function UndoTools({ view }: { view: StripView }) {
  const { history } = view.studio, done = history.value.some((entry) => !entry.undone), undone = history.value.some((entry) => entry.undone);
  const last = history.value.findLast((entry) => !entry.undone);
  return (
    <>
      <Button look="plain" icon="undo" label={last ? `Undo: ${last.label}` : "Undo"} keys="Control+Z" why_not={done ? undefined : "Nothing to undo"} onClick={() => view.run("undo")} />
      <Button look="plain" icon="redo" label="Redo" keys="Control+Shift+Z" why_not={undone ? undefined : "Nothing to redo"} onClick={() => view.run("redo")} />
      {view.size.value !== "phone" && (
        <Button look="plain" icon="history" label="History" pressed={view.panel.value.of === "history"}
          onClick={() => { view.panel.value = view.panel.peek().of === "history" ? { of: "shots" } : { of: "history" }; }} />
      )}
    </>
  );
}

function InsertMenu({ view }: { view: StripView }) {
  return (
    <Menu icon="plus" label="Insert a shot at the playhead" items={[
      { name: "Shot from a file", icon: "upload", does: () => { view.inserting.value = true; } },
      { name: "Empty shot", icon: "picture", does: () => view.run("insert") },
      { name: "Duplicate the selected", icon: "copy", does: () => view.run("duplicate") },
    ]} />
  );
}

function Lanes({ view, phone }: { view: StripView; phone: boolean }) {
  const { studio } = view, scroller = useRef<HTMLDivElement>(null), head = useRef<HTMLDivElement>(null), content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const here = scroller.current!, stop = listenToPointer(here, view);
    const measure = new ResizeObserver(() => {
      view.width_px.value = Math.max(here.clientWidth - 2 * PAD_PX, 1);
      if (view.opening.peek()) view.open();
    });
    measure.observe(here);
    const onScroll = (): void => {
      if (Math.abs(here.scrollLeft - view.scroll_px.peek()) >= 1) view.scroll_px.value = here.scrollLeft;
    };
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        view.zoomTo(view.px_a_frame.peek() * Math.exp(-event.deltaY / 300), event.clientX - here.getBoundingClientRect().left - PAD_PX);
      }
    };
    here.addEventListener("scroll", onScroll, { passive: true });
    here.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      stop();
      measure.disconnect();
      here.removeEventListener("scroll", onScroll);
      here.removeEventListener("wheel", onWheel);
    };
  }, []);
  useSignalEffect(() => {
    const scroll_px = view.scroll_px.value;
    // The width has to be there before the place can be scrolled to.
    if (content.current) content.current.style.width = px(view.content_px.value);
    requestAnimationFrame(() => {
      const here = scroller.current;
      if (here && Math.abs(here.scrollLeft - scroll_px) >= 1) here.scrollLeft = scroll_px;
    });
  });
  useSignalEffect(() => {
    const x = studio.playhead_frame.value * view.px_a_frame.value;
    if (head.current) head.current.style.transform = `translateX(${x}px)`;
    if (!studio.playing.value) return;
    // While it plays, the strip turns the page when the playhead leaves it.
    const left = view.scroll_px.peek(), room = view.width_px.peek();
    if (x > left + room - 8 || x < left) view.scrollTo(x - room * 0.1);
  });
  return (
    <div class="sr-scroll" id={view.id("scroll")} ref={scroller}>
      <div class="sr-content" ref={content}>
        <Bands view={view} />
        <Ruler view={view} />
        <Headings view={view} />
        <Shots view={view} />
        <Joints view={view} />
        <Voice view={view} />
        {!phone && <Sounds view={view} tracks={["music"]} name="Music" />}
        {!phone && <Sounds view={view} tracks={["effects", "clip"]} name="Effects" />}
        <TrimTip view={view} />
        <div class="sr-head" ref={head} aria-hidden="true"><svg width="13" height="15" viewBox="0 0 13 15"><path d="M1.5.5h10a1 1 0 0 1 1 1V9L6.5 14.5.5 9V1.5a1 1 0 0 1 1-1z" /></svg></div>
      </div>
    </div>
  );
}

/** The selected shots' time, down through the lanes. */
function Bands({ view }: { view: StripView }) {
  const selected = new Set(view.studio.selection.value), scale = view.px_a_frame.value;
  if (view.move.value || view.trim.value) return null;
  return <>{view.clips.value.filter((clip) => selected.has(clip.id)).map((clip) => <i class="sr-band" key={clip.id} style={across(clip.start_frame * scale, clip.length_frames * scale)} />)}</>;
}

/** What a trim comes to, beside the edge that is dragged. */
function TrimTip({ view }: { view: StripView }) {
  const drag = view.trim.value, rate = view.studio.timeline.value!.rate;
  if (!drag) return null;
  const length = trimmedLength(view.clips.value, drag.trim, drag.frame), by = length - view.clips.value[drag.trim.clip]!.length_frames;
  const on_cut = view.cuts.value.includes(drag.frame);
  return (
    <div class="sr-tip" style={across(drag.frame * view.px_a_frame.value)}>
      <span><b>{seconds(length, rate).toFixed(1)} s</b> {by === 0 ? "" : `${by > 0 ? "+" : "\u2212"}${Math.abs(by) < framesPerSecond(rate) ? `${Math.abs(by)} frames` : `${Math.abs(seconds(by, rate)).toFixed(1)} s`}`}
        {drag.trim.mode === "ripple" && ", the rest moves"}{on_cut && ", on a pause"}</span>
    </div>
  );
}

function StripGhost() {
  return (
    <section class="sr-strip" aria-label="Film strip" aria-busy="true">
      <div class="sr-ghosts"><div class="sr-ghost" style={{ height: "24px" }} /><div class="sr-ghost" style={{ height: "72px" }} /><div class="sr-ghost" style={{ height: "44px" }} /></div>
    </section>
  );
}
