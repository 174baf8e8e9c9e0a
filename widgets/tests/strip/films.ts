/** A film of shots with these lengths, s1, s2, ... */
import type { Clip, Timeline } from "../../src/protocol";

export function clips(...lengths: number[]): Clip[] {
  let start_frame = 0;
  return lengths.map((length_frames, index) => {
    const clip: Clip = {
      id: `s${index + 1}`, asset: null, start_frame, length_frames, scene: 1, source_start_s: 0, speed: 1, fit: { kind: "crop", colour: "#000000" },
      motion: { start: { x: 0.5, y: 0.5, height: 1, turn_deg: 0 }, end: { x: 0.5, y: 0.5, height: 1, turn_deg: 0 }, ease: "in_out" },
      into: { kind: "cut", length_frames: 0, side: "left" },
    };
    start_frame += length_frames;
    return clip;
  });
}

export function film(...lengths: number[]): Timeline {
  return {
    title: "", language: "en", rate: { num: 30, den: 1 }, width_px: 960, height_px: 540, length_frames: lengths.reduce((sum, each) => sum + each, 0), clips: clips(...lengths),
    cues: [], cards: [], labels: [], sounds: [], voice_windows: [], fade_in_frames: 0, fade_out_frames: 0, captions: "none", caption_style: null, platform: "",
    loudness_lufs: -14, true_peak_dbtp: -1,
  };
}

/** Every way to choose some of the ids. */
export function subsets(ids: readonly string[]): Set<string>[] {
  return Array.from({ length: 2 ** ids.length }, (_, bits) => new Set(ids.filter((_id, at) => (bits >> at) & 1)));
}
