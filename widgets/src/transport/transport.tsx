/** Under the picture: where the film stands, and how it plays. */
import type { Studio } from "../studio";
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";

import { Button, OWN_KEYS } from "../kit/controls";
import { Icon } from "../kit/icons";
import { clock, framesPerSecond, seconds } from "../strip/time";
import type { StripView } from "../strip/view";

export function Transport({ studio, view }: { studio: Studio; view: StripView }) {
  const timeline = studio.timeline.value, film = studio.film.value;
  if (!timeline || !film) return <div class="sr-transport"><div class="sr-ghost" style={{ height: "40px" }} /></div>;
  const length_s = seconds(timeline.length_frames, timeline.rate);
  const ready = film.ready_frames < timeline.length_frames;
  const phone = view.size.value === "phone", playing = studio.playing.value, speed = studio.speed.value;
  return (
    <div class="sr-transport">
      <Scrub studio={studio} />
      <div class="sr-transport-row">
        {!phone && <Button look="plain" icon="previous" label="Previous shot" keys="Left" onClick={() => view.run("previous")} />}
        <button type="button" class="sr-play" {...OWN_KEYS} aria-label={playing ? "Pause" : "Play"} title={playing ? "Pause (Space)" : "Play (Space)"}
          aria-keyshortcuts="Space K" onClick={() => view.run("play")}>
          <Icon name={playing ? "pause" : "play"} />
        </button>
        {!phone && <Button look="plain" icon="next" label="Next shot" keys="Right" onClick={() => view.run("next")} />}
        <span class="sr-time"><b><Now studio={studio} /></b><span class="sr-quiet"> / {clock(length_s, 1)}</span></span>
        {ready && film.running && <span class="sr-quiet sr-label">Ready to {clock(seconds(film.ready_frames, timeline.rate))}</span>}
        <span class="sr-space" />
        {!phone && (
          <Button look="plain" class="sr-speed" label={`Speed, ${speed} times. Next faster`} onClick={() => view.run(speed >= 2 ? "stop" : "faster")}>
            {speed < 0 ? "\u2212" : ""}{Math.abs(speed)}×
          </Button>
        )}
        <Button look="plain" icon="loop" label="Loop the shot" keys="O" pressed={studio.loop_shot.value} onClick={() => view.run("loop")} />
        <Button look="plain" icon="captions" label="Captions" keys="C" pressed={studio.captions_on.value} onClick={() => view.run("captions")} />
        <Button look="plain" icon="safe" label="Safe areas" keys="G" pressed={studio.safe_areas_on.value} onClick={() => view.run("safe_areas")} />
        {!phone && (
          <Button look="plain" icon={studio.muted.value ? "silent" : "sound"} label={studio.muted.value ? "Sound on" : "Sound off"}
            onClick={() => view.run("mute")} />
        )}
        <Button look="plain" icon="full" label="Full screen" keys="F" onClick={() => view.run("full_screen")} />
      </div>
    </div>
  );
}

/** Written without drawing anything else anew: it changes thirty times a second. */
function Now({ studio }: { studio: Studio }) {
  const place = useRef<HTMLSpanElement>(null);
  useSignalEffect(() => {
    const timeline = studio.timeline.value, frame = studio.playhead_frame.value;
    if (place.current && timeline) place.current.textContent = clock(seconds(frame, timeline.rate), 1);
  });
  return <span ref={place} />;
}

function Scrub({ studio }: { studio: Studio }) {
  const bar = useRef<HTMLDivElement>(null);
  const timeline = studio.timeline.value!, film = studio.film.value!;
  const percent = (frame: number): string => `${(100 * frame) / Math.max(timeline.length_frames, 1)}%`;
  useSignalEffect(() => {
    const now = studio.timeline.value, frame = studio.playhead_frame.value;
    if (!bar.current || !now) return;
    bar.current.style.setProperty("--at", String(frame / Math.max(now.length_frames - 1, 1)));
    bar.current.setAttribute("aria-valuenow", String(frame));
    bar.current.setAttribute("aria-valuetext", clock(seconds(frame, now.rate), 1));
  });
  const seek = (event: PointerEvent): void => {
    const box = bar.current!.getBoundingClientRect();
    const part = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    studio.playhead_frame.value = Math.round(part * (timeline.length_frames - 1));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const second = Math.round(framesPerSecond(timeline.rate)), last = timeline.length_frames - 1;
    const by: Record<string, number> = {
      ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10 * second, PageUp: 10 * second, Home: -last, End: last,
    };
    const step = by[event.key];
    if (step === undefined) return;
    const frame = studio.playhead_frame.value + step * (Math.abs(step) === 1 && !event.shiftKey ? second : 1);
    studio.playhead_frame.value = Math.min(Math.max(frame, 0), last);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={bar} class="sr-scrub" role="slider" tabIndex={0} {...OWN_KEYS} aria-label="Place in the film" aria-valuemin={0}
      aria-valuemax={timeline.length_frames - 1} onKeyDown={onKeyDown}
      onPointerDown={(event) => { bar.current!.setPointerCapture(event.pointerId); seek(event); }}
      onPointerMove={(event) => { if (bar.current!.hasPointerCapture(event.pointerId)) seek(event); }}>
      <div class="sr-scrub-track">
        {film.running && <div class="sr-scrub-ready" style={{ width: percent(film.ready_frames) }} />}
        <div class="sr-scrub-past" />
        {marksOf(film.chapters.length > 1 ? film.chapters : scenesOf(studio)).map((frame) => <i style={{ left: percent(frame) }} />)}
      </div>
      <div class="sr-scrub-knob" />
    </div>
  );
}

const marksOf = (parts: readonly { start_frame: number }[]): number[] => parts.slice(1, 60).map((part) => part.start_frame);

function scenesOf(studio: Studio): { start_frame: number }[] {
  const starts = new Map(studio.timeline.value!.clips.map((clip) => [clip.id, clip.start_frame]));
  return studio.film.value!.scenes
    .map((scene) => ({ start_frame: starts.get(scene.clips[0] ?? "") ?? 0 }))
    .filter((part, index) => index === 0 || part.start_frame > 0);
}
