/** How one shot gives way to the next. */
import { Button, Select, TextField } from "../kit/controls";
import { Icon } from "../kit/icons";
import type { Transition, TransitionKind } from "../protocol";
import { TRANSITION_WORDS } from "../strip/say";
import { frames, parseLength, seconds } from "../strip/time";
import type { StripView } from "../strip/view";
import { PanelTitle } from "./panel";

const SIDED: readonly TransitionKind[] = ["wipe", "slide", "push"];
const USUAL_S = 1;

export function JointPanel({ view, clip: id, onClose }: { view: StripView; clip: string; onClose: () => void }) {
  const { studio } = view, timeline = studio.timeline.value!, index = timeline.clips.findIndex((clip) => clip.id === id);
  const clip = timeline.clips[index], before = timeline.clips[index - 1];
  if (!clip || !before) return <div class="sr-panel-body"><PanelTitle view={view} title="Transition" onClose={onClose} /><p class="sr-quiet">The first shot comes from nothing.</p></div>;
  const { into } = clip, length_s = seconds(into.length_frames, timeline.rate);
  // Each shot gives half of a transition, and no more than half of itself.
  const most = Math.max(2, Math.min(before.length_frames, clip.length_frames));
  const change = (next: Transition): void => void studio.edit([{ kind: "change_transition", clip: id, into: next }], `${TRANSITION_WORDS[next.kind]} into shot ${index + 1}`);
  const choose = (kind: TransitionKind): void => {
    const length_frames = kind === "cut" ? 0 : into.length_frames || Math.min(frames(USUAL_S, timeline.rate), most);
    change({ ...into, kind, length_frames });
  };
  const pictures = [before, clip].map((each) => (each.asset ? studio.media("thumb", each.asset.blob.sha256).value : null));
  return (
    <div class="sr-panel-body">
      <PanelTitle view={view} title="Transition" onClose={onClose} />
      <p class="sr-quiet sr-label sr-under">From shot {index} to shot {index + 1}</p>
      <div class="sr-meeting" aria-hidden="true">
        {pictures.map((media, at) => <span key={at} style={media && typeof media === "object" && "url" in media ? { backgroundImage: `url("${media.url}")` } : {}}><b>{index + at}</b></span>)}
        <i><Icon name={into.kind === "cut" ? "split" : "dissolve"} /></i>
      </div>
      <div class="sr-kinds" role="group" aria-label="Kind">
        {(Object.keys(TRANSITION_WORDS) as TransitionKind[]).map((kind) => (
          <Button key={kind} pressed={into.kind === kind} look={into.kind === kind ? "soft" : "outlined"} small onClick={() => choose(kind)}>{TRANSITION_WORDS[kind]}</Button>
        ))}
      </div>
      {into.kind !== "cut" && (
        <div class="sr-block">
          <label class="sr-label" for={view.id("joint-length")}>Length</label>
          <div class="sr-row">
            <input id={view.id("joint-length")} type="range" class="sr-zoom" data-lm-suppress-shortcuts="true" min={2} max={Math.min(most, frames(4, timeline.rate))} value={into.length_frames}
              style={{ "--at": (into.length_frames - 2) / Math.max(Math.min(most, frames(4, timeline.rate)) - 2, 1) }}
              onChange={(event) => change({ ...into, length_frames: Number(event.currentTarget.value) })} />
            <TextField class="sr-length" label="Length in seconds" value={`${length_s.toFixed(1)} s`} onTake={(text) => {
              const wanted = parseLength(text);
              if (wanted === null) view.note("Write a length in seconds, such as 1.5.");
              else change({ ...into, length_frames: Math.max(2, frames(wanted, timeline.rate)) });
            }} />
          </div>
        </div>
      )}
      {SIDED.includes(into.kind) && (
        <div class="sr-block">
          <span class="sr-label">Comes from</span>
          <Select label="Comes from" value={into.side} onChoose={(side) => change({ ...into, side })}
            options={[{ value: "left", name: "The left" }, { value: "right", name: "The right" }, { value: "up", name: "Above" }, { value: "down", name: "Below" }]} />
        </div>
      )}
      <div class="sr-row">
        <Button icon="play" onClick={() => {
          studio.playhead_frame.value = Math.max(clip.start_frame - Math.round(into.length_frames / 2) - frames(1, timeline.rate), 0);
          studio.speed.value = 1;
          studio.playing.value = true;
        }}>Play it</Button>
      </div>
    </div>
  );
}
