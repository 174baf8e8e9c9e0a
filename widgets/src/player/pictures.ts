/**
 * The pictures that a frame needs, as far as they are here: the whole picture, else its thumbnail, else nothing yet.
 * Videos play in elements of their own, one a clip, kept at the film's time.
 */
import { effect } from "@preact/signals";

import type { Picture } from "../draw/pictures";
import type { PictureOf } from "../draw/compose";
import type { Asset, Clip, MediaKind, Rate } from "../protocol";
import { clipAt } from "../stage";
import type { View } from "../stage";
import type { Studio } from "../studio";

/** Decoded pictures kept: a 1280 x 720 one takes 3.7 MB. */
const KEPT_BYTES = 160 << 20;
const KEPT_VIDEOS = 4;
/** How far off a playing video may be before it is put right; how much too late a picture may start, in seconds. */
const DRIFT_PLAYING_S = 0.12, GRACE_S = 0.001;
const AHEAD_S = 12;

interface Still { bitmap: ImageBitmap | null; failed: boolean; bytes: number }
interface Video { element: HTMLVideoElement; url: string; stop: () => void }

export class Pictures {
  /** Whether everything asked for since `begin` was here in its best form. */
  complete = true;
  private readonly stills = new Map<string, Still>();
  private readonly videos = new Map<string, Video>();
  private closed = false;

  constructor(private readonly studio: Studio, private readonly changed: () => void) {}

  begin(): void {
    this.complete = true;
  }

  /** What to draw for a view of the film at this moment. */
  readonly of: PictureOf = (view) => {
    const { asset } = view.clip;
    if (!asset) return this.sketch(view.clip) ?? this.placeholder(view.clip);
    const found = asset.kind === "video" ? this.videoOf(view, asset) ?? this.still(asset, ["thumb"]) : this.still(asset, ["picture", "thumb"]);
    return found ?? { number: this.numberOf(view.clip), note: "Loading" };
  };

  /** Ask for what is seen next, so that it is there in time. */
  fetchAhead(frame: number, backwards: boolean): void {
    const timeline = this.studio.timeline.peek();
    if (!timeline) return;
    const step = backwards ? -1 : 1, span = (AHEAD_S * timeline.rate.num) / timeline.rate.den;
    for (let index = clipAt(timeline.clips, frame), count = 0; count < 5; index += step, count++) {
      const clip = timeline.clips[index];
      if (!clip || (count > 1 && Math.abs(clip.start_frame - frame) > span)) break;
      const sketch = clip.asset ? "" : this.studio.shots.peek().get(clip.id)?.sketch;
      if (sketch) this.load("picture", sketch);
      else if (clip.asset?.kind === "image") this.load("picture", clip.asset.blob.sha256);
      else if (clip.asset) this.studio.media("clip", clip.asset.blob.sha256);
    }
  }

  /** Let videos run, or hold them, with the film. */
  play(speed: number): void {
    for (const { element } of this.videos.values()) if (!speed) element.pause();
    this.speed = speed;
  }
  private speed = 0;

  close(): void {
    this.closed = true;
    for (const still of this.stills.values()) still.bitmap?.close();
    for (const key of [...this.videos.keys()]) this.dropVideo(key);
  }

  /** What a shot will show whose picture is still to come. */
  private sketch(clip: Clip): Picture | null {
    const key = this.studio.shots.peek().get(clip.id)?.sketch;
    const bitmap = key ? this.load("picture", key).bitmap : null;
    return bitmap && { image: bitmap, size: [bitmap.width, bitmap.height], moving: false };
  }

  private placeholder(clip: Clip): { number: string; note: string } {
    const shot = this.studio.shots.peek().get(clip.id);
    const notes = {
      running: `Being made, ${Math.round(100 * (shot?.fraction ?? 0))}%`, waiting: "Waiting", failed: "Could not be made",
      done: "No picture yet", changed: "No picture yet",
    };
    return { number: this.numberOf(clip), note: notes[shot?.status ?? "done"] };
  }

  private numberOf(clip: Clip): string {
    const clips = this.studio.timeline.peek()?.clips ?? [];
    return String(1 + clips.findIndex((each) => each.id === clip.id));
  }

  private still(asset: Asset, kinds: readonly MediaKind[]): Picture | null {
    for (const [place, kind] of kinds.entries()) {
      const { bitmap } = this.load(kind, asset.blob.sha256);
      if (!bitmap) {
        this.complete = false;
        continue;
      }
      if (place > 0) this.complete = false;
      return { image: bitmap, size: sizeOf(asset, bitmap.width, bitmap.height), moving: false };
    }
    return null;
  }

