/** The lanes above and below the shots: the ruler, headings, the voice with its energy cuts, music and effects. */
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";

import { OWN_KEYS } from "../kit/controls";
import { across, px } from "../kit/style";
import type { Sound } from "../protocol";
import { chapterHeadings, headings } from "./scenes";
import { toldOf } from "./say";
import { marks } from "./scale";
import { uncrowded, usedCuts } from "./snap";
import { clock, framesPerSecond, seconds } from "./time";
import { hasVoice, type StripView } from "./view";
import { partition, visibleRange } from "./visible";
import { wavePath } from "./wave";

export function Ruler({ view }: { view: StripView }) {
  const timeline = view.studio.timeline.value!, fps = framesPerSecond(timeline.rate), scale = view.px_a_frame.value;
  const { step_s, digits } = marks(scale * fps), { start_px, end_px } = view.drawn.value, labels = [];
  const first = Math.max(0, Math.ceil(start_px / scale / fps / step_s)), last = Math.min(end_px, timeline.length_frames * scale) / scale / fps / step_s;
  for (let mark = first; mark < last - 1e-6; mark += 1) {
    labels.push(<span style={across(mark * step_s * fps * scale)}>{clock(mark * step_s, digits)}</span>);
  }
  return <div class="sr-ruler" aria-hidden="true">{labels}</div>;
}

export function Headings({ view }: { view: StripView }) {
  const { studio } = view, film = studio.film.value!, scale = view.px_a_frame.value, { start_px, end_px } = view.drawn.value;
  const scenes = headings(view.clips.value, film), crowded = (scenes.length * HEADING_PX) / scale > studio.timeline.value!.length_frames;
  const all = crowded && film.chapters.length > 1 ? chapterHeadings(view.clips.value, film.chapters) : scenes, range = visibleRange(all, start_px / scale, end_px / scale);
  const chapters = film.chapters.length > 1 ? film.chapters : [];
  const starts = new Set(chapters.map((chapter) => chapter.start_frame));
  return (
    <div class="sr-scenes">
      {all.slice(range.first, range.after).map((each) => {
        const width = Math.max(each.length_frames * scale - 3, 1), chapter = chapters.find((one) => one.start_frame === each.start_frame);
        const name = all !== scenes ? each.title : each.title || (each.scene ? `Scene ${each.scene}` : "");
        return (
          <button type="button" tabIndex={-1} {...OWN_KEYS} key={each.clips[0]} class={`sr-scene ${starts.has(each.start_frame) ? "is-chapter" : ""}`}
            data-scene={each.clips.join(" ")} style={{ left: px(each.start_frame * scale), width: px(width) }}
            title={`${chapter ? `Chapter ${chapter.number}, ${chapter.title}. ` : ""}${name}. Drag to move it whole.`}
            aria-label={`${chapter ? `Chapter ${chapter.number} ` : ""}${name}, ${each.clips.length} shots`}>
            {width > 24 && <span>{chapter && <b>{width > 150 && "Chapter "}{chapter.number} </b>}{name}</span>}
          </button>
        );
      })}
    </div>
  );
}

/** Where scenes would be narrower than this on average, chapters stand in their place. */
const HEADING_PX = 34;
/** Marks of energy cuts stand at least so far apart. */
const MARK_PX = 14;

/** The voice's waveform, the places where its energy lets a cut fall, and its words once there is room for them. */
export function Voice({ view }: { view: StripView }) {
  const { studio } = view, canvas = useRef<HTMLCanvasElement>(null), timeline = studio.timeline.value!, film = studio.film.value!;
  const voiced = hasVoice(studio), scale = view.px_a_frame.value, { start_px, end_px } = view.drawn.value;
  const starts = view.clips.value.map((clip) => clip.start_frame);
  useSignalEffect(() => {
    // Read here, so that the picture is drawn again when the theme or the film's length changes.
    void view.dark.value;
    drawWave(view, canvas.current);
  });
  if (!voiced) {
    return <div class="sr-lane sr-voice"><Note view={view}>{film.running ? "The voice is recorded after the words" : "Music only"}</Note></div>;
  }
  const cuts = view.cuts.value, used = usedCuts(cuts, starts);
  const from = partition(cuts.length, (index) => cuts[index]! * scale < start_px), to = partition(cuts.length, (index) => cuts[index]! * scale <= end_px);
  const last = timeline.sounds.filter((sound) => sound.track === "narration").reduce((end, sound) => Math.max(end, sound.start_frame + sound.length_frames), 0);
  const px_a_second = scale * framesPerSecond(timeline.rate);
  return (
    <div class={`sr-lane sr-voice ${px_a_second > 70 ? "has-words" : ""}`} title={voices(timeline.sounds)}>
      <canvas ref={canvas} aria-hidden="true" />
      {uncrowded(cuts, used, from, to, MARK_PX / scale).map((index) => (
        <i key={index} class={`sr-cut ${used[index] ? "is-used" : ""}`} style={across(cuts[index]! * scale)} />
      ))}
      {px_a_second > 70 && <Words view={view} />}
      {film.running && last > 0 && last < timeline.length_frames - framesPerSecond(timeline.rate) * 3 && (
        <span class="sr-lane-note is-box" style={across(last * scale, (timeline.length_frames - last) * scale)}>Recording the voice</span>
      )}
    </div>
  );
}

function Words({ view }: { view: StripView }) {
  const timeline = view.studio.timeline.value!, scale = view.px_a_frame.value, { start_px, end_px } = view.drawn.value;
  const range = visibleRange(timeline.cues, start_px / scale, end_px / scale);
  return (
    <div class="sr-words" aria-hidden="true">
      {timeline.cues.slice(range.first, range.after).flatMap((cue) => cue.lines.flat()).map((word) => (
        <span style={across(word.start_frame * scale, Math.max((word.end_frame - word.start_frame) * scale - 2, 2))}>{word.text}</span>
      ))}
    </div>
  );
}

