/** What keys and buttons do. */
import { batch } from "@preact/signals";

import { askToMakeAgain } from "../panel/making";
import { duplicate, insert, placeForNew, remove, split, trimTo, type Outcome } from "./edits_of";
import type { Command } from "./keys";
import { moveEdits, placeOf, stepped } from "./order";
import { moved, pickedUp, shotLabel } from "./say";
import type { StripView } from "./view";
import { tileAt } from "./visible";

const SPEEDS = [-8, -4, -2, -1, 1, 2, 4, 8];

export function run(view: StripView, command: Command): void {
  const does = COMMANDS[command];
  if (view.studio.timeline.peek()) does(view);
}

const toggle = (name: "loop_shot" | "captions_on" | "safe_areas_on" | "muted" | "snapping") => ({ studio }: StripView): void => {
  studio[name].value = !studio[name].peek();
};

const COMMANDS: Record<Command, (view: StripView) => void> = {
  play: ({ studio }) => {
    const last = studio.timeline.peek()!.length_frames - 1;
    if (!studio.playing.peek() && studio.playhead_frame.peek() >= last) studio.playhead_frame.value = 0;
    studio.playing.value = !studio.playing.peek();
  },
  slower: (view) => faster(view, -1),
  faster: (view) => faster(view, 1),
  stop: ({ studio }) => { studio.speed.value = 1; },
  loop: toggle("loop_shot"),
  captions: toggle("captions_on"),
  safe_areas: toggle("safe_areas_on"),
  mute: toggle("muted"),
  magnet: toggle("snapping"),
  full_screen: (view) => {
    const stage = view.root?.querySelector(".sr-stage");
    if (document.fullscreenElement) void document.exitFullscreen();
    else void stage?.requestFullscreen?.().catch(() => view.note("This window does not let the player fill the screen."));
  },
  previous: (view) => go(view, current(view) - 1),
  next: (view) => go(view, current(view) + 1),
  first: (view) => go(view, 0),
  last: (view) => go(view, view.clips.peek().length - 1),
  extend_previous: (view) => extend(view, -1),
  extend_next: (view) => extend(view, 1),
  select_all: ({ studio, clips }) => { studio.selection.value = clips.peek().map((clip) => clip.id); },
  toggle: (view) => {
    const id = view.focus.peek(), selection = view.studio.selection.peek();
    if (!id) return;
    select(view, selection.includes(id) ? selection.filter((each) => each !== id) : [...selection, id]);
  },
  frame_back: ({ studio }) => step(studio, -1),
  frame_on: ({ studio }) => step(studio, 1),
  pick: (view) => {
    const ids = new Set(chosen(view));
    if (!ids.size || view.clips.peek().length < 2) return;
    const place = placeOf(view.order.peek(), ids);
    view.move.value = { ids, grabbed: view.focus.peek() ?? [...ids][0]!, place, from: place, by: "keys" };
    view.say(pickedUp(ids.size));
  },
  move_left: (view) => carry(view, -1),
  move_right: (view) => carry(view, 1),
  move_first: (view) => carry(view, -Infinity),
  move_last: (view) => carry(view, Infinity),
  drop: (view) => drop(view),
  put_back: (view) => {
    view.move.value = null;
    view.trim.value = null;
    view.say("Put back.");
  },
  trim_start: (view) => apply(view, trimTo(film(view), chosen(view)[0] ?? "", "start", view.studio.playhead_frame.peek(), view.mode.peek())),
  trim_end: (view) => apply(view, trimTo(film(view), chosen(view)[0] ?? "", "end", view.studio.playhead_frame.peek(), view.mode.peek())),
  split: (view) => apply(view, split(film(view), view.studio.playhead_frame.peek())),
  delete: (view) => takeOut(view, view.mode.peek()),
  ripple_delete: (view) => takeOut(view, "ripple"),
  duplicate: (view) => apply(view, duplicate(film(view), chosen(view), view.mode.peek()), "new"),
  insert: (view) => apply(view, insert(film(view), placeForNew(film(view), view.studio.playhead_frame.peek()), view.mode.peek()), "new"),
  open_panel: (view) => {
    view.panel.value = { of: "shots" };
    view.root?.querySelector<HTMLElement>(".sr-panel-body :is(button, select, input, textarea, [tabindex='0'])")?.focus();
  },
  transition: (view) => {
    const id = chosen(view)[0];
    if (!id || view.clips.peek()[0]?.id === id) return view.note("The first shot comes from nothing.");
    view.panel.value = { of: "joint", clip: id };
  },
  leave: (view) => {
    const selection = view.studio.selection.peek(), focus = view.focus.peek();
    if (view.panel.peek().of !== "shots") view.panel.value = { of: "shots" };
    else if (selection.length > 1 && focus) select(view, [focus]);
  },
  zoom_in: (view) => view.zoomTo(view.px_a_frame.peek() * 1.5),
  zoom_out: (view) => view.zoomTo(view.px_a_frame.peek() / 1.5),
  fit: (view) => view.fit(),
  make_again: (view) => {
    const id = chosen(view)[0];
    if (id) void askToMakeAgain(view, id);
  },
  undo: ({ studio }) => studio.undo(),
  redo: ({ studio }) => studio.redo(),
  help: (view) => { view.help.value = !view.help.peek(); },
};

const film = (view: StripView) => view.studio.timeline.peek()!;

