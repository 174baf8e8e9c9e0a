/** The right column: what is selected, and what can be done with it. On phones, parts of it open as sheets. */
import { useSignal } from "@preact/signals";

import { Button, Dialog } from "../kit/controls";
import { duplicate, remove } from "../strip/edits_of";
import { apply, chosen } from "../strip/commands";
import { seconds } from "../strip/time";
import type { StripView } from "../strip/view";
import { FilmPanel, History } from "./film_panel";
import { JointPanel } from "./joint_panel";
import { ShotPanel } from "./shot_panel";
import { SoundPanel } from "./sound_panel";

export function PanelColumn({ view }: { view: StripView }) {
  const { studio } = view;
  if (!studio.timeline.value || !studio.film.value) return <PanelGhost />;
  const panel = view.panel.value, phone = view.size.value === "phone", side = panel.of !== "shots";
  const close = (): void => {
    view.panel.value = { of: "shots" };
    view.root?.querySelector<HTMLElement>(".sr-shot[tabindex='0']")?.focus({ preventScroll: true });
  };
  const aside = side && <Side view={view} onClose={close} />;
  return (
    <aside class="sr-panel" aria-label="Selected shot">
      {side && !phone ? aside : <Selected view={view} />}
      {side && phone && <Dialog sheet title={TITLES[panel.of]} onClose={close}>{aside}</Dialog>}
    </aside>
  );
}

const TITLES = { shots: "Shot", joint: "Transition", sound: "Sound", history: "History" };

function Side({ view, onClose }: { view: StripView; onClose: () => void }) {
  const panel = view.panel.value;
  if (panel.of === "joint") return <JointPanel view={view} clip={panel.clip} onClose={onClose} />;
  if (panel.of === "sound") return <SoundPanel view={view} sound={panel.sound} onClose={onClose} />;
  return <div class="sr-panel-body"><PanelTitle view={view} title="History" onClose={onClose} /><History view={view} /></div>;
}

export function PanelTitle({ view, title, onClose }: { view: StripView; title: string; onClose: () => void }) {
  if (view.size.value === "phone") return null;
  return <header class="sr-panel-head"><h2>{title}</h2><span class="sr-space" /><Button look="plain" icon="close" label="Back to the shot" onClick={onClose} /></header>;
}

function Selected({ view }: { view: StripView }) {
  const ids = view.studio.selection.value;
  if (!ids.length) return <FilmPanel view={view} />;
  if (ids.length > 1) return <Several view={view} />;
  return <ShotPanel key={ids[0]} view={view} id={ids[0]!} />;
}

function Several({ view }: { view: StripView }) {
  const timeline = view.studio.timeline.value!, ids = chosen(view), asked = useSignal(false);
  const clips = timeline.clips.filter((clip) => ids.includes(clip.id));
  const length = clips.reduce((sum, clip) => sum + clip.length_frames, 0);
  return (
    <div class="sr-panel-body">
      <header class="sr-panel-head"><h2>{ids.length} shots selected</h2></header>
      <p class="sr-quiet sr-label">{seconds(length, timeline.rate).toFixed(1)} s together. Drag them to another place, or use the keys.</p>
      <ul class="sr-several">
        {clips.slice(0, 12).map((clip) => {
          const media = clip.asset ? view.studio.media("thumb", clip.asset.blob.sha256).value : null;
          return <li key={clip.id} style={media && typeof media === "object" && "url" in media ? { backgroundImage: `url("${media.url}")` } : {}}>{timeline.clips.indexOf(clip) + 1}</li>;
        })}
      </ul>
      <div class="sr-row">
        <Button icon="copy" onClick={() => apply(view, duplicate(timeline, ids, view.mode.peek()), "new")}>Duplicate</Button>
        <Button icon="bin" onClick={() => { asked.value = true; }}>Delete</Button>
      </div>
      {asked.value && (
        <div class="sr-choice">
          <p>What happens with their time?</p>
          <div class="sr-row">
            <Button small onClick={() => apply(view, remove(timeline, ids, "roll"))}>The shot before stays on</Button>
            <Button small onClick={() => apply(view, remove(timeline, ids, "ripple"))}>The film gets shorter</Button>
          </div>
        </div>
      )}
    </div>
  );
}

function PanelGhost() {
  return (
    <aside class="sr-panel" aria-label="Selected shot" aria-busy="true">
      <div class="sr-panel-body"><div class="sr-ghost" style={{ height: "24px", width: "60%" }} /><div class="sr-ghost" style={{ aspectRatio: "16 / 9" }} />
        <div class="sr-ghost" style={{ height: "32px" }} /><div class="sr-ghost" style={{ height: "76px" }} /></div>
    </aside>
  );
}
