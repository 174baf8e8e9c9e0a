/** Mouse, pen and touch on the strip. What a press begins depends on what lies under it. */
import { batch } from "@preact/signals";

import { select, selectTo, goTo, dropMove } from "./commands";
import { placeOf } from "./order";
import { snapped, snapPoints } from "./snap";
import { clampTo, modeFor, trimEdits, trimReach, type Edge } from "./trim";
import { PAD_PX, type StripView } from "./view";

/** A press becomes a drag after this many pixels, a touch after this long. */
const DRAG_PX = 4, TOUCH_SLACK_PX = 10, LONG_PRESS_MS = 420;
/** Near a side the strip scrolls by itself, by at most so many pixels a frame. */
const EDGE_PX = 48, FASTEST_PX = 18;
/** The part of a shot at each end that trims it. */
export const TRIM_PX = 8, TRIM_LEAST_PX = 30;

interface Press {
  id: number; x: number; y: number; touch: boolean; begin: () => Drag | null; click: () => void; timer?: ReturnType<typeof setTimeout>;
}
interface Drag { move: (event: { clientX: number; altKey: boolean }) => void; end: (kept: boolean) => void; scrolls: boolean }

/** Listens on the strip's scrolling part; the result stops that. */
export function listenToPointer(scroller: HTMLElement, view: StripView): () => void {
  let press: Press | null = null, drag: Drag | null = null, at = { clientX: 0, altKey: false }, ticking = 0;

  const stop = (kept: boolean): void => {
    clearTimeout(press?.timer);
    cancelAnimationFrame(ticking);
    drag?.end(kept);
    press = drag = null;
    delete scroller.dataset["dragging"];
  };
  const tick = (): void => {
    if (!drag) return;
    const box = scroller.getBoundingClientRect(), { clientX } = at;
    const over = clientX > box.right - EDGE_PX ? clientX - box.right + EDGE_PX : clientX < box.left + EDGE_PX ? clientX - box.left - EDGE_PX : 0;
    if (over && drag.scrolls) {
      view.scrollTo(view.scroll_px.peek() + Math.max(-FASTEST_PX, Math.min(FASTEST_PX, over / 3)));
      drag.move(at);
    }
    ticking = requestAnimationFrame(tick);
  };
  const begin = (): void => {
    if (!press) return;
    drag = press.begin();
    if (!drag) return;
    scroller.dataset["dragging"] = "true";
    drag.move(at);
    try {
      scroller.setPointerCapture(press.id);
    } catch {
      // The finger was lifted in the same moment; pointerup follows.
    }
    ticking = requestAnimationFrame(tick);
  };

  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0 || press) return;
    const plan = planFor(event, scroller, view);
    if (!plan) return;
    press = { id: event.pointerId, x: event.clientX, y: event.clientY, touch: event.pointerType === "touch", ...plan };
    at = { clientX: event.clientX, altKey: event.altKey };
    if (plan.at_once) begin();
    else if (press.touch) {
      press.timer = setTimeout(() => {
        begin();
        if (drag) navigator.vibrate?.(12);
      }, LONG_PRESS_MS);
    }
  };
  const onMove = (event: PointerEvent): void => {
    if (!press || event.pointerId !== press.id) return;
    at = { clientX: event.clientX, altKey: event.altKey };
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
    if (drag) drag.move(at);
    else if (press.touch) {
      if (far > TOUCH_SLACK_PX) stop(false);
    } else if (far > DRAG_PX) begin();
  };
  const onUp = (event: PointerEvent): void => {
    if (!press || event.pointerId !== press.id) return;
    const { click } = press, clicked = !drag;
    stop(true);
    if (clicked) click();
  };
  const onCancel = (event: PointerEvent): void => { if (press && event.pointerId === press.id) stop(false); };
  // A finger that holds a shot must not scroll the page; only a listener that is not passive can say so.
  const onTouch = (event: TouchEvent): void => { if (drag) event.preventDefault(); };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && drag) {
      stop(false);
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const onMenu = (event: Event): void => { if (press?.touch) event.preventDefault(); };

  scroller.addEventListener("pointerdown", onDown);
  scroller.addEventListener("pointermove", onMove);
  scroller.addEventListener("pointerup", onUp);
  scroller.addEventListener("pointercancel", onCancel);
  scroller.addEventListener("touchmove", onTouch, { passive: false });
  scroller.addEventListener("contextmenu", onMenu);
  document.addEventListener("keydown", onKey, true);
  return () => {
    stop(false);
    scroller.removeEventListener("pointerdown", onDown);
    scroller.removeEventListener("pointermove", onMove);
    scroller.removeEventListener("pointerup", onUp);
    scroller.removeEventListener("pointercancel", onCancel);
    scroller.removeEventListener("touchmove", onTouch);
    scroller.removeEventListener("contextmenu", onMenu);
    document.removeEventListener("keydown", onKey, true);
  };
}

type Plan = Pick<Press, "begin" | "click"> & { at_once?: boolean };

