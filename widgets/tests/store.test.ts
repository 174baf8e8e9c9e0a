import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { KernelMessage, PageMessage, StateMessage, Timeline } from "../src/protocol";
import { createStudio, KNOCK_MS, SILENCE_MS } from "../src/store";
import type { Studio, Wire } from "../src/studio";
import { CHUNK_BYTES, STALL_MS } from "../src/uploads";

const asset = (digit: string) => ({ kind: "image" as const, blob: { sha256: digit.repeat(64), suffix: ".png", size_bytes: 1 }, provenance: { provider: "test" } });
const rect = { x: 0.5, y: 0.5, height: 1, turn_deg: 0 };

function film(lengths = [30, 30, 30]): Timeline {
  let at = 0;
  const clips = lengths.map((length_frames, index) => {
    const start_frame = at;
    at += length_frames;
    return {
      id: `s${index}`, asset: asset(String(index + 1)), start_frame, length_frames, motion: { start: rect, end: rect, ease: "linear" as const },
      into: { kind: "cut" as const, length_frames: 0, side: "left" as const }, fit: { kind: "crop" as const, colour: "#000000" },
      source_start_s: 0, speed: 1, scene: 0,
    };
  });
  return {
    title: "t", language: "en", rate: { num: 30, den: 1 }, width_px: 320, height_px: 180, length_frames: at, clips, cues: [], cards: [],
    labels: [], sounds: [], voice_windows: [], fade_in_frames: 0, fade_out_frames: 0, captions: "documentary", caption_style: null,
    platform: "", loudness_lufs: -14, true_peak_dbtp: -1,
  };
}

const info = { project: "p", title: "t", recipe: "title_film", chapters: [], scenes: [], cost_usd: 0, budget_usd: null, unrendered: 0, ready_frames: 90, running: false, voices: [] };
const about = { film: info, shots: [], history: [], captions: { style: {}, safe: {}, margins: [] }, sound_tags: { 0: "a", 1: "a" } };

function state(timeline = film(), revision = 3): StateMessage {
  return { type: "state", revision, timeline, ...about, sound_block_samples: 48000, fonts: {} };
}

let sent: PageMessage[], buffers: (ArrayBuffer[] | undefined)[], tell: (message: KernelMessage, parts?: DataView[]) => void;
let studio: Studio, close: () => void, cut: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  [sent, buffers] = [[], []];
  const wire: Wire = {
    send: (message, parts) => { sent.push(message); buffers.push(parts); },
    listen: (take) => { tell = (message, parts = []) => take(message, parts); return () => undefined; },
    lost: (take) => { cut = take; return () => undefined; },
  };
  ({ studio, close } = createStudio(wire, "me"));
});
afterEach(() => { close(); vi.useRealTimers(); });

const ids = () => studio.timeline.value!.clips.map((clip) => clip.id);
const move = (clip: string, to: number) => ({ kind: "move_clip", clip, to });
const patch = (revision: number, window: string, id: number, clips: string[]) => {
  const by = new Map(studio.timeline.value!.clips.map((clip) => [clip.id, clip]));
  let at = 0;
  const insert = clips.map((name) => {
    const clip = { ...by.get(name)!, start_frame: at };
    at += clip.length_frames;
    return clip;
  });
  return { type: "patch" as const, revision, window, id, splices: { clips: { at: 0, remove: 3, insert } }, values: {}, ...about };
};
const lastOf = <T extends PageMessage["type"]>(type: T) => sent.filter((each) => each.type === type).at(-1) as Extract<PageMessage, { type: T }>;

test("a window says hello first and shows nothing before it is answered", () => {
  expect(sent).toEqual([{ type: "hello", window: "me" }]);
  expect(studio.timeline.value).toBeNull();
});

test("an own edit shows at once and stays when the kernel takes it", async () => {
  tell(state());
  const taken = studio.edit([move("s0", 2)], "Move");
  expect(ids()).toEqual(["s1", "s2", "s0"]);
  const message = lastOf("edit");
  expect(message).toMatchObject({ base: 3, label: "Move" });
  tell(patch(4, "me", message.id, ["s1", "s2", "s0"]));
  expect(await taken).toBe(true);
  expect(ids()).toEqual(["s1", "s2", "s0"]);
});

