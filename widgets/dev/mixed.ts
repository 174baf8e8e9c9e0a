/** Twelve shots in every state there is. */
import { clip, info, picture, sound, spoken, stateOf, type Film } from "./films";
import type { ShotStatus } from "../src/protocol";

const SHOTS: readonly [number, number, string, ShotStatus, boolean][] = [
  [22, 1, "The cape at dusk", "done", false], [18, 1, "Two boats come in", "done", false], [31, 2, "The clock room", "done", true],
  [17, 2, "A cat on the stairs", "done", false], [25, 2, "Letters in the shelf", "changed", false], [28, 3, "Rain on the city", "done", true],
  [15, 3, "The man with the hat", "failed", false], [33, 4, "His father's caravan", "done", true], [20, 4, "The sun he crossed", "done", false],
  [18, 5, "Thunder", "running", true], [28, 5, "The lamp", "waiting", false], [41, 5, "The light goes out", "done", false],
];
const SCENES = ["The cape", "The clock room", "The city", "The desert", "The light"];

export function mixed(): Film {
  let frame = 0;
  const clips = SHOTS.map(([length_s, scene, title, status, dissolve], index) => {
    const asset = status === "waiting" || status === "failed" ? null : picture(`shot${index + 1}`, `${title}. Low sun on the right, long shadows, warm haze. Wide, calm.`);
    const made = clip(`s${String(index + 1).padStart(4, "0")}`, asset, frame, length_s * 30, {
      scene, into: { kind: dissolve ? "dissolve" : "cut", length_frames: dissolve ? 30 : 0, side: "left" },
    });
    frame += length_s * 30;
    return made;
  });
  clips[7]!.motion = { start: { x: 0.47, y: 0.5, height: 0.9, turn_deg: 0 }, end: { x: 0.41, y: 0.61, height: 0.54, turn_deg: 0 }, ease: "in_out" };
  const shots = clips.map((each, index) => {
    const [, , title, status] = SHOTS[index]!;
    return info(each, index + 1, {
      title, status, fraction: status === "running" ? 0.62 : 0, cast: index % 3 === 1 ? ["Father", "Elias"] : ["Father"],
      message: status === "failed" ? "The picture service did not answer, three times in a row. You were not charged." : "",
      takes: each.asset ? [picture(`shot${index + 1}a`), picture(`shot${index + 1}b`), each.asset, picture(`shot${index + 1}c`)] : [],
    });
  });
  const speech = spoken(frame, 7), effects: [string, number, number][] = [
    ["Rain and surf", 0, 40], ["Clocks", 42, 24], ["Cat", 72, 14], ["Rain on streets", 114, 38], ["Desert wind", 161, 46], ["Thunder", 208, 20], ["Rain", 231, 24], ["Lamp motor", 262, 33],
  ];
  const sounds = [
    sound("narration", "", 0, frame), sound("music", "slow tide, strings", 0, 141 * 30, { fade_out_s: 3 }), sound("music", "across the sand, oud and drone", 141 * 30, frame - 141 * 30, { fade_out_s: 3 }),
    ...effects.map(([name, start_s, length_s]) => sound("effects", name, start_s * 30, length_s * 30)),
  ];
  const starts = clips.slice(1).map((each) => each.start_frame / 30);
  const cuts_s = [...speech.cuts_s.filter((_, index) => index % 4 === 0).filter((cut) => starts.every((start) => Math.abs(start - cut) > 4)), ...starts.filter((_, index) => index !== 4)].sort((a, b) => a - b);
  const scenes = SCENES.map((title, index) => ({ number: index + 1, title, chapter: 1, clips: clips.filter((each) => each.scene === index + 1).map((each) => each.id) }));
  const state = stateOf("The Last Lighthouse", frame, clips, shots, speech, sounds, { scenes, chapters: [{ number: 1, title: "The light goes out", start_frame: 0, length_frames: frame }] });
  return { state, pictures: {}, cuts_s };
}
