/**
 * What the page and the kernel say to each other. The kernel's side is storyreel/studio/messages.py.
 *
 * The kernel is right: it orders edits, applies them and tells every window of a project what changed. A window shows
 * its own edit at once and takes the kernel's word when that arrives. Names, units and defaults are those of the
 * Python models (storyreel/timeline/model.py and edit.py); fields at their default may be absent.
 *
 * Times are whole frames at `Timeline.rate`.
 */

export interface Rate { num: number; den: number }
export interface Blob_ { sha256: string; suffix: string; size_bytes: number }
export interface Provenance {
  provider: string; prompt?: string; seed?: number | null; price_usd?: number | null; model?: string; request?: string;
  /** Whom to name, one a line. */
  credit?: string;
}
export interface Asset {
  kind: "image" | "audio" | "video"; blob: Blob_; width_px?: number; height_px?: number; duration_s?: number;
  provenance: Provenance;
}
export interface Rect { x: number; y: number; height: number; turn_deg: number }
export type Ease = "linear" | "in" | "out" | "in_out";
export interface Motion { start: Rect; end: Rect; ease: Ease }
export type TransitionKind = "cut" | "dissolve" | "fade_black" | "fade_white" | "wipe" | "slide" | "push" | "zoom";
export interface Transition { kind: TransitionKind; length_frames: number; side: "left" | "right" | "up" | "down" }
export interface Fit { kind: "crop" | "blur" | "colour"; colour: string }
export interface Clip {
  id: string; asset: Asset | null; start_frame: number; length_frames: number; motion: Motion; into: Transition;
  fit: Fit; source_start_s: number; speed: number; scene: number;
}
export interface CueWord { text: string; start_frame: number; end_frame: number }
export interface Cue { start_frame: number; length_frames: number; lines: CueWord[][] }
export interface Card { start_frame: number; length_frames: number; title: string; subtitle: string }
export interface Label {
  start_frame: number; length_frames: number; text: string; preset: "lower_third" | "title" | "corner" | "note";
  x: number | null; y: number | null; scale: number;
}
export type Track = "narration" | "dialogue" | "music" | "effects" | "clip" | "recording";
export interface Sound {
  asset: Asset; track: Track; start_frame: number; length_frames: number; source_start_s: number; gain_db: number;
  fade_in_s: number; fade_out_s: number; ducked: boolean; looped: boolean; untouched: boolean;
}
/** The whole film; every default of the Python model is written out by the kernel. */
export interface Timeline {
  title: string; language: string; rate: Rate; width_px: number; height_px: number; length_frames: number;
  clips: Clip[]; cues: Cue[]; cards: Card[]; labels: Label[]; sounds: Sound[]; voice_windows: [number, number][];
  fade_in_frames: number; fade_out_frames: number; captions: string; caption_style: CaptionStyle | null; platform: string;
  loudness_lufs: number; true_peak_dbtp: number;
}
/** storyreel/timeline/caption_style.py, all fields. */
export type CaptionStyle = Record<string, unknown>;

/** A change of a film, as storyreel/timeline/edit.py has it: `kind` and that kind's fields. */
export type Edit = { kind: string } & Record<string, unknown>;

export type ShotStatus = "done" | "waiting" | "running" | "changed" | "failed";
/** What the panel shows of a shot beyond the clip itself. Keyed by clip id. */
export interface ShotInfo {
  clip: string;
  /** Counts from 1 in playing order at the time of sending. */
  number: number;
  title: string; camera: string; prompt: string; cast: string[];
  status: ShotStatus; fraction: number; message: string;
  /** What to ask for as "thumb" or "picture" while its own picture is waited for; "" for none. */
  sketch?: string;
  /** Pictures this shot has had, oldest first; the one in use is the clip's asset. */
  takes: Asset[];
  /** What making its picture again costs at most; null where nobody knows, 0 where it is free. */
  price_usd: number | null;
  can_make_again: boolean;
  /** Why not, "" if it can. */
  why_not: string;
}
export interface SceneInfo { number: number; title: string; chapter: number; clips: string[] }
export interface ChapterInfo { number: number; title: string; start_frame: number; length_frames: number }
export interface HistoryEntry { id: string; at_s: number; window: string; label: string; undone: boolean }
export interface FilmInfo {
  project: string; title: string; recipe: string; chapters: ChapterInfo[]; scenes: SceneInfo[];
  cost_usd: number; budget_usd: number | null;
  /** Edits since the last finished render; 0 if film.mp4 is up to date. */
  unrendered: number;
  /** Frames from the start that can be played; equals the film's length once all is there. */
  ready_frames: number;
  /** Whether a run of this film is going on now. */
  running: boolean;
  /** Who may speak a line again. */
  voices: VoiceChoice[];
}
export interface VoiceChoice { value: string; name: string }

