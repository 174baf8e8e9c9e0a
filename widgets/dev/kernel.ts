/** A kernel inside the page: it keeps a film, orders its edits, and sends pictures and peaks as the real one does. */
import { applyAll } from "../src/edits";
import type { Asset, Edit, HistoryEntry, KernelMessage, MediaKind, PageMessage, StateMessage, Timeline } from "../src/protocol";
import type { Wire } from "../src/studio";
import { chance, type Film } from "./films";
import { paint } from "./paint";

interface Done { entry: HistoryEntry; edits: Edit[] }

export class FakeKernel {
  /** Every message of the page, for tests. */
  readonly heard: PageMessage[] = [];
  refuse_next = "";
  /** Hears nothing and says nothing, until the page greets it anew. */
  gone = false;
  /** Messages of the page that have no answer yet. */
  waiting = 0;
  price_usd: number | null = 0.04;
  private readonly first: Timeline;
  private done: Done[] = [];
  private state: StateMessage;
  private take: (message: KernelMessage, buffers: DataView[]) => void = () => undefined;
  private uploads = new Map<number, { message: Extract<PageMessage, { type: "upload_begin" }>; parts: ArrayBuffer[]; received: number }>();
  private window = "";
  readonly pictures: Map<string, Blob>;

  constructor(private readonly film: Film) {
    this.state = film.state;
    this.first = film.state.timeline;
    this.pictures = new Map(Object.entries(film.pictures).map(([key, base64]) => [key, new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: "image/jpeg" })]));
  }

  get timeline(): Timeline { return this.state.timeline; }

  readonly wire: Wire = {
    send: (message, buffers = []) => {
      this.heard.push(message);
      if (message.type === "hello") this.gone = false;
      if (this.gone) return;
      this.waiting += 1;
      setTimeout(() => {
        this.waiting -= 1;
        this.answer(message, buffers);
      }, 8);
    },
    listen: (take) => {
      this.take = take;
      return () => { this.take = () => undefined; };
    },
  };

  /** What a kernel says of its own accord: progress, notices. */
  say(message: KernelMessage, buffers: ArrayBuffer[] = []): void {
    if (!this.gone) this.take(message, buffers.map((buffer) => new DataView(buffer)));
  }

  private answer(message: PageMessage, buffers: ArrayBuffer[]): void {
    switch (message.type) {
      case "hello":
        this.window = message.window;
        return this.say(this.state);
      case "edit":
        return this.edit(message);
      case "undo":
      case "redo":
        return this.undo(message);
      case "want":
        return void this.want(message.kind, message.keys);
      case "price":
        return this.say({ type: "done", id: message.id, price_usd: this.price_usd });
      case "act":
        this.say({ type: "done", id: message.id });
        return "clip" in message.action ? this.make(message.action.clip) : undefined;
      case "upload_begin":
        this.uploads.set(message.id, { message, parts: [], received: 0 });
        return this.say({ type: "upload_ok", id: message.id, received_bytes: 0 });
      case "upload_chunk":
        return this.chunk(message.id, buffers[0]!);
      case "upload_cancel":
        this.uploads.delete(message.id);
    }
  }

  private edit(message: Extract<PageMessage, { type: "edit" }>): void {
    if (this.refuse_next) {
      this.say({ type: "refused", id: message.id, message: this.refuse_next });
      this.refuse_next = "";
      return;
    }
    this.done = [...this.done.filter((each) => !each.entry.undone), {
      edits: message.edits, entry: { id: `e${this.heard.length}`, at_s: Date.now() / 1000, window: this.window, label: message.label, undone: false },
    }];
    this.tell(message.id);
  }

  private undo(message: { type: "undo" | "redo"; id: number }): void {
    const each = message.type === "undo" ? this.done.findLast(({ entry }) => !entry.undone) : this.done.find(({ entry }) => entry.undone);
    if (!each) return this.say({ type: "refused", id: message.id, message: `There is nothing to ${message.type}.` });
    each.entry = { ...each.entry, undone: message.type === "undo" };
    this.tell(message.id);
  }

  private tell(id: number): void {
    const timeline = applyAll(this.first, this.done.filter(({ entry }) => !entry.undone).flatMap(({ edits }) => edits));
    const numbers = new Map(timeline.clips.map((clip, index) => [clip.id, index + 1]));
    const shots = timeline.clips.map((clip) => {
      const known = this.state.shots.find((shot) => shot.clip === clip.id);
      return known ? { ...known, number: numbers.get(clip.id)! } : {
        clip: clip.id, number: numbers.get(clip.id)!, title: "New shot", camera: "", prompt: "", cast: [], status: clip.asset ? "done" as const : "waiting" as const, fraction: 0, message: "",
        takes: clip.asset ? [clip.asset] : [], price_usd: 0.04, can_make_again: true, why_not: "",
      };
    });
    const before = this.state.timeline as unknown as Record<string, unknown[]>, after = timeline as unknown as Record<string, unknown[]>, splices: Record<string, { at: number; remove: number; insert: unknown[] }> = {};
    for (const name of ["clips", "cues", "sounds", "voice_windows", "cards", "labels"]) splices[name] = { at: 0, remove: before[name]!.length, insert: after[name]! };
    this.state = { ...this.state, revision: this.state.revision + 1, timeline, shots, history: this.done.map(({ entry }) => entry) };
    const { revision, film, history, sound_tags, captions } = this.state;
    this.say({ type: "patch", revision, window: this.window, id, splices, values: { length_frames: timeline.length_frames }, film, shots, history, sound_tags, captions });
  }

  /** Half a second of work, and then another picture. */
  private make(clip: string): void {
    const shot = this.state.shots.find((each) => each.clip === clip)!, tell = (more: object): void => {
      this.state = { ...this.state, shots: this.state.shots.map((each) => (each.clip === clip ? { ...each, ...more } : each)) };
      this.say({ type: "progress", shots: this.state.shots.filter((each) => each.clip === clip) });
    };
    const asset: Asset = { ...this.anyPicture(), blob: { sha256: `again${this.heard.length}`.padEnd(64, "0"), suffix: ".png", size_bytes: 1_000_000 } };
    tell({ status: "running", fraction: 0, message: "" });
    [0.3, 0.6, 0.9].forEach((fraction, index) => setTimeout(() => tell({ fraction }), 150 * (index + 1)));
    setTimeout(() => {
      tell({ status: "done", fraction: 1, takes: [...shot.takes, asset] });
      this.edit({ type: "edit", id: -1, base: 0, label: `Make shot ${shot.number} again`, edits: [{ kind: "replace_picture", clip, asset }] });
    }, 600);
  }

  private anyPicture(): Asset {
    return this.state.timeline.clips.find((clip) => clip.asset)!.asset!;
  }

  private chunk(id: number, buffer: ArrayBuffer): void {
    const upload = this.uploads.get(id);
    if (!upload) return this.say({ type: "refused", id, message: "This upload is not known." });
    upload.parts.push(buffer);
    upload.received += buffer.byteLength;
    this.say({ type: "upload_ok", id, received_bytes: upload.received });
    if (upload.received < upload.message.size_bytes) return;
    const sha256 = `upload${id}`.padEnd(64, "0"), { use } = upload.message;
    this.pictures.set(sha256, new Blob(upload.parts));
    const asset: Asset = { ...this.anyPicture(), blob: { sha256, suffix: ".png", size_bytes: upload.received }, provenance: { provider: "upload", prompt: upload.message.name } };
    if (use.as === "picture") {
      const shot = this.state.shots.find((each) => each.clip === use.clip)!;
      this.state = { ...this.state, shots: this.state.shots.map((each) => (each === shot ? { ...each, status: "done", takes: [...each.takes, asset] } : each)) };
      this.edit({ type: "edit", id: -1, base: 0, label: "Use an own picture", edits: [{ kind: "replace_picture", clip: use.clip, asset }] });
    } else if (use.as === "insert") {
      this.edit({ type: "edit", id: -1, base: 0, label: "Insert an own picture", edits: [{ kind: "insert_clip", at: use.at, id: `own-${id}`, asset, length_frames: use.length_frames, mode: "ripple" }] });
    }
    this.say({ type: "done", id });
  }

  private async want(kind: MediaKind, keys: string[]): Promise<void> {
    if (kind === "peaks") return this.say({ type: "media", kind, keys, mime: "application/octet-stream", meta: { cuts_s: this.film.cuts_s } }, [this.peaks()]);
    if (kind !== "thumb" && kind !== "picture") {
      return this.say({ type: "media", kind, keys: [], mime: "", missing: Object.fromEntries(keys.map((key) => [key, "This page has none."])) });
    }
    const buffers = await Promise.all(keys.map(async (key) => (this.pictures.get(key) ?? (await paint(key, kind === "thumb" ? 160 : 540))).arrayBuffer()));
    this.say({ type: "media", kind, keys, mime: "image/jpeg" }, buffers);
  }

  /** Loud where words are, a murmur between. */
  private peaks(): ArrayBuffer {
    const { timeline } = this.state, seconds = timeline.length_frames / 30, peaks = new Float32Array(Math.ceil(seconds * 100) * 2), draw = chance(5);
    for (const word of timeline.cues.flatMap((cue) => cue.lines.flat())) {
      const from = Math.round((word.start_frame / 30) * 100), to = Math.round((word.end_frame / 30) * 100), loud = 0.05 + draw() ** 3 * 0.9;
      for (let at = from; at < to; at += 1) {
        const shape = Math.sin((Math.PI * (at - from + 0.5)) / (to - from)) * loud * (0.6 + 0.4 * draw());
        peaks[2 * at] = -shape;
        peaks[2 * at + 1] = shape;
      }
    }
    return peaks.buffer;
  }
}