test("a refused edit is taken back, with the reason", async () => {
  tell(state());
  const taken = studio.edit([move("s0", 2)], "Move");
  tell({ type: "refused", id: lastOf("edit").id, message: "not today" });
  expect(await taken).toBe(false);
  expect(ids()).toEqual(["s0", "s1", "s2"]);
  expect(studio.notices.value.at(-1)).toEqual({ level: "warning", message: "not today" });
});

test("an edit that cannot be is never sent, and says why", async () => {
  tell(state());
  expect(await studio.edit([move("nobody", 0)], "Move")).toBe(false);
  expect(sent.some((each) => each.type === "edit")).toBe(false);
  expect(studio.notices.value.at(-1)!.message).toContain("nobody");
});

test("another window's edit comes below one's own", () => {
  tell(state());
  void studio.edit([{ kind: "change_motion", clip: "s2", motion: { end: { ...rect, height: 0.5 } } }], "Zoom");
  tell(patch(4, "other", 9, ["s2", "s0", "s1"]));
  expect(ids()).toEqual(["s2", "s0", "s1"]);
  expect(studio.timeline.value!.clips[0]!.motion.end.height).toBe(0.5);
});

test("a patch that does not follow what is known asks for the whole film", () => {
  tell(state());
  tell(patch(6, "other", 1, ["s2", "s0", "s1"]));
  expect(ids()).toEqual(["s0", "s1", "s2"]);
  expect(sent.at(-1)).toEqual({ type: "hello", window: "me" });
});

test("a kernel that is silent counts as gone, and its first word as back; what was not taken is sent again", () => {
  tell(state());
  void studio.edit([move("s0", 2)], "Move");
  const before = lastOf("edit");
  vi.advanceTimersByTime(SILENCE_MS + 1);
  expect(studio.connection.value).toBe("lost");
  expect(ids()).toEqual(["s1", "s2", "s0"]);
  studio.reconnect();
  tell(state(film(), 3));
  expect(studio.connection.value).toBe("live");
  expect(lastOf("edit")).toEqual(before);
  expect(sent.filter((each) => each.type === "edit")).toHaveLength(2);
});

test("an edit that is not answered while others are heard is asked after, and goes out again", () => {
  tell(state());
  void studio.edit([move("s0", 2)], "Move");
  const before = lastOf("edit"), hellos = () => sent.filter((each) => each.type === "hello").length, first = hellos();
  vi.advanceTimersByTime(KNOCK_MS / 2);
  tell({ type: "progress" });
  vi.advanceTimersByTime(KNOCK_MS / 2 + 1);
  expect(hellos()).toBe(first + 1);
  tell(state(film(), 3));
  expect(sent.at(-1)).toEqual(before);
  tell(patch(4, "me", before.id, ["s1", "s2", "s0"]));
  vi.advanceTimersByTime(20 * KNOCK_MS);
  expect(hellos()).toBe(first + 1);
  expect(studio.connection.value).toBe("live");
});

test("a wire that is cut is told at once", () => {
  tell(state());
  cut();
  expect(studio.connection.value).toBe("lost");
  expect(sent.at(-1)).toEqual({ type: "hello", window: "me" });
});

test("media asked for together travel together, and once", () => {
  tell(state());
  const first = studio.media("thumb", "a"), again = studio.media("thumb", "a");
  studio.media("thumb", "b");
  vi.advanceTimersByTime(1);
  expect(again).toBe(first);
  expect(sent.filter((each) => each.type === "want")).toEqual([{ type: "want", kind: "thumb", keys: ["a", "b"] }]);
  const bytes = new Uint8Array([0, 1, 2, 3]);
  tell({ type: "media", kind: "thumb", keys: ["a"], mime: "image/jpeg", missing: { b: "gone" } }, [new DataView(bytes.buffer, 1, 2)]);
  expect(first.value).toMatchObject({ mime: "image/jpeg" });
  expect([...new Uint8Array((first.value as { bytes: ArrayBuffer }).bytes)]).toEqual([1, 2]);
  expect(studio.media("thumb", "b").value).toEqual({ missing: "gone" });
});

