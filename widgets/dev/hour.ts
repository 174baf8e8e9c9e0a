/** An hour of 300 shots in nine chapters. */
import { chance, clip, info, picture, sound, spoken, stateOf, type Film } from "./films";

export function hour(): Film {
  const draw = chance(42), length = 3600 * 30, weights = Array.from({ length: 300 }, () => 0.4 + draw() * 1.2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let frame = 0;
  const clips = weights.map((weight, index) => {
    const length_frames = index === 299 ? length - frame : Math.round((weight / total) * length);
    const dissolve = index > 0 && index % 3 === 0;
    const made = clip(`s${String(index + 1).padStart(4, "0")}`, picture(`hour${index}`, `Shot ${index + 1}`), frame, length_frames, {
      scene: Math.floor(index / 5) + 1, into: { kind: dissolve ? "dissolve" : "cut", length_frames: dissolve ? 24 : 0, side: "left" },
    });
    frame += length_frames;
    return made;
  });
  const shots = clips.map((each, index) => info(each, index + 1, { title: `Moment ${index + 1}`, status: index % 41 === 40 ? "changed" : "done" }));
  const scenes = Array.from({ length: 60 }, (_, index) => ({ number: index + 1, title: `Scene ${index + 1}`, chapter: Math.floor(index / 60 * 9) + 1, clips: clips.slice(index * 5, index * 5 + 5).map((each) => each.id) }));
  const chapters = Array.from({ length: 9 }, (_, index) => {
    const first = Math.ceil((index * 60) / 9) * 5, after = Math.ceil(((index + 1) * 60) / 9) * 5, start_frame = clips[first]!.start_frame;
    return { number: index + 1, title: `Part ${index + 1}`, start_frame, length_frames: (clips[after]?.start_frame ?? length) - start_frame };
  });
  const speech = spoken(length, 3);
  const sounds = [sound("narration", "", 0, length), ...Array.from({ length: 9 }, (_, index) => sound("music", `Theme ${index + 1}`, index * 12000, 12000, { fade_out_s: 3 }))];
  return { state: stateOf("The Long Hour", length, clips, shots, speech, sounds, { scenes, chapters }), pictures: {}, cuts_s: speech.cuts_s };
}