function drawWave(view: StripView, canvas: HTMLCanvasElement | null): void {
  const timeline = view.studio.timeline.value, scale = view.px_a_frame.value, { start_px, end_px } = view.drawn.value;
  if (!canvas || !timeline) return;
  const content_px = timeline.length_frames * scale;
  const peaks = view.studio.media("peaks", "voice").value;
  const left = Math.max(start_px, 0), width = Math.max(Math.min(end_px, content_px) - left, 1), ratio = Math.min(window.devicePixelRatio || 1, 2);
  const height = canvas.clientHeight || 44;
  Object.assign(canvas.style, { left: `${left}px`, width: `${width}px` });
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  if (typeof peaks === "string" || "missing" in peaks) return;
  const pen = canvas.getContext("2d")!;
  pen.scale(ratio, ratio);
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.lineWidth = 1.5;
  pen.lineCap = "round";
  pen.stroke(wavePath(new Float32Array(peaks.bytes), left, width, height, scale * framesPerSecond(timeline.rate)));
}

export function Sounds({ view, tracks, name }: { view: StripView; tracks: readonly Sound["track"][]; name: "Music" | "Effects" }) {
  const { studio } = view, timeline = studio.timeline.value!, scale = view.px_a_frame.value, { start_px, end_px } = view.drawn.value;
  const own = timeline.sounds.map((sound, index) => ({ sound, index })).filter(({ sound }) => tracks.includes(sound.track));
  const panel = view.panel.value, running = studio.film.value!.running;
  if (!own.length) {
    const later = name === "Music" ? "Music is chosen after the voice" : "Effects are placed after the voice";
    return <div class="sr-lane sr-sounds"><Note view={view} box>{running ? later : `No ${name.toLowerCase()}`}</Note></div>;
  }
  return (
    <div class="sr-lane sr-sounds">
      {own.filter(({ sound }) => sound.start_frame * scale < end_px && (sound.start_frame + sound.length_frames) * scale > start_px).map(({ sound, index }) => {
        const x = sound.start_frame * scale, width = Math.max(sound.length_frames * scale - 2, 2);
        return (
          <button type="button" tabIndex={-1} key={index} data-sound={index} {...OWN_KEYS} aria-label={`${name}: ${soundName(sound)}`}
            class={`sr-sound ${panel.of === "sound" && panel.sound === index ? "is-on" : ""}`} style={{ left: px(x), width: px(width) }}
            title={`${seconds(sound.length_frames, timeline.rate).toFixed(1)} s of ${toldOf(sound.asset.provenance)}`}>
            {sound.track === "music" && <Ducking view={view} sound={sound} width={width} />}
            {width > 30 && <span>{soundName(sound)}</span>}
          </button>
        );
      })}
    </div>
  );
}

/** How loud the music plays: low while somebody speaks, faded at its ends. Drawn at most 4000 px wide. */
function Ducking({ view, sound, width }: { view: StripView; sound: Sound; width: number }) {
  const timeline = view.studio.timeline.value!, fps = framesPerSecond(timeline.rate), ramp = 0.8 * fps;
  const unit = sound.length_frames || 1, high = 0.75, low = sound.ducked ? 0.3 : high;
  const points: [number, number][] = [[0, sound.fade_in_s ? 0 : high], [sound.fade_in_s * fps, high]];
  if (sound.ducked) {
    for (const [start, end] of joined(timeline.voice_windows, 2 * ramp)) {
      const a = start - sound.start_frame, b = end - sound.start_frame;
      if (b < 0 || a > unit) continue;
      points.push([Math.max(a - ramp, 0), high], [Math.max(a, 0), low], [Math.min(b, unit), low], [Math.min(b + ramp, unit), high]);
    }
  }
  points.push([unit - sound.fade_out_s * fps, high], [unit, sound.fade_out_s ? 0 : high]);
  const path = points.sort((one, other) => one[0] - other[0]).map(([x, y]) => `${((100 * x) / unit).toFixed(2)} ${(100 - 100 * y).toFixed(0)}`);
  return (
    <svg class="sr-ducking" viewBox="0 0 100 100" preserveAspectRatio="none" width={width} height="22" aria-hidden="true">
      <path d={`M0 100L${path.join("L")}L100 100z`} />
    </svg>
  );
}

/** Windows with less than `gap` between them taken together. */
function joined(windows: readonly (readonly [number, number])[], gap: number): [number, number][] {
  const found: [number, number][] = [];
  for (const [start, end] of windows) {
    const last = found[found.length - 1];
    if (last && start - last[1] < gap) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

/** Where the voice comes from, each origin once; what it was asked to say stands in the lane. */
export function voices(sounds: readonly Sound[]): string {
  const told = sounds.filter(({ track }) => track === "narration").map(({ asset }) => toldOf({ ...asset.provenance, prompt: "" }));
  return [...new Set(told)].join("\n");
}

/** What was asked for, as far as its first comma, tells most. */
export function soundName(sound: Sound): string {
  const { prompt, provider } = sound.asset.provenance, words = (prompt || provider).trim();
  return words ? words[0]!.toUpperCase() + words.slice(1, 60) : "Sound";
}

/** Words in an empty lane, seen wherever the strip is scrolled to. */
function Note({ view, box, children }: { view: StripView; box?: boolean; children: string }) {
  const width = view.studio.timeline.value!.length_frames * view.px_a_frame.value;
  return <span class={`sr-lane-note ${box ? "is-box" : ""}`} style={{ width: px(width) }}><span>{children}</span></span>;
}
