/** The picture with the camera's Start and End on it: drag them, their corners, or use the arrow keys. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { OWN_KEYS } from "../kit/controls";
import type { Clip, Rect } from "../protocol";
import { sameRect } from "../strip/edits_of";
import type { StripView } from "../strip/view";
import { movedRect, partOf, resizedRect, scaledRect, type Corner, type Size } from "./rects";

type End = "start" | "end";
const CORNERS: readonly Corner[] = ["nw", "ne", "sw", "se"];
/** Steps of the arrow keys, as parts of the picture. */
const STEP = 0.02, FINE = 0.005;

export function MotionPicture({ view, clip }: { view: StripView; clip: Clip }) {
  const { studio } = view, timeline = studio.timeline.value!, box = useRef<HTMLDivElement>(null);
  const active = useSignal<End>("end"), drawn = useSignal<{ which: End; rect: Rect } | null>(null), over = useSignal(false);
  const take = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asset = clip.asset, frame: Size = timeline;
  const picture: Size = asset?.width_px && asset.height_px ? { width_px: asset.width_px, height_px: asset.height_px } : frame;
  const large = asset ? studio.media("picture", asset.blob.sha256).value : null, small = asset ? studio.media("thumb", asset.blob.sha256).value : null;
  const media = large && typeof large === "object" && "url" in large ? large : small && typeof small === "object" && "url" in small ? small : null;
  const video = asset?.kind === "video", moves = asset !== null && clip.fit.kind === "crop" && !video;
  const rects: Record<End, Rect> = { start: clip.motion.start, end: clip.motion.end };
  if (drawn.value) rects[drawn.value.which] = drawn.value.rect;
  useEffect(() => () => clearTimeout(take.current), []);

  // Where both begin at one corner, the names would lie on each other.
  const [from, to] = [partOf(rects.start, picture, frame), partOf(rects.end, picture, frame)];
  const near = Math.abs(from.left - to.left) < 0.16 && Math.abs(from.top - to.top) < 0.12;

  const keep = (which: End, rect: Rect): void => {
    drawn.value = null;
    if (sameRect(rect, clip.motion[which])) return;
    void studio.edit([{ kind: "change_motion", clip: clip.id, motion: { ...clip.motion, [which]: rect } }], `Move the camera's ${which}`);
  };
  const drag = (event: PointerEvent, which: End, corner: Corner | null): void => {
    const target = event.currentTarget as HTMLElement, area = box.current!.getBoundingClientRect(), from = rects[which];
    active.value = which;
    target.setPointerCapture(event.pointerId);
    event.stopPropagation();
    const move = (now: PointerEvent): void => {
      const rect = corner
        ? resizedRect(from, corner, (now.clientX - area.left) / area.width, (now.clientY - area.top) / area.height, picture, frame)
        : movedRect(from, (now.clientX - event.clientX) / area.width, (now.clientY - event.clientY) / area.height, picture, frame);
      drawn.value = { which, rect };
    };
    const end = (now: PointerEvent): void => {
      target.removeEventListener("pointermove", move);
      target.removeEventListener("pointerup", end);
      target.removeEventListener("pointercancel", end);
      if (now.type === "pointerup" && drawn.peek()) keep(which, drawn.peek()!.rect);
      else drawn.value = null;
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", end);
    target.addEventListener("pointercancel", end);
  };
  const onKeyDown = (event: KeyboardEvent, which: End): void => {
    const step = event.shiftKey ? FINE : STEP, rect = rects[which];
    const by: Record<string, () => Rect> = {
      ArrowLeft: () => movedRect(rect, -step, 0, picture, frame), ArrowRight: () => movedRect(rect, step, 0, picture, frame),
      ArrowUp: () => movedRect(rect, 0, -step, picture, frame), ArrowDown: () => movedRect(rect, 0, step, picture, frame),
      "+": () => scaledRect(rect, 1 + step, picture, frame), "=": () => scaledRect(rect, 1 + step, picture, frame),
      "-": () => scaledRect(rect, 1 - step, picture, frame),
    };
    if (!by[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = by[event.key]!();
    event.preventDefault();
    event.stopPropagation();
    drawn.value = { which, rect: next };
    // Held keys make one change, not thirty a second.
    clearTimeout(take.current);
    take.current = setTimeout(() => keep(which, next), 350);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    over.value = false;
    const file = event.dataTransfer?.files[0];
    if (file) view.upload(file, { as: "picture", clip: clip.id });
  };
  return (
    <div ref={box} class={`sr-motion ${over.value ? "is-over" : ""} ${media ? "" : "is-empty"}`} style={{ aspectRatio: `${picture.width_px} / ${picture.height_px}` }}
      onDragOver={(event) => { event.preventDefault(); over.value = true; }} onDragLeave={() => { over.value = false; }} onDrop={drop}>
      {media ? <img src={media.url} alt="" draggable={false} /> : <p class="sr-quiet sr-label">{wordsFor(asset ? large : null, !!asset)}</p>}
      {moves && (active.value === "end" ? ["start", "end"] as const : ["end", "start"] as const).map((which) => {
        const part = partOf(rects[which], picture, frame), on = active.value === which;
        return (
          <div key={which} class={`sr-rect is-${which} ${on ? "is-active" : ""}`} role="group" tabIndex={0} {...OWN_KEYS}
            aria-label={`${which === "start" ? "Start" : "End"} of the camera's move. Arrow keys move it, plus and minus change its size.`}
            style={{ left: `${part.left * 100}%`, top: `${part.top * 100}%`, width: `${part.width * 100}%`, height: `${part.height * 100}%`, rotate: `${-rects[which].turn_deg}deg` }}
            onFocus={() => { active.value = which; }} onKeyDown={(event) => onKeyDown(event, which)} onPointerDown={(event) => drag(event, which, null)}>
            <b class={which === "end" && near ? "is-apart" : ""}>{which === "start" ? "Start" : "End"}</b>
            {on && CORNERS.map((corner) => <i key={corner} class={`is-${corner}`} onPointerDown={(event) => drag(event, which, corner)} />)}
          </div>
        );
      })}
      {over.value && <p class="sr-drop">Drop to use this picture</p>}
    </div>
  );
}

function wordsFor(media: unknown, has_asset: boolean): string {
  if (!has_asset) return "No picture yet. Drop one here, or make one.";
  if (media && typeof media === "object" && "missing" in media) return String(media.missing);
  return "";
}
