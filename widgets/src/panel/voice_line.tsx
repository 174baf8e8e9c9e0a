/** Who speaks in a shot, how it sounds, and a button to hear it. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { OWN_KEYS } from "../kit/controls";
import { Icon } from "../kit/icons";
import type { Clip } from "../protocol";
import { framesPerSecond, seconds } from "../strip/time";
import { hasVoice, type StripView } from "../strip/view";
import { wavePath } from "../strip/wave";
import { SayAgain } from "./say_again";

export function VoiceLine({ view, clip }: { view: StripView; clip: Clip }) {
  const { studio } = view, timeline = studio.timeline.value!, canvas = useRef<HTMLCanvasElement>(null), open = useSignal(false), end = clip.start_frame + clip.length_frames;
  const here = timeline.sounds.filter((sound) => sound.start_frame < end && sound.start_frame + sound.length_frames > clip.start_frame);
  const voice = here.find((sound) => ["narration", "dialogue", "recording"].includes(sound.track));
  const peaks = hasVoice(studio) ? studio.media("peaks", "voice").value : null, dark = view.dark.value;
  useEffect(() => {
    if (!canvas.current || !peaks || typeof peaks === "string" || "missing" in peaks) return;
    const { clientWidth: width, clientHeight: height } = canvas.current, pen = canvas.current.getContext("2d")!;
    canvas.current.width = width * 2;
    canvas.current.height = height * 2;
    pen.scale(2, 2);
    pen.strokeStyle = getComputedStyle(canvas.current).color;
    pen.lineWidth = 1.5;
    pen.lineCap = "round";
    const px_a_second = width / seconds(clip.length_frames, timeline.rate);
    pen.stroke(wavePath(new Float32Array(peaks.bytes), (clip.start_frame / framesPerSecond(timeline.rate)) * px_a_second, width, height, px_a_second));
  }, [peaks, clip.start_frame, clip.length_frames, dark]);
  if (!voice) return null;
  const spoken = timeline.voice_windows.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, clip.start_frame)), 0);
  const name = { narration: "Narrator", dialogue: "Dialogue", recording: "Recording" }[voice.track as "narration"];
  return (
    <div class="sr-block">
      <h3 class="sr-label">Voice</h3>
      <div class="sr-voice-line">
        <button type="button" class="sr-button is-plain is-icon" {...OWN_KEYS} aria-label="Hear this shot" title="Hear this shot"
          onClick={() => { studio.playhead_frame.value = clip.start_frame; studio.speed.value = 1; studio.playing.value = true; }}><Icon name="play" /></button>
        <span>{name}</span>
        <canvas ref={canvas} aria-hidden="true" />
        <span class="sr-quiet sr-label">{seconds(spoken, timeline.rate).toFixed(1)} s</span>
        <button type="button" class="sr-link" {...OWN_KEYS} aria-expanded={open.value} onClick={() => { open.value = !open.value; }}>Say again</button>
      </div>
      {open.value && <SayAgain view={view} clip={clip} untouched={voice.untouched} />}
    </div>
  );
}
