/** A piece of music or an effect: how loud it is, and another in its place. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

import { Button, OWN_KEYS } from "../kit/controls";
import { soundName } from "../strip/lanes";
import { toldOf } from "../strip/say";
import { clock, seconds } from "../strip/time";
import type { StripView } from "../strip/view";
import { PanelTitle } from "./panel";

const SOUNDS = "audio/*,video/mp4,video/webm";

export function SoundPanel({ view, sound: index, onClose }: { view: StripView; sound: number; onClose: () => void }) {
  const { studio } = view, timeline = studio.timeline.value!, sound = timeline.sounds[index], gain = useSignal<number | null>(null), field = useRef<HTMLInputElement>(null);
  if (!sound) return <div class="sr-panel-body"><PanelTitle view={view} title="Sound" onClose={onClose} /><p class="sr-quiet">This sound is gone.</p></div>;
  const music = sound.track === "music", shown = gain.value ?? sound.gain_db, { prompt, provider } = sound.asset.provenance;
  return (
    <div class="sr-panel-body">
      <PanelTitle view={view} title={music ? "Music" : "Effect"} onClose={onClose} />
      <p>{soundName(sound)}</p>
      <p class="sr-quiet sr-label sr-under">{clock(seconds(sound.start_frame, timeline.rate), 1)} to {clock(seconds(sound.start_frame + sound.length_frames, timeline.rate), 1)}{sound.looped && ", repeated"}{sound.ducked && ", softer under the voice"}</p>
      <div class="sr-block">
        <div class="sr-block-head"><label class="sr-label" for={view.id("gain")}>Loudness</label><output class="sr-label">{shown > 0 ? "+" : ""}{shown.toFixed(1).replace("-", "\u2212")} dB</output></div>
        <input id={view.id("gain")} type="range" class="sr-zoom" {...OWN_KEYS} min={-40} max={12} step={0.5} value={shown} disabled={sound.untouched} style={{ "--at": (shown + 40) / 52 }}
          onInput={(event) => { gain.value = Number(event.currentTarget.value); }}
          onChange={(event) => {
            const gain_db = Number(event.currentTarget.value);
            gain.value = null;
            void studio.edit([{ kind: "change_gain", sound: index, gain_db }], `Set ${music ? "the music" : "an effect"} to ${gain_db} dB`);
          }} />
        {sound.untouched && <p class="sr-quiet sr-label">The recording goes into the film as it is.</p>}
      </div>
      {music && (
        <div class="sr-row">
          <Button icon="upload" onClick={() => field.current!.click()}>Use my own</Button>
          <Button icon="bin" onClick={() => { onClose(); void studio.edit([{ kind: "replace_music", asset: null }], "Take out the music"); }}>Take out</Button>
          <input ref={field} type="file" class="sr-hidden" tabIndex={-1} aria-hidden="true" accept={SOUNDS}
            onChange={(event) => { const file = event.currentTarget.files?.[0]; event.currentTarget.value = ""; if (file) view.upload(file, { as: "music" }); }} />
        </div>
      )}
      <div class="sr-origin"><p class="sr-label" title={toldOf(sound.asset.provenance)}>{prompt ? `${provider}: ${prompt}` : provider}</p></div>
    </div>
  );
}