/** The selected shots in playing order; without any, the one under the playhead. */
export function chosen(view: StripView): string[] {
  const selection = new Set(view.studio.selection.peek()), clips = view.clips.peek();
  if (selection.size) return clips.filter((clip) => selection.has(clip.id)).map((clip) => clip.id);
  const under = clips[tileAt(clips, view.studio.playhead_frame.peek())];
  return under ? [under.id] : [];
}

export function select(view: StripView, ids: readonly string[]): void {
  const there = new Set(ids);
  batch(() => {
    view.studio.selection.value = view.clips.peek().filter((clip) => there.has(clip.id)).map((clip) => clip.id);
    view.panel.value = { of: "shots" };
  });
}

/** All from the one that has the focus to this one. */
export function selectTo(view: StripView, id: string): void {
  const ids = view.clips.peek().map((clip) => clip.id), to = ids.indexOf(id);
  const from = Math.max(ids.indexOf(view.focus.peek() ?? view.studio.selection.peek()[0] ?? id), 0);
  select(view, ids.slice(Math.min(from, to), Math.max(from, to) + 1));
}

/** Selects one shot, and shows its picture unless the film plays or the playhead is in it already. */
export function goTo(view: StripView, id: string): void {
  const clip = view.clips.peek().find((each) => each.id === id);
  if (!clip) return;
  batch(() => {
    view.focus.value = id;
    select(view, [id]);
    const frame = view.studio.playhead_frame.peek();
    const inside = frame >= clip.start_frame && frame < clip.start_frame + clip.length_frames;
    if (!inside && !view.studio.playing.peek()) view.studio.playhead_frame.value = clip.start_frame;
    view.show(id);
  });
}

export function apply(view: StripView, outcome: Outcome, after?: "new"): void {
  if ("why_not" in outcome) return view.note(outcome.why_not);
  const made = outcome.edits.filter((edit) => typeof edit["id"] === "string").map((edit) => edit["id"] as string);
  void view.studio.edit(outcome.edits, outcome.label);
  view.say(`${outcome.label}.`);
  if (after === "new" && made.length) {
    select(view, made);
    view.focus.value = made[0]!;
    view.show(made[0]!);
  }
}

function drop(view: StripView): void {
  const move = view.move.peek();
  if (!move) return;
  const ids = view.clips.peek().map((clip) => clip.id), edits = moveEdits(ids, move.ids, move.place);
  batch(() => {
    view.move.value = null;
    if (!edits.length) return;
    const words = move.ids.size === 1 ? `shot ${ids.indexOf([...move.ids][0]!) + 1}` : `${move.ids.size} shots`;
    void view.studio.edit(edits, `Move ${words} to ${move.place + 1}`);
  });
  view.say(edits.length ? `Dropped. ${moved(move.place, ids.length)}` : "Put back.");
}

export const dropMove = drop;

function carry(view: StripView, by: number): void {
  const move = view.move.peek();
  if (!move) return;
  const place = stepped(view.order.peek(), move.ids, by);
  view.move.value = { ...move, place };
  view.show(move.grabbed);
  view.say(moved(place, view.clips.peek().length));
}

function takeOut(view: StripView, mode: "roll" | "ripple"): void {
  const ids = chosen(view), clips = view.clips.peek(), gone = new Set(ids);
  const at = clips.findIndex((clip) => gone.has(clip.id));
  const heir = clips.slice(at).find((clip) => !gone.has(clip.id)) ?? clips.slice(0, at).at(-1);
  const outcome = remove(film(view), ids, mode);
  apply(view, outcome);
  if ("why_not" in outcome || !heir) return;
  batch(() => {
    view.focus.value = heir.id;
    select(view, [heir.id]);
  });
}

/** The focused or selected shot, else the one under the playhead. */
function current(view: StripView): number {
  const clips = view.clips.peek(), id = view.focus.peek() ?? view.studio.selection.peek()[0];
  const at = clips.findIndex((clip) => clip.id === id);
  return at >= 0 ? at : tileAt(clips, view.studio.playhead_frame.peek());
}

function go(view: StripView, index: number): void {
  const clips = view.clips.peek(), clip = clips[Math.min(Math.max(index, 0), clips.length - 1)];
  if (!clip) return;
  goTo(view, clip.id);
  const number = clips.indexOf(clip) + 1;
  // The option that takes the focus is read out by itself; elsewhere nothing else would tell.
  if (!view.root?.querySelector(".sr-shots")?.contains(document.activeElement)) {
    view.say(shotLabel(clip, number, view.studio.shots.peek().get(clip.id), film(view).rate));
  }
}

function extend(view: StripView, by: number): void {
  const clips = view.clips.peek(), next = clips[Math.min(Math.max(current(view) + by, 0), clips.length - 1)];
  if (!next) return;
  batch(() => {
    select(view, [...view.studio.selection.peek(), next.id]);
    view.focus.value = next.id;
    view.show(next.id);
  });
  view.say(`${view.studio.selection.peek().length} shots selected.`);
}

function step(studio: StripView["studio"], by: number): void {
  studio.playing.value = false;
  studio.playhead_frame.value = Math.min(Math.max(studio.playhead_frame.peek() + by, 0), studio.timeline.peek()!.length_frames - 1);
}

/** Through the speeds; standing still, L plays on and J plays backwards. */
function faster({ studio }: StripView, by: 1 | -1): void {
  if (!studio.playing.peek()) {
    studio.speed.value = by;
    studio.playing.value = true;
    return;
  }
  const at = SPEEDS.indexOf(studio.speed.peek()) + by;
  studio.speed.value = SPEEDS[Math.min(Math.max(at, 0), SPEEDS.length - 1)]!;
}
