/** Small helpers for made-up films: a film is a kernel's first word and how its pictures come about. */
import type { Asset, Clip, Cue, ShotInfo, Sound, StateMessage } from "../src/protocol";

/** What the fake kernel begins with; `pictures` are JPEG files as base64, by sha256. */
export interface Film { state: StateMessage; pictures: Record<string, string>; cuts_s: number[] }

export const STILL = { x: 0.5, y: 0.5, height: 1, turn_deg: 0 };

/** A repeatable row of numbers from 0 to 1 (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function picture(name: string, prompt = "", price_usd = 0.04): Asset {
  return {
    kind: "image", blob: { sha256: name.padEnd(64, "0"), suffix: ".png", size_bytes: 1_200_000 }, width_px: 1600, height_px: 900, duration_s: 0,
    provenance: { provider: "flux", model: "Flux 1.1 Pro", seed: 48213, price_usd, prompt, request: "req_7f3a19" },
  };
}

export function sound(track: Sound["track"], name: string, start_frame: number, length_frames: number, more: Partial<Sound> = {}): Sound {
  return {
    asset: {
      kind: "audio", blob: { sha256: `${track}-${name}-${start_frame}`.padEnd(64, "0"), suffix: ".flac", size_bytes: 900_000 }, width_px: 0, height_px: 0,
      duration_s: length_frames / 30, provenance: { provider: "offline/score-1", prompt: name, price_usd: 0 },
    },
    track, start_frame, length_frames, source_start_s: 0, gain_db: 0, fade_in_s: 0, fade_out_s: 0, ducked: track === "music", looped: false, untouched: false, ...more,
  };
}

export function clip(id: string, asset: Asset | null, start_frame: number, length_frames: number, more: Partial<Clip> = {}): Clip {
  return {
    id, asset, start_frame, length_frames, motion: { start: STILL, end: { ...STILL, y: 0.48, height: 0.84 }, ease: "in_out" },
    into: { kind: "cut", length_frames: 0, side: "left" }, fit: { kind: "crop", colour: "#000000" }, source_start_s: 0, speed: 1, scene: 0, ...more,
  };
}

export function info(of: Clip, number: number, more: Partial<ShotInfo> = {}): ShotInfo {
  return {
    clip: of.id, number, title: "", camera: "wide shot", prompt: of.asset?.provenance.prompt ?? "", cast: [], status: of.asset ? "done" : "waiting", fraction: 0,
    message: "", takes: of.asset ? [of.asset] : [], price_usd: 0.04, can_make_again: true, why_not: "", ...more,
  };
}

const WORDS = ("somewhere past the dunes my father heard the sea he never said it aloud not once but every evening he set two cups on the wall and turned "
  + "the lamp so that it faced the water and the keeper of the last lighthouse waited for a ship that had no name").split(" ");

/** Captions of about eight words in two lines, one after the other, from 0.5 s to the end. */
export function spoken(length_frames: number, seed: number): { cues: Cue[]; windows: [number, number][]; cuts_s: number[] } {
  const draw = chance(seed), cues: Cue[] = [], windows: [number, number][] = [], cuts_s: number[] = [];
  let frame = 15, at = 0;
  while (frame < length_frames - 120) {
    const start_frame = frame, words = [];
    for (let count = 0; count < 7 + Math.floor(draw() * 3); count += 1) {
      const text = WORDS[at++ % WORDS.length]!, length = 5 + Math.round(text.length * 1.6 + draw() * 3);
      words.push({ text, start_frame: frame, end_frame: frame + length });
      frame += length;
    }
    cues.push({ start_frame, length_frames: frame - start_frame + 6, lines: [words.slice(0, 4), words.slice(4)] });
    windows.push([start_frame, frame]);
    cuts_s.push((frame + 5) / 30);
    frame += 10 + Math.round(draw() * 20);
  }
  return { cues, windows, cuts_s };
}

export function stateOf(
  title: string, length_frames: number, clips: Clip[], shots: ShotInfo[], speech: ReturnType<typeof spoken>, sounds: Sound[],
  film: Partial<StateMessage["film"]>,
): StateMessage {
  return {
    type: "state", revision: 1,
    timeline: {
      title, language: "en", rate: { num: 30, den: 1 }, width_px: 960, height_px: 540, length_frames, clips, cues: speech.cues, cards: [], labels: [], sounds,
      voice_windows: speech.windows, fade_in_frames: 0, fade_out_frames: 0, captions: "documentary", caption_style: null, platform: "",
      loudness_lufs: -14, true_peak_dbtp: -1,
    },
    film: {
      project: "last-lighthouse-7f3a", title, recipe: "title_film", chapters: [], scenes: [], cost_usd: 1.08, budget_usd: 5, unrendered: 3,
      ready_frames: length_frames, running: false, voices: [{ value: "offline:george", name: "George, deep" }], ...film,
    },
    shots, history: [], sound_block_samples: 480_000, sound_tags: {}, fonts: {}, captions: { style: {}, safe: {}, margins: [0.05, 0.05, 0.1, 0.1] },
  };
}