function planFor(event: PointerEvent, scroller: HTMLElement, view: StripView): Plan | null {
  const target = event.target as HTMLElement, { studio } = view;
  const frameAt = (x: number): number => (x - scroller.getBoundingClientRect().left - PAD_PX + view.scroll_px.peek()) / view.px_a_frame.peek();
  if (target.closest(".sr-retry")) return null;

  const joint = target.closest<HTMLElement>("[data-joint]")?.dataset["joint"];
  if (joint) {
    const index = view.clips.peek().findIndex((clip) => clip.id === joint);
    const edge: [number, Edge] = studio.selection.peek().includes(joint) ? [index, "start"] : [index - 1, "end"];
    return {
      begin: () => trimming(view, ...edge, event, frameAt),
      click: () => batch(() => {
        goTo(view, joint);
        view.panel.value = { of: "joint", clip: joint };
      }),
    };
  }
  const clip = target.closest<HTMLElement>("[data-clip]")?.dataset["clip"];
  if (clip) {
    const box = target.closest("[data-clip]")!.getBoundingClientRect(), index = view.clips.peek().findIndex((each) => each.id === clip);
    const edge = event.pointerType !== "touch" && box.width >= TRIM_LEAST_PX
      ? event.clientX - box.left < TRIM_PX ? "start" : box.right - event.clientX < TRIM_PX ? "end" : null
      : null;
    return {
      begin: () => (edge ? trimming(view, index, edge, event, frameAt) : moving(view, clip, event, frameAt, scroller)),
      click: () => {
        const selection = studio.selection.peek();
        if (event.shiftKey) selectTo(view, clip);
        else if (event.ctrlKey || event.metaKey) {
          select(view, selection.includes(clip) ? selection.filter((id) => id !== clip) : [...selection, clip]);
        } else goTo(view, clip);
      },
    };
  }
  const scene = target.closest<HTMLElement>("[data-scene]")?.dataset["scene"];
  if (scene) {
    const ids = scene.split(" "), choose = (): void => select(view, ids);
    return {
      begin: () => { choose(); return moving(view, ids[0]!, event, frameAt, scroller); },
      click: () => { goTo(view, ids[0]!); choose(); },
    };
  }
  const sound = target.closest<HTMLElement>("[data-sound]")?.dataset["sound"];
  if (sound) {
    return { begin: () => null, click: () => { view.panel.value = { of: "sound", sound: Number(sound) }; } };
  }
  const seek = (x: number): void => {
    studio.playhead_frame.value = Math.min(Math.max(Math.round(frameAt(x)), 0), view.length_frames.peek() - 1);
  };
  const ruler = !!target.closest(".sr-ruler, .sr-head");
  return {
    // On touch a swipe over the lanes scrolls; the ruler and the playhead's head scrub at once.
    at_once: ruler || event.pointerType !== "touch",
    begin: () => {
      seek(event.clientX);
      return { move: (now) => seek(now.clientX), end: () => undefined, scrolls: true };
    },
    click: () => seek(event.clientX),
  };
}

function moving(view: StripView, clip: string, event: PointerEvent, frameAt: (x: number) => number, scroller: HTMLElement): Drag | null {
  const { studio } = view, clips = view.clips.peek();
  if (!studio.selection.peek().includes(clip)) goTo(view, clip);
  const ids = new Set(studio.selection.peek());
  if (ids.size === clips.length) return null;
  const order = clips.map((each) => each.id), place = placeOf(order, ids);
  // The block hangs together round the grabbed shot, so its left edge lies so many frames before it.
  let before = 0;
  for (const each of clips) {
    if (each.id === clip) break;
    if (ids.has(each.id)) before += each.length_frames;
  }
  const grip = frameAt(event.clientX) - clips.find((each) => each.id === clip)!.start_frame + before;
  view.move.value = { ids, grabbed: clip, place, from: place, by: "pointer" };
  const shots = scroller.querySelector<HTMLElement>(".sr-shots")!;
  const move = (now: { clientX: number }): void => {
    const frame = frameAt(now.clientX) - grip;
    view.dragTo(frame);
    // The lifted shots follow the pointer by themselves: their places in the order are where they would drop.
    const block = view.placeOf(view.order.peek()[view.move.peek()!.place]!);
    const translate = `${(frame - (block?.start_frame ?? 0)) * view.px_a_frame.peek()}px -4px`;
    // A property that all shots inherit would have the browser look at each of them again.
    for (const id of ids) shotOf(shots, id)?.style.setProperty("translate", translate);
  };
  return {
    move, scrolls: true,
    end: (kept) => {
      for (const id of ids) shotOf(shots, id)?.style.removeProperty("translate");
      if (kept) dropMove(view);
      else view.run("put_back");
    },
  };
}

const shotOf = (shots: HTMLElement, id: string): HTMLElement | null => shots.querySelector(`[data-clip="${CSS.escape(id)}"]`);

function trimming(view: StripView, clip: number, edge: Edge, event: PointerEvent, frameAt: (x: number) => number): Drag | null {
  const { studio } = view, clips = view.clips.peek(), timeline = studio.timeline.peek()!, id = clips[clip]?.id;
  if (id === undefined) return null;
  const start = edge === "start" ? clips[clip]!.start_frame : clips[clip]!.start_frame + clips[clip]!.length_frames;
  const grip = frameAt(event.clientX) - start;
  const points = snapPoints(view.cuts.peek(), [studio.playhead_frame.peek()], clips.map((each) => each.start_frame).filter((frame) => frame !== start));
  if (!studio.selection.peek().includes(id)) select(view, [id]);
  return {
    scrolls: true,
    move: (now) => {
      // Alt exchanges the two ways of trimming while it is held.
      const asked = now.altKey ? (view.mode.peek() === "roll" ? "ripple" : "roll") : view.mode.peek();
      const trim = { clip, edge, mode: modeFor(clips, clip, edge, asked) }, reach = trimReach(clips, trim, timeline.rate);
      const wanted = frameAt(now.clientX) - grip;
      const frame = clampTo(studio.snapping.peek() ? snapped(wanted, points, view.px_a_frame.peek()) : wanted, reach);
      view.trim.value = { trim, reach, frame };
    },
    end: (kept) => {
      const done = view.trim.peek();
      batch(() => {
        view.trim.value = null;
        if (!kept || !done) return;
        const edits = trimEdits(clips, done.trim, done.frame);
        if (edits.length) void studio.edit(edits, `Trim shot ${clip + 1}`);
      });
    },
  };
}
