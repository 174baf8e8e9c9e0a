/** Which key does what. Letters count only while the focus is in the player or on the strip. */

export type Command =
  | "play" | "slower" | "faster" | "stop" | "previous" | "next" | "extend_previous" | "extend_next" | "first" | "last" | "frame_back"
  | "frame_on" | "pick" | "drop" | "put_back" | "move_left" | "move_right" | "move_first" | "move_last" | "trim_start"
  | "trim_end" | "split" | "delete" | "ripple_delete" | "duplicate" | "insert" | "open_panel" | "leave" | "loop" | "captions"
  | "safe_areas" | "full_screen" | "mute" | "zoom_in" | "zoom_out" | "fit" | "make_again" | "undo" | "redo" | "help" | "select_all"
  | "toggle" | "magnet" | "transition";

export interface Key { key: string; shift: boolean; control: boolean; alt: boolean }
/** Where the key was pressed. */
export interface Where { on: "shot" | "strip" | "player" | "elsewhere"; picked: boolean }

const LETTERS: Record<string, Command> = {
  k: "play", j: "slower", l: "faster", s: "split", o: "loop", c: "captions", g: "safe_areas", f: "full_screen",
  m: "make_again", d: "duplicate", i: "insert", n: "magnet", t: "transition", "[": "trim_start", "]": "trim_end",
  "+": "zoom_in", "=": "zoom_in", "-": "zoom_out", "\u2212": "zoom_out", "0": "fit", "?": "help",
};

const WHILE_PICKED: Record<string, Command> = {
  ArrowLeft: "move_left", ArrowRight: "move_right", Home: "move_first", End: "move_last", " ": "drop", Enter: "drop",
  Escape: "put_back",
};

export function commandFor(key: Key, where: Where): Command | null {
  const letter = key.key.toLowerCase();
  // Alt with an arrow is the browser's way back.
  if (key.alt) return null;
  if (key.control) {
    if (letter === "z") return key.shift ? "redo" : "undo";
    if (letter === "y" && !key.shift) return "redo";
    if (where.on === "shot" && letter === "a") return "select_all";
    if (where.on === "shot" && letter === "d") return "duplicate";
    return where.on === "shot" && key.key === " " ? "toggle" : null;
  }
  if (where.on === "elsewhere") return null;
  if (where.picked) {
    const command = WHILE_PICKED[key.key];
    return command && !key.shift ? command : null;
  }
  if (key.key === "ArrowLeft" || key.key === "ArrowRight") {
    const back = key.key === "ArrowLeft";
    if (key.shift) return back ? "frame_back" : "frame_on";
    return back ? "previous" : "next";
  }
  if (where.on === "shot") {
    if (key.key === " ") return "pick";
    if (key.key === "Enter") return "open_panel";
    if (key.key === "Escape") return "leave";
    if (key.key === "Delete" || key.key === "Backspace") return key.shift ? "ripple_delete" : "delete";
    if (key.key === "Home") return "first";
    if (key.key === "End") return "last";
    if (key.key === "<" || key.key === ",") return "extend_previous";
    if (key.key === ">" || key.key === ".") return "extend_next";
  }
  if (key.key === " ") return "play";
  return LETTERS[letter] ?? null;
}

/** The list behind "?", in the order in which it is shown. */
export const KEY_LIST: readonly { title: string; keys: readonly (readonly [string, string])[] }[] = [
  { title: "Play", keys: [
    ["Space or K", "Play, pause"], ["J, L", "Slower or back, faster"], ["Shift + arrows", "One frame"],
    ["O", "Loop the shot"], ["C", "Captions"], ["G", "Safe areas"], ["F", "Full screen"],
  ] },
  { title: "Shots", keys: [
    ["Left, Right", "Previous, next shot"], [", and .", "Select one more, to the left or right"],
    ["Ctrl + A", "Select all"], ["Space on a shot", "Pick it up; arrows move it, Space drops it"],
    ["Enter", "To the shot's panel; Esc returns"], ["M", "Make again (asks if it costs)"],
  ] },
  { title: "Change", keys: [
    ["S", "Split at the playhead"], ["[ and ]", "Trim start, end to the playhead"], ["I", "Insert a shot"],
    ["D", "Duplicate"], ["Delete", "Delete; with Shift, close the gap"], ["T", "Transition into the shot"],
    ["Ctrl + Z", "Undo; with Shift, redo"],
  ] },
  { title: "View", keys: [["+ and \u2212", "Zoom"], ["0", "Fit the film"], ["N", "Magnet"], ["?", "These keys"]] },
];

export function keyOf(event: KeyboardEvent): Key {
  return { key: event.key, shift: event.shiftKey, control: event.ctrlKey || event.metaKey, alt: event.altKey };
}
