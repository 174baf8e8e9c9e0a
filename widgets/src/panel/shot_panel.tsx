/** One shot: its picture and the camera's way over it, its takes, prompt, cast, caption, voice, and where it is from. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Button, Menu, OWN_KEYS, Select, TextField } from "../kit/controls";
import { Icon } from "../kit/icons";
import type { Clip, Motion, ShotInfo } from "../protocol";
import { apply } from "../strip/commands";
import { lengthen, swapped } from "../strip/edits_of";
import { STATUS_WORDS } from "../strip/scenes";
import { TRANSITION_WORDS } from "../strip/say";
import { clock, dollars, frames, parseLength, seconds } from "../strip/time";
import type { StripView } from "../strip/view";
import { Caption } from "./caption";
import { Cast } from "./cast";
import { askToMakeAgain, askToRemake, askToRetry, SEGMENT } from "./making";
import { MotionPicture } from "./motion_picture";
import { Origin } from "./origin";
import { motionName, PRESETS } from "./rects";
import { Takes } from "./takes";
import { VoiceLine } from "./voice_line";

export function ShotPanel({ view, id }: { view: StripView; id: string }) {
  const { studio } = view, timeline = studio.timeline.value!, info = studio.shots.value.get(id);
  const index = timeline.clips.findIndex((clip) => clip.id === id), clip = timeline.clips[index];
  const prompt = useSignal(info?.prompt ?? "");
  // A new prompt of the kernel's (another take, another window) replaces one that nobody has changed here.
  const known = useSignal(info?.prompt ?? "");
  useEffect(() => {
    const now = info?.prompt ?? "";
    if (prompt.peek() === known.peek()) prompt.value = now;
    known.value = now;
  }, [info?.prompt]);
  const changed = useComputed(() => prompt.value.trim() !== known.value.trim());
  if (!clip) return null;
  const length_s = seconds(clip.length_frames, timeline.rate), segment = studio.film.value?.recipe === "flow" && SEGMENT.test(id);
  return (
    <>
      <div class="sr-panel-body">
        <header class="sr-panel-head">
          <h2><span>{index + 1}</span>{info?.title ?? ""}</h2>
          <span class="sr-space" />
          {info && <Status info={info} />}
          <ShotMenu view={view} clip={clip} first={index === 0} />
        </header>
        <p class="sr-quiet sr-label sr-under">
          {[info?.camera, `${length_s.toFixed(1)} s`, `starts at ${clock(seconds(clip.start_frame, timeline.rate), 1)}`].filter(Boolean).join(", ").replace(/^./, (letter) => letter.toUpperCase())}
        </p>
        {info?.status === "failed" && <Failure view={view} info={info} />}
        <MotionPicture view={view} clip={clip} />
        <MotionRow view={view} clip={clip} length_s={length_s} />
        {index > 0 && (
          <button type="button" class="sr-into" {...OWN_KEYS} onClick={() => { view.panel.value = { of: "joint", clip: id }; }}>
            <span class="sr-label">Comes in by</span>
            <span>{TRANSITION_WORDS[clip.into.kind]}{clip.into.kind !== "cut" && `, ${seconds(clip.into.length_frames, timeline.rate).toFixed(1)} s`}</span>
            <Icon name="right" size={14} />
          </button>
        )}
        <Takes view={view} clip={clip} info={info} />
        <div class="sr-block">
          <label class="sr-label" for={view.id("prompt")}>{segment ? "What happens in it" : "What the picture shows"}</label>
          <textarea id={view.id("prompt")} class="sr-field" rows={3} {...OWN_KEYS} value={prompt.value} maxLength={segment ? 500 : 4000} placeholder={segment ? "Nothing in particular" : undefined}
            onInput={(event) => { prompt.value = event.currentTarget.value; }}
            onKeyDown={(event) => { if (event.key === "Escape" && changed.peek()) { prompt.value = known.peek(); event.stopPropagation(); } }} />
          {changed.value && segment && <p class="sr-quiet sr-label">Make again uses the new words. Those after it may then begin elsewhere: you are asked.</p>}
          {changed.value && !segment && <p class="sr-quiet sr-label">Make again uses the new words. The picture you have stays among the takes.</p>}
        </div>
        <Cast view={view} info={info} onAdd={(name) => { prompt.value = `${prompt.value.trim().replace(/\.$/, "")}. With ${name}.`; }} />
        <Caption view={view} clip={clip} />
        <VoiceLine view={view} clip={clip} />
        <Origin clip={clip} rate={timeline.rate} />
      </div>
      <footer class="sr-panel-foot">
        {segment ? (
          <Button look="soft" icon="again" keys="M" why_not={studio.film.value?.running ? "The film is being made." : undefined}
            onClick={() => void askToRemake(view, id, changed.peek() ? prompt.peek().trim() : undefined)}>Make segment again</Button>
        ) : <Button look="soft" icon="again" keys="M" why_not={info?.can_make_again === false ? info.why_not || "This shot cannot be made again." : undefined}
          onClick={() => void askToMakeAgain(view, id, changed.peek() ? prompt.peek().trim() : undefined)}>
          <span>Make again{info?.price_usd ? <b> {dollars(info.price_usd)}</b> : null}</span>
        </Button>}
        <Button keys="S" onClick={() => view.run("split")}>Split</Button>
      </footer>
    </>
  );
}

function Status({ info }: { info: ShotInfo }) {
  const words = info.status === "running" ? `${Math.round(info.fraction * 100)}%` : STATUS_WORDS[info.status];
  const icon = ({ done: "check", waiting: "clock", running: "ring", changed: "pen", failed: "alert" } as const)[info.status];
  return <span class={`sr-status is-${info.status}`}><Icon name={icon} size={14} />{words}</span>;
}

function Failure({ view, info }: { view: StripView; info: ShotInfo }) {
  return (
    <div class="sr-failure" role="group" aria-label="What went wrong">
      <Icon name="warning" />
      <div>
        <h3>Shot {info.number} could not be made</h3>
        <p>{info.message}</p>
        <Button look="primary" small onClick={() => void askToRetry(view, info.clip)}>
          Retry{info.price_usd ? ` ${dollars(info.price_usd)}` : ""}
        </Button>
      </div>
    </div>
  );
}

function ShotMenu({ view, clip, first }: { view: StripView; clip: Clip; first: boolean }) {
  const { studio } = view;
  return (
    <Menu icon="dots" label="More for this shot" items={[
      { name: "Duplicate", icon: "copy", does: () => view.run("duplicate") },
      { name: "Split at the playhead", icon: "split", does: () => view.run("split") },
      { name: "Transition into it", icon: "dissolve", does: () => view.run("transition"), why_not: first ? "The first shot comes from nothing." : undefined },
      { name: "Insert a file after it", icon: "upload", does: () => { view.inserting.value = true; } },
      { name: "Empty the picture", icon: "picture", why_not: clip.asset ? undefined : "It has no picture.",
        does: () => void studio.edit([{ kind: "replace_picture", clip: clip.id, asset: null }], "Empty a picture") },
      { name: "Delete", icon: "bin", does: () => view.run("delete") },
      { name: "Delete and close the gap", icon: "bin", does: () => view.run("ripple_delete") },
    ]} />
  );
}

function MotionRow({ view, clip, length_s }: { view: StripView; clip: Clip; length_s: number }) {
  const { studio } = view, now = motionName(clip.motion);
  const change = (motion: Motion): void => void studio.edit([{ kind: "change_motion", clip: clip.id, motion }], "Change the camera's move");
  const names = PRESETS.map((preset) => preset.name), options = names.includes(now) ? names : [now, ...names];
  return (
    <div class="sr-row sr-motion-row">
      <Select label="Camera's move" value={now} options={options.map((name) => ({ value: name, name }))}
        onChoose={(name) => { const preset = PRESETS.find((each) => each.name === name); if (preset) change(preset.motion); }} />
      <Button icon="swap" label="Exchange start and end" onClick={() => change(swapped(clip.motion))} />
      <TextField class="sr-length" label="Length in seconds" value={`${length_s.toFixed(1)} s`} onTake={(text) => {
        const wanted = parseLength(text), timeline = studio.timeline.peek()!;
        if (wanted === null) view.note("Write a length in seconds, such as 4.5.");
        else if (Math.abs(wanted - length_s) >= 0.05) apply(view, lengthen(timeline, clip.id, Math.max(frames(wanted, timeline.rate), 1), view.mode.peek()));
      }} />
    </div>
  );
}
