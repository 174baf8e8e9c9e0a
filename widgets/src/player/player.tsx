/** The film on a canvas, as it will be rendered. Draws when something changed, and at no other time. */
import { effect, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { timeText } from "../clock";
import { compositor } from "../draw/compose";
import { textPainter } from "../draw/texts";
import type { Studio } from "../studio";
import { Fonts } from "../text/fonts";
import { Pictures } from "./pictures";
import { Playback } from "./playback";
import "./player.css";
import { SafeAreas } from "./safe_areas";
import { Sound } from "./sound";

/** No canvas is larger, however large the screen: a preview has to keep its pace. */
const LARGEST_PX = 1920;

export function Player({ studio }: { studio: Studio }) {
  const box = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null);
  const size = useSignal<readonly [number, number]>([0, 0]);
  const timeline = studio.timeline.value;

  useEffect(() => {
    const host = box.current!;
    const fit = () => {
      const film = studio.timeline.peek();
      if (!film || !host.clientWidth || !host.clientHeight) return;
      const scale = Math.min(host.clientWidth / film.width_px, host.clientHeight / film.height_px);
      const next = [Math.round(film.width_px * scale), Math.round(film.height_px * scale)] as const;
      if (next[0] !== size.peek()[0] || next[1] !== size.peek()[1]) size.value = next;
    };
    const watcher = new ResizeObserver(fit);
    watcher.observe(host);
    const stop = effect(() => {
      void studio.timeline.value;
      fit();
    });
    return () => {
      stop();
      watcher.disconnect();
    };
  }, [studio]);

  useEffect(() => drawnOn(canvas.current!, studio, () => size.value), [studio]);

  const [width, height] = size.value;
  const ready = timeline && studio.film.value && studio.film.value.ready_frames < timeline.length_frames;
  return (
    <div class="sr-player" ref={box} style={{ aspectRatio: timeline ? `${timeline.width_px} / ${timeline.height_px}` : "16 / 9" }}>
      <div class="sr-picture" style={{ width: `${width}px`, height: `${height}px` }}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={timeline ? `The film ${timeline.title}` : "The film"}
          onClick={() => (studio.playing.value = !studio.playing.value)}
        />
        {timeline && studio.safe_areas_on.value && <SafeAreas studio={studio} timeline={timeline} />}
      </div>
      {!timeline && <p class="sr-player-note">The film is on its way.</p>}
      {ready ? <span class="sr-hidden" role="status">Ready to {timeText(timeline.rate, studio.film.value!.ready_frames, false)}</span> : null}
    </div>
  );
}

/** Keep a canvas at what the studio shows, until the returned function is called. */
export function drawnOn(canvas: HTMLCanvasElement, studio: Studio, sizeOf: () => readonly [number, number]): () => void {
  const context = canvas.getContext("2d", { alpha: false })!;
  const fonts = new Fonts(studio);
  const texts = textPainter(fonts);
  const compose = compositor(texts);
  let request = 0, settling: ReturnType<typeof setTimeout> | undefined;
  const soon = () => { request ||= requestAnimationFrame(draw); };
  const pictures = new Pictures(studio, soon);
  const sound = new Sound(studio);
  const playback = new Playback(studio, sound, (speed) => pictures.play(speed));
  const unlock = () => sound.unlock();
  const root = canvas.closest(".sr-root") ?? document;
  root.addEventListener("pointerdown", unlock);
  root.addEventListener("keydown", unlock);

  function draw() {
    request = 0;
    const timeline = studio.timeline.peek(), [width, height] = sizeOf();
    if (!timeline || !width) return;
    const ratio = Math.min(devicePixelRatio || 1, LARGEST_PX / Math.max(width, height));
    const [columns, rows] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
    const frame = Math.min(studio.playhead_frame.peek(), timeline.length_frames - 1);
    pictures.begin();
    compose(context, timeline, frame, pictures.of, studio.captions_on.peek());
    canvas.dataset.frame = String(frame);
    canvas.dataset.complete = String(pictures.complete && fonts.settled);
    if (studio.playing.peek()) {
      pictures.fetchAhead(frame, studio.speed.peek() < 0);
    } else {
      // Somebody may be dragging the playhead over a hundred shots: what comes next is asked for once it rests.
      clearTimeout(settling);
      settling = setTimeout(() => {
        pictures.fetchAhead(frame, false);
        sound.fetchAhead(frame);
      }, 200);
    }
  }

  const stop = effect(() => {
    void [studio.timeline.value, studio.playhead_frame.value, studio.captions_on.value, studio.shots.value, fonts.version.value];
    sizeOf();
    soon();
  });
  return () => {
    stop();
    cancelAnimationFrame(request);
    clearTimeout(settling);
    root.removeEventListener("pointerdown", unlock);
    root.removeEventListener("keydown", unlock);
    playback.close();
    sound.close();
    pictures.close();
    fonts.close();
  };
}
