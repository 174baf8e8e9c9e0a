/**
 * What every part of the front end shares: the film, what is selected, where the playhead stands, and the ways to
 * change them. Parts read signals and call these functions; they never talk to the kernel themselves.
 */
import type { ReadonlySignal, Signal } from "@preact/signals";

import type {
  Action, Edit, FilmInfo, HistoryEntry, KernelMessage, MediaKind, PageMessage, ShotInfo, StateMessage, Timeline,
} from "./protocol";

/** The way to the kernel; anywidget's model in a notebook, a fake one in tests. */
export interface Wire {
  send(message: PageMessage, buffers?: ArrayBuffer[]): void;
  listen(take: (message: KernelMessage, buffers: DataView[]) => void): () => void;
  /** Tells when the way is cut, where the host knows. */
  lost?(take: () => void): () => void;
}

export interface Media { url: string; mime: string; bytes: ArrayBuffer; meta: Record<string, unknown> }
/** "wanted" until it comes; a text says why it cannot be had. */
export type MediaState = Media | "wanted" | { missing: string };

export interface Studio {
  /** null until the kernel's first word. Own edits are in it at once. */
  readonly timeline: ReadonlySignal<Timeline | null>;
  readonly film: ReadonlySignal<FilmInfo | null>;
  readonly shots: ReadonlySignal<ReadonlyMap<string, ShotInfo>>;
  readonly history: ReadonlySignal<readonly HistoryEntry[]>;
  readonly captions: ReadonlySignal<StateMessage["captions"] | null>;
  /** CSS family -> keys of media kind "font", in order of preference. */
  readonly fonts: ReadonlySignal<StateMessage["fonts"]>;
  readonly sound: ReadonlySignal<{ block_samples: number; tags: Readonly<Record<string, string>> } | null>;
  readonly connection: ReadonlySignal<"live" | "lost">;
  /** The last notices, newest last; a part that shows one takes it away. */
  readonly notices: Signal<readonly { level: "info" | "warning" | "error"; message: string }[]>;

  /** Clip ids, in playing order. */
  readonly selection: Signal<readonly string[]>;
  readonly playhead_frame: Signal<number>;
  readonly playing: Signal<boolean>;
  /** 1 is normal speed; negative plays backwards, silent. */
  readonly speed: Signal<number>;
  readonly loop_shot: Signal<boolean>;
  readonly captions_on: Signal<boolean>;
  readonly safe_areas_on: Signal<boolean>;
  readonly muted: Signal<boolean>;
  readonly snapping: Signal<boolean>;

  /** Shown at once; taken back, with the reason as a notice, if the kernel refuses. Resolves when the kernel has it. */
  edit(edits: Edit[], label: string): Promise<boolean>;
  undo(): void;
  redo(): void;
  /** Asks for it if nobody has yet. Keys of one kind that are asked for together travel together. */
  media(kind: MediaKind, key: string): ReadonlySignal<MediaState>;
  /** Rejects with the kernel's sentence where it refuses; so do `act` and `upload`. */
  price(action: Action): Promise<number | null>;
  act(action: Action, agreed_usd: number): Promise<void>;
  upload(
    file: File,
    use: Extract<PageMessage, { type: "upload_begin" }>["use"],
    progress: (fraction: number) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Knocks at the kernel again; `connection` says whether it answered. */
  reconnect(): void;
}