  private load(kind: MediaKind, sha256: string): Still {
    const key = `${kind} ${sha256}`;
    let still = this.stills.get(key);
    if (still) {
      this.stills.delete(key);
      this.stills.set(key, still);
      return still;
    }
    this.stills.set(key, (still = { bitmap: null, failed: false, bytes: 0 }));
    const made = still, state = this.studio.media(kind, sha256);
    const stop = effect(() => {
      const piece = state.value;
      if (piece === "wanted" || "missing" in piece) return;
      queueMicrotask(() => stop());
      createImageBitmap(new Blob([piece.bytes], { type: piece.mime })).then(
        (bitmap) => {
          if (this.closed) return bitmap.close();
          made.bitmap = bitmap;
          made.bytes = 4 * bitmap.width * bitmap.height;
          this.makeRoom();
          this.changed();
        },
        () => { made.failed = true; },
      );
    });
    return still;
  }

  private makeRoom(): void {
    let held = 0;
    for (const still of this.stills.values()) held += still.bytes;
    for (const [key, still] of this.stills) {
      if (held <= KEPT_BYTES) return;
      if (!still.bitmap) continue;
      held -= still.bytes;
      still.bitmap.close();
      this.stills.delete(key);
    }
  }

  private videoOf(view: View, asset: Asset): Picture | null {
    const element = this.videoElement(view.clip, asset);
    if (!element) {
      this.complete = false;
      return null;
    }
    this.steer(element, view, this.studio.timeline.peek()!.rate);
    if (element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      this.complete = false;
      return null;
    }
    if (element.seeking) this.complete = false;
    return { image: element, size: sizeOf(asset, element.videoWidth, element.videoHeight), moving: true };
  }

  /** Keep a video at the film's time: running beside it, or standing on the frame. */
  private steer(element: HTMLVideoElement, view: View, rate: Rate): void {
    const { clip, frames_in } = view;
    const frame_s = rate.den / rate.num;
    const end_s = Number.isFinite(element.duration) ? Math.max(element.duration - frame_s / 2, 0) : Infinity;
    // As storyreel/render/footage.py: the latest picture that starts no later than the frame, and a moment's grace.
    const wanted = Math.min(Math.max(clip.source_start_s + frames_in * frame_s * clip.speed + GRACE_S, 0), end_s);
    const rateWanted = this.speed * clip.speed;
    if (rateWanted > 0 && rateWanted <= 4 && wanted < end_s) {
      if (element.playbackRate !== rateWanted) element.playbackRate = rateWanted;
      if (element.paused) element.play().catch(() => undefined);
      if (Math.abs(element.currentTime - wanted) > DRIFT_PLAYING_S && !element.seeking) element.currentTime = wanted;
      return;
    }
    if (!element.paused) element.pause();
    if (Math.abs(element.currentTime - wanted) > GRACE_S / 4 && !element.seeking) element.currentTime = wanted;
  }

  private videoElement(clip: Clip, asset: Asset): HTMLVideoElement | null {
    const key = `${clip.id} ${asset.blob.sha256}`;
    const kept = this.videos.get(key);
    if (kept) {
      this.videos.delete(key);
      this.videos.set(key, kept);
      return kept.element;
    }
    const state = this.studio.media("clip", asset.blob.sha256).value;
    if (state === "wanted" || "missing" in state) {
      if (state === "wanted") this.await(asset.blob.sha256);
      return null;
    }
    const element = document.createElement("video");
    element.muted = element.playsInline = true;
    element.preload = "auto";
    const changed = () => this.changed();
    element.addEventListener("seeked", changed);
    element.addEventListener("loadeddata", changed);
    element.src = state.url;
    const stop = () => {
      element.removeEventListener("seeked", changed);
      element.removeEventListener("loadeddata", changed);
      element.removeAttribute("src");
      element.load();
    };
    this.videos.set(key, { element, url: state.url, stop });
    if (this.videos.size > KEPT_VIDEOS) this.dropVideo(this.videos.keys().next().value!);
    return element;
  }

  private readonly awaited = new Set<string>();

  /** Draw again once a clip has come. */
  private await(sha256: string): void {
    if (this.awaited.has(sha256)) return;
    this.awaited.add(sha256);
    const state = this.studio.media("clip", sha256);
    const stop = effect(() => {
      if (state.value === "wanted") return;
      queueMicrotask(() => stop());
      this.awaited.delete(sha256);
      this.changed();
    });
  }

  private dropVideo(key: string): void {
    const video = this.videos.get(key);
    video?.element.pause();
    video?.stop();
    this.videos.delete(key);
  }
}

function sizeOf(asset: Asset, width: number, height: number): readonly [number, number] {
  return asset.width_px && asset.height_px ? [asset.width_px, asset.height_px] : [width, height];
}
