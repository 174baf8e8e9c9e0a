/**
 * The film as the page knows it. What the kernel said last is the base; own edits that it has not taken yet are applied
 * over it, so that they show at once, and again over every word of the kernel that comes in between.
 */
import { batch, computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";

import { applyAll, EditError } from "./edits";
import { mediaDesk } from "./media";
import type { Action, Edit, FilmInfo, HistoryEntry, KernelMessage, PageMessage, ShotInfo, Splice, StateMessage, Timeline } from "./protocol";
import type { Studio, Wire } from "./studio";
import { unique } from "./unique";
import { uploads } from "./uploads";

/** After this long without any answer the kernel counts as gone. */
export const SILENCE_MS = 15_000;
/** After this long without an answer the page says hello again: what it said may be lost with the line it went over. */
export const KNOCK_MS = 4_000;
const LONGEST_KNOCK_MS = 64_000;

interface Pending { id: number; label: string; edits: Edit[]; taken: (taken: boolean) => void }
interface Asked { resolve: (price_usd: number | null) => void; reject: (reason: Error) => void }

/** A studio over a wire; `close` ends its timers and lets its pictures go. */
export function createStudio(wire: Wire, windowName: string = unique()): { studio: Studio; close: () => void } {
  const base = signal<Timeline | null>(null);
  const pending = signal<readonly Pending[]>([]);
  const film = signal<FilmInfo | null>(null);
  const shots = signal<ReadonlyMap<string, ShotInfo>>(new Map());
  const history = signal<readonly HistoryEntry[]>([]);
  const captions = signal<StateMessage["captions"] | null>(null);
  const fonts = signal<StateMessage["fonts"]>({});
  const sound = signal<{ block_samples: number; tags: Readonly<Record<string, string>> } | null>(null);
  const connection = signal<"live" | "lost">("live");
  const notices = signal<Studio["notices"]["value"]>([]);
  const selection = signal<readonly string[]>([]);
  const playhead_frame = signal(0);
  const asked = new Map<number, Asked>();
  let revision = -1;
  let lastId = 0;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let knock: ReturnType<typeof setTimeout> | undefined;

  const timeline: ReadonlySignal<Timeline | null> = computed(() => {
    let shown = base.value;
    for (const each of pending.value) {
      try {
        shown = shown && applyAll(shown, each.edits);
      } catch (error) {
        // Somebody else's edit came first and this one no longer fits; the kernel will say so.
        if (!(error instanceof EditError)) throw error;
      }
    }
    return shown;
  });

  const send = (message: PageMessage, buffers?: ArrayBuffer[]) => {
    if (message.type !== "upload_cancel") {
      silence ??= setTimeout(lost, SILENCE_MS);
      if (knock === undefined) knockIn(KNOCK_MS);
    }
    wire.send(message, buffers);
  };

  /** A film's hello can be said any number of times; its answer brings out what was not heard. */
  function knockIn(wait_ms: number) {
    knock = setTimeout(() => {
      knockIn(Math.min(2 * wait_ms, LONGEST_KNOCK_MS));
      wire.send({ type: "hello", window: windowName });
    }, wait_ms);
  }
  const media = mediaDesk(send);
  const upload = uploads(send, () => ++lastId);

  function lost() {
    silence = undefined;
    connection.value = "lost";
  }

  function answered() {
    clearTimeout(knock);
    knock = undefined;
    // Others may be heard while an edit of ours is not.
    if (pending.value.length) knockIn(KNOCK_MS);
  }

  function notify(level: "info" | "warning" | "error", message: string) {
    notices.value = [...notices.value, { level, message }];
  }

  function settle(id: number, taken: boolean) {
    const one = pending.value.find((each) => each.id === id);
    if (!one) return false;
    pending.value = pending.value.filter((each) => each !== one);
    answered();
    one.taken(taken);
    return true;
  }

  /** What is no longer there cannot stay selected, and the playhead stays inside the film. */
  function keepInside() {
    const now = timeline.value;
    if (!now) return;
    const there = new Set(now.clips.map((clip) => clip.id));
    if (selection.value.some((id) => !there.has(id))) selection.value = selection.value.filter((id) => there.has(id));
    if (playhead_frame.value >= now.length_frames) playhead_frame.value = now.length_frames - 1;
  }

  function take(message: KernelMessage, buffers: DataView[]) {
    clearTimeout(silence);
    silence = undefined;
    if (!pending.value.length) answered();
    const wasLost = connection.value === "lost";
    connection.value = "live";
    batch(() => {
      switch (message.type) {
        case "state":
          revision = message.revision;
          base.value = message.timeline;
          film.value = message.film;
          shots.value = byClip(message.shots);
          history.value = message.history;
          captions.value = message.captions;
          fonts.value = message.fonts;
          media.retag(sound.value?.tags ?? {}, message.sound_tags);
          sound.value = { block_samples: message.sound_block_samples, tags: message.sound_tags };
          media.askAgain();
          upload.resume();
          // The kernel may never have had what was sent while it was away; it takes an edit's id only once.
          for (const each of pending.value) sendEdit(each);
          break;
        case "patch": {
          const own = message.window === windowName;
          if (message.revision <= revision) {
            // A state that came in between held it already.
            if (own) settle(message.id, true);
            break;
          }
          if (message.revision !== revision + 1 || !base.value) {
            send({ type: "hello", window: windowName });
            break;
          }
          revision = message.revision;
          base.value = patched(base.value, message.splices, message.values);
          film.value = message.film;
          shots.value = byClip(message.shots);
          history.value = message.history;
          captions.value = message.captions;
          media.retag(sound.value?.tags ?? {}, message.sound_tags);
          sound.value = { block_samples: sound.value?.block_samples ?? 0, tags: message.sound_tags };
          if (own) settle(message.id, true);
          break;
        }
        case "progress":
          if (message.film) {
            if (message.film.ready_frames !== film.value?.ready_frames) media.askAgain();
            film.value = message.film;
          }
          if (message.shots) {
            const merged = new Map(shots.value);
            for (const shot of message.shots) merged.set(shot.clip, shot);
            shots.value = merged;
          }
          break;
        case "media":
          media.arrived(message, buffers, sound.value?.tags ?? {});
          break;
        case "done":
          settle(message.id, true);
          asked.get(message.id)?.resolve(message.price_usd ?? null);
          asked.delete(message.id);
          upload.done(message.id);
          if (message.message) notify("info", message.message);
          break;
        case "refused":
          if (asked.has(message.id)) {
            asked.get(message.id)!.reject(new Error(message.message));
            asked.delete(message.id);
          } else if (!upload.refused(message.id, message.message)) {
            settle(message.id, false);
            notify("warning", message.message);
          }
          break;
        case "upload_ok":
          upload.acknowledged(message.id, message.received_bytes);
          break;
        case "notice":
          notify(message.level, message.message);
      }
      keepInside();
    });
    if (wasLost && message.type !== "state") send({ type: "hello", window: windowName });
  }

  function sendEdit(each: Pending) {
    send({ type: "edit", id: each.id, base: revision, label: each.label, edits: each.edits });
  }

  function edit(edits: Edit[], label: string): Promise<boolean> {
    if (!timeline.value) return Promise.resolve(false);
    try {
      applyAll(timeline.value, edits);
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
      notify("warning", error.message);
      return Promise.resolve(false);
    }
    return new Promise((taken) => {
      const one: Pending = { id: ++lastId, label, edits, taken };
      batch(() => {
        pending.value = [...pending.value, one];
        keepInside();
      });
      sendEdit(one);
    });
  }

  function ask(message: Extract<PageMessage, { type: "price" | "act" }>): Promise<number | null> {
    return new Promise((resolve, reject) => {
      asked.set(message.id, { resolve, reject });
      send(message);
    });
  }

  const stopListening = wire.listen(take);
  const stopWatching = wire.lost?.(() => {
    lost();
    send({ type: "hello", window: windowName });
  });
  send({ type: "hello", window: windowName });

  const studio: Studio = {
    timeline, film, shots, history, captions, fonts, sound, connection, notices,
    selection,
    playhead_frame,
    playing: signal(false),
    speed: signal(1),
    loop_shot: signal(false),
    captions_on: signal(true),
    safe_areas_on: signal(false),
    muted: signal(false),
    snapping: signal(true),
    edit,
    undo: () => send({ type: "undo", id: ++lastId }),
    redo: () => send({ type: "redo", id: ++lastId }),
    media: media.of,
    price: (action: Action) => ask({ type: "price", id: ++lastId, action }),
    act: async (action: Action, agreed_usd: number) => {
      await ask({ type: "act", id: ++lastId, action, agreed_usd });
    },
    upload: upload.start,
    reconnect: () => send({ type: "hello", window: windowName }),
  };
  return {
    studio,
    close() {
      clearTimeout(silence);
      clearTimeout(knock);
      stopListening();
      stopWatching?.();
      upload.close();
      media.close();
    },
  };
}

/** A timeline with lists spliced and other fields replaced. */
export function patched(timeline: Timeline, splices: Record<string, Splice>, values: Record<string, unknown>): Timeline {
  const next: Record<string, unknown> = { ...timeline, ...values };
  for (const [name, { at, remove, insert }] of Object.entries(splices)) {
    const list = (timeline as unknown as Record<string, unknown[]>)[name] ?? [];
    next[name] = [...list.slice(0, at), ...insert, ...list.slice(at + remove)];
  }
  return next as unknown as Timeline;
}

function byClip(shots: readonly ShotInfo[]): ReadonlyMap<string, ShotInfo> {
  return new Map(shots.map((shot) => [shot.clip, shot]));
}
