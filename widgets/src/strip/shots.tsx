/** The shots as a list that can be gone through by keys: one option each, as wide as it is long. */
import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { OWN_KEYS } from "../kit/controls";
import { Icon } from "../kit/icons";
import { across } from "../kit/style";
import type { Clip, ShotInfo } from "../protocol";
import type { Media } from "../studio";
import { shotLabel, toldOf } from "./say";
import { seconds, shortLength } from "./time";
import type { StripView } from "./view";
import { visibleRange, type Stretch } from "./visible";

const NONE: ReadonlyMap<string, Stretch> = new Map();

/** Below this width a shot shows its number alone, and below the second one nothing but its picture. */
const ROOM_PX = 40, LENGTH_PX = 50, NUMBER_PX = 18;

export function Shots({ view }: { view: StripView }) {
  const { studio } = view, list = useRef<HTMLDivElement>(null);
  const clips = view.clips.value, scale = view.px_a_frame.value, { start_px, end_px } = view.drawn.value;
  const order = view.order.value, move = view.move.value, places = move ? view.places.value : NONE, infos = studio.shots.value;
  const selected = new Set(studio.selection.value), focus = view.focus.value, rate = studio.timeline.value!.rate;
  const numbers = new Map(order.map((id, index) => [id, index]));
  const range = visibleRange(clips, start_px / scale, end_px / scale);
  const reachable = clips.some((clip) => clip.id === focus) ? focus : studio.selection.value[0] ?? clips[0]?.id;

  useLayoutEffect(() => keepFocus(list.current!, view), [clips, focus]);

  // A trim moves many shots at every step of the pointer: they are moved by hand, and drawn anew when it ends.
  const trimmed = useRef(false);
  useSignalEffect(() => {
    const places_now = view.trim.value ? view.places.value : null, now = view.clips.peek();
    if (!places_now && !trimmed.current) return;
    trimmed.current = places_now !== null;
    const by_id = new Map<string, Stretch>(now.map((clip) => [clip.id, clip]));
    for (const each of list.current?.children ?? []) {
      const shot = each as HTMLElement, id = shot.dataset["clip"]!, place = places_now?.get(id) ?? by_id.get(id);
      if (place) Object.assign(shot.style, placed(place, view.px_a_frame.peek()));
    }
  });

  // While something is dragged, a shot may come in from outside of what its old place says.
  const shown = clips.filter((clip, index) => {
    if (clip.id === reachable || move?.ids.has(clip.id)) return true;
    const place = places.get(clip.id);
    if (!place) return index >= range.first && index < range.after;
    return place.start_frame * scale < end_px && (place.start_frame + place.length_frames) * scale > start_px;
  });
  return (
    <div ref={list} class={`sr-shots ${move ? "is-moving" : ""}`} role="listbox" aria-orientation="horizontal"
      aria-multiselectable="true" aria-label="Shots">
      {shown.map((clip) => {
        const place = places.get(clip.id) ?? clip, number = numbers.get(clip.id)!;
        return (
          <Shot key={clip.id} view={view} clip={clip} info={infos.get(clip.id)} number={number} of={order.length}
            scale={scale} length_frames={place.length_frames} start_frame={place.start_frame}
            selected={selected.has(clip.id)} reachable={clip.id === reachable} held={!!move?.ids.has(clip.id)}
            lifted={move?.by === "pointer" && move.ids.has(clip.id)} seconds={seconds(place.length_frames, rate)} />
        );
      })}
    </div>
  );
}

interface ShotProps {
  view: StripView; clip: Clip; info: ShotInfo | undefined; number: number; of: number; scale: number; length_frames: number;
  start_frame: number; selected: boolean; reachable: boolean; held: boolean; lifted: boolean; seconds: number;
}

/** A pixel is left free after each shot that can spare it. */
function placed({ start_frame, length_frames }: Stretch, scale: number): ReturnType<typeof across> {
  return across(start_frame * scale, shownWidth(length_frames * scale));
}

const shownWidth = (width: number): number => Math.max(width - (width > 8 ? 1 : 0), 1);

function Shot({ view, clip, info, number, of, scale, selected, reachable, held, lifted, seconds: length_s, ...at }: ShotProps) {
  const { studio } = view, rate = studio.timeline.peek()!.rate;
  const asset = clip.asset, key = asset?.blob.sha256 ?? info?.sketch;
  const thumb = key ? studio.media("thumb", key).value : null;
  const picture = thumb && typeof thumb === "object" && "url" in thumb ? thumb : null;
  const status = info?.status ?? (asset ? "done" : "waiting");
  const inside = shownWidth(at.length_frames * scale), small = inside < ROOM_PX;
  const natural = asset?.width_px && asset.height_px ? (asset.width_px / asset.height_px) * 72 : 128;
  const name = [
    "sr-shot", `is-${status}`, selected && "is-selected", held && "is-held", lifted && "is-lifted", !asset && "is-empty",
    small && "is-small", picture && "has-picture",
  ].filter(Boolean).join(" ");
  return (
    <div class={name} role="option" data-clip={clip.id} tabIndex={reachable ? 0 : -1} {...OWN_KEYS}
      aria-selected={selected} aria-setsize={of} aria-posinset={number + 1}
      aria-label={(held ? "Picked up. " : "") + shotLabel({ ...clip, ...at }, number + 1, info, rate)}
      title={asset ? toldOf(asset.provenance) : undefined} style={placed(at, scale)}
      onFocus={() => { view.focus.value = clip.id; }}>
      {picture && <ShotPicture media={picture} tiled={inside > natural * 1.7} />}
      {inside >= NUMBER_PX && (
        // Written by the style sheet: a name has to hold all text that is inside, and this one says it in words.
        <span class="sr-shot-badge" data-number={number + 1} data-length={inside >= LENGTH_PX ? ` ${shortLength(length_s)}` : ""} />
      )}
      {!small && <Badge status={status} fraction={info?.fraction ?? 0} room={inside} />}
      {status === "running" && <i class="sr-shot-bar" style={{ width: `${Math.round((info?.fraction ?? 0) * 100)}%` }} />}
    </div>
  );
}

function ShotPicture({ media, tiled }: { media: Media; tiled: boolean }) {
  return <span class={`sr-shot-picture ${tiled ? "is-tiled" : ""}`} style={{ backgroundImage: `url("${media.url}")` }} />;
}

function Badge({ status, fraction, room }: { status: ShotInfo["status"]; fraction: number; room: number }) {
  if (status === "done") return room >= 52 ? <span class="sr-badge is-done"><Icon name="check" size={12} /></span> : null;
  if (status === "changed") return <span class="sr-badge is-changed"><Icon name="pen" size={12} /></span>;
  if (status === "waiting") return <span class="sr-badge is-waiting"><Icon name="clock" size={12} /></span>;
  if (status === "failed") return <span class="sr-badge is-failed"><Icon name="alert" size={12} /></span>;
  return (
    <span class="sr-badge is-running" data-percent={`${Math.round(fraction * 100)}%`}>{room >= 64 && <Icon name="ring" size={11} />}</span>
  );
}

/** After a change of order the browser drops the focus of an element that was moved in the page; it gets it back. */
function keepFocus(list: HTMLElement, view: StripView): void {
  const id = view.focus.peek(), active = document.activeElement;
  const lost = active === document.body || active === null;
  if (!id || !(view.focused && (lost || list.contains(active)))) return;
  const option = list.querySelector<HTMLElement>(`[data-clip="${CSS.escape(id)}"]`);
  if (option && option !== active) option.focus({ preventScroll: true });
}