test("a block of sound that changed is asked for anew, and an old answer to it is thrown away", () => {
  tell(state());
  studio.media("sound", "0");
  studio.media("sound", "1");
  vi.advanceTimersByTime(1);
  const tags = { 0: "a", 1: "b" };
  tell({ ...patch(4, "other", 1, ["s0", "s1", "s2"]), sound_tags: tags });
  const fresh = studio.media("sound", "1");
  const data = new DataView(new ArrayBuffer(2));
  tell({ type: "media", kind: "sound", keys: ["0", "1"], mime: "audio/ogg", meta: { tags: { 0: "a", 1: "a" } } }, [data, data]);
  expect(fresh.value).toBe("wanted");
  expect(studio.media("sound", "0").value).not.toBe("wanted");
  vi.advanceTimersByTime(1);
  expect(sent.filter((each) => each.type === "want")).toHaveLength(2);
});

test("what is gone is no longer selected, and the playhead stays inside the film", async () => {
  tell(state());
  studio.selection.value = ["s1", "s2"];
  studio.playhead_frame.value = 89;
  void studio.edit([{ kind: "remove_clip", clip: "s2", mode: "ripple" }], "Remove");
  expect(studio.selection.value).toEqual(["s1"]);
  expect(studio.playhead_frame.value).toBe(59);
});

test("a price is a number or nothing, and a refusal an error", async () => {
  tell(state());
  const price = studio.price({ do: "make_again", clip: "s0" });
  tell({ type: "done", id: lastOf("price").id, price_usd: 0.04 });
  expect(await price).toBe(0.04);
  const act = studio.act({ do: "make_again", clip: "s0" }, 0.04);
  tell({ type: "refused", id: lastOf("act").id, message: "the limit is reached" });
  await expect(act).rejects.toThrow("the limit is reached");
});

test("an upload goes in pieces, each after the last was acknowledged, and goes on after a lost connection", async () => {
  tell(state());
  const file = new File([new Uint8Array(2 * CHUNK_BYTES + 5)], "a.png");
  const parts: number[] = [];
  const done = studio.upload(file, { as: "picture", clip: "s0" }, (part) => parts.push(part));
  const { id } = lastOf("upload_begin");
  tell({ type: "upload_ok", id, received_bytes: 0 });
  await vi.waitFor(() => expect(lastOf("upload_chunk")).toMatchObject({ at: 0 }));
  expect(buffers.at(-1)![0]!.byteLength).toBe(CHUNK_BYTES);
  tell(state()); // the kernel came back
  expect(lastOf("upload_begin")).toMatchObject({ id });
  tell({ type: "upload_ok", id, received_bytes: 2 * CHUNK_BYTES });
  await vi.waitFor(() => expect(lastOf("upload_chunk")).toMatchObject({ at: 2 * CHUNK_BYTES }));
  expect(buffers.at(-1)![0]!.byteLength).toBe(5);
  tell({ type: "done", id });
  await done;
  expect(parts.at(-1)).toBeCloseTo(1, 5);
});

test("a piece that is lost on the way is asked after, and one that was only late is not sent twice", async () => {
  tell(state());
  const done = studio.upload(new File([new Uint8Array(2 * CHUNK_BYTES)], "a.png"), { as: "picture", clip: "s0" }, () => undefined);
  const { id } = lastOf("upload_begin"), chunks = () => sent.filter((each) => each.type === "upload_chunk").length;
  tell({ type: "upload_ok", id, received_bytes: 0 });
  await vi.waitFor(() => expect(chunks()).toBe(1));
  tell({ type: "upload_ok", id, received_bytes: 0 });
  vi.advanceTimersByTime(STALL_MS + 1);
  expect(sent.at(-1)).toMatchObject({ type: "upload_begin", id });
  tell({ type: "upload_ok", id, received_bytes: CHUNK_BYTES });
  await vi.waitFor(() => expect(chunks()).toBe(2));
  expect(lastOf("upload_chunk")).toMatchObject({ at: CHUNK_BYTES });
  tell({ type: "done", id });
  await done;
});

test("an upload that is cancelled tells the kernel", async () => {
  tell(state());
  const stop = new AbortController();
  const done = studio.upload(new File(["abc"], "a.png"), { as: "music" }, () => undefined, stop.signal);
  stop.abort();
  await expect(done).rejects.toThrow("cancelled");
  expect(sent.at(-1)).toMatchObject({ type: "upload_cancel" });
});