/** One piece of a changed list: `remove` items at `at` give way to `insert`. */
export interface Splice { at: number; remove: number; insert: unknown[] }

// ---- page to kernel -------------------------------------------------------------------------------------------------

export type MediaKind =
  /** JPEG or WebP, 160 px high; key: sha256 of a picture or clip. */
  | "thumb"
  /** JPEG or WebP, the whole picture at up to 1280 px wide; key: sha256. */
  | "picture"
  /** A small MP4 or WebM of a video asset at up to 960 px wide; key: sha256. */
  | "clip"
  /** Opus in Ogg: one block of the film's mixed and mastered sound; key: block number as text. */
  | "sound"
  /** A float32 array (min, max pairs, 100 a second) of the voice; key: "voice". `meta.cuts_s`: energy cuts. */
  | "peaks"
  /** A font file; key: one of `StateMessage.fonts`. */
  | "font";

/** Captions that follow one another and what they say, as the page shows them. */
export interface Line { cue: number; captions: number; text: string }
export type Action =
  | { do: "make_again"; clip: string; prompt?: string }
  /** `voice`: one of `FilmInfo.voices`; "" for who says it now. `speed`: 1 is the voice's own. */
  | ({ do: "say_again"; voice?: string; speed?: number } & Line)
  /** `later`: whether the segments after it are made again too, so that they begin where the one before ends. */
  | { do: "remake_segment"; clip: string; happens?: string; later?: boolean }
  | { do: "retry"; clip: string }
  | { do: "render"; quality?: "draft" | "standard" | "high" };

export type PageMessage =
  | { type: "hello"; window: string }
  | { type: "edit"; id: number; base: number; label: string; edits: Edit[] }
  | { type: "undo" | "redo"; id: number }
  | { type: "want"; kind: MediaKind; keys: string[] }
  /** Answers with what it would cost; nothing is made. */
  | { type: "price"; id: number; action: Action }
  /** `agreed_usd`: the most that the person agreed to pay. */
  | { type: "act"; id: number; action: Action; agreed_usd: number }
  | { type: "upload_begin"; id: number; name: string; size_bytes: number;
      use: { as: "picture"; clip: string } | { as: "insert"; at: number; length_frames: number } | { as: "music" }
        | ({ as: "voice" } & Line) }
  /** One buffer of at most 1 MiB. Chunks come in order; the next is sent when this one is acknowledged. */
  | { type: "upload_chunk"; id: number; at: number }
  | { type: "upload_cancel"; id: number };

// ---- kernel to page -------------------------------------------------------------------------------------------------

export interface StateMessage {
  type: "state"; revision: number; timeline: Timeline; film: FilmInfo; shots: ShotInfo[]; history: HistoryEntry[];
  /** Length of a sound block in samples at 48 kHz; the last one is shorter. */
  sound_block_samples: number;
  /** Changes when the mix of a block changes: block number -> tag. */
  sound_tags: Record<string, string>;
  /** CSS family -> keys to ask for, in order of preference. */
  fonts: Record<string, string[]>;
  /** Everything the caption painter needs that is not in the timeline: the style in force, margins, safe areas. */
  captions: { style: CaptionStyle; safe: Record<string, [number, number, number, number]>; margins: number[] };
}
export type KernelMessage =
  | StateMessage
  | { type: "patch"; revision: number; window: string; id: number;
      /** Fields of the timeline: a list changes by one splice, anything else by its new value. */
      splices: Record<string, Splice>; values: Record<string, unknown>;
      film: FilmInfo; shots: ShotInfo[]; history: HistoryEntry[]; sound_tags: Record<string, string>;
      captions: StateMessage["captions"] }
  /** Only what is named changed; no edit stands behind it (a run goes on, a render finished). */
  | { type: "progress"; film?: FilmInfo; shots?: ShotInfo[] }
  /** One buffer a key, in the order of `keys`. `missing` are those that cannot be had now, with why. */
  | { type: "media"; kind: MediaKind; keys: string[]; mime: string; meta?: Record<string, unknown>;
      missing?: Record<string, string> }
  | { type: "done"; id: number; message?: string; price_usd?: number | null }
  | { type: "refused"; id: number; message: string }
  | { type: "upload_ok"; id: number; received_bytes: number }
  | { type: "notice"; level: "info" | "warning" | "error"; message: string };
