/**
 * Edits applied in the page, so that they show at once: the twin of storyreel/timeline/edit.py, held to it by
 * tests/golden/edits.json.
 *
 * Two things only the kernel can say, and its patch brings them: how another caption preset groups the words, and what
 * an edit of a kind not known here does. Until then the film stays as it is in that point.
 */
import { retimeCaption, retimeWord, rewrite, splitCaption, mergeCaptions } from "./edit_captions";
import { EditError } from "./edit_error";
import { CUT, fitted } from "./fitting";
import { secondsOf } from "./clock";
import { eased } from "./motion";
import type { Asset, Clip, Ease, Edit, Label, Motion, Rect, Sound, Timeline, Transition } from "./protocol";
import { openRoom, takeOut } from "./ripple";
import { filledLook } from "./shared";
import type { CaptionLook } from "./shared";

export { EditError };

const MUSIC_FADE_IN_S = 1;
const MUSIC_FADE_OUT_S = 3;
const EASES: readonly Ease[] = ["linear", "in", "out", "in_out"];
const STILL: Motion = { start: whole(), end: whole(), ease: "in_out" };

/**
 * The timeline with the edits made, one after the other.
 *
 * @throws EditError one does not fit what the ones before it left
 */
export function applyAll(timeline: Timeline, edits: readonly Edit[]): Timeline {
  return edits.reduce(applied, timeline);
}

function applied(timeline: Timeline, edit: Edit): Timeline {
  switch (edit.kind) {
    case "change_caption":
      return rewrite(timeline, edit.cue as number, edit.text as string);
    case "retime_caption":
      return retimeCaption(timeline, edit.cue as number, edit.start_frame as number, edit.length_frames as number);
    case "retime_word":
      return retimeWord(
        timeline, edit.cue as number, edit.word as number, edit.start_frame as number, edit.end_frame as number,
      );
    case "split_caption":
      return splitCaption(timeline, edit.cue as number, edit.word as number);
    case "merge_captions":
      return mergeCaptions(timeline, edit.cue as number);
    case "change_caption_style":
      return changeCaptionStyle(timeline, edit);
    case "add_label":
      return addLabel(timeline, edit.label as Label);
    case "remove_label":
      return removeLabel(timeline, edit.label as number);
    case "replace_picture":
      checkKind(edit.asset as Asset | null, ["image", "video"]);
      return withClip(timeline, edit.clip as string, { asset: edit.asset as Asset | null });
    case "change_motion":
      return withClip(timeline, edit.clip as string, { motion: filledMotion(edit.motion as Partial<Motion>) });
    case "change_transition":
      return changeTransition(timeline, edit.clip as string, { ...CUT, ...(edit.into as Partial<Transition>) });
    case "change_duration":
      return changeDuration(timeline, edit.clip as string, edit.length_frames as number, edit.mode === "ripple");
    case "move_clip":
      return moveClip(timeline, edit.clip as string, edit.to as number);
    case "remove_clip":
      return removeClip(timeline, edit.clip as string, edit.mode === "ripple");
    case "insert_clip":
      return insertClip(timeline, edit);
    case "split_clip":
      return splitClip(timeline, edit.clip as string, edit.at_frame as number, edit.id as string);
    case "change_gain":
      return changeGain(timeline, edit.sound as number, edit.gain_db as number);
    case "replace_music":
      return replaceMusic(timeline, edit.asset as Asset | null, (edit.gain_db ?? null) as number | null);
    default:
      return timeline;
  }
}

// ---- pictures -------------------------------------------------------------------------------------------------------

function whole(): Rect {
  return { x: 0.5, y: 0.5, height: 1, turn_deg: 0 };
}

/** What an edit left out is at its default. */
function filledMotion(motion: Partial<Motion>): Motion {
  return { start: { ...whole(), ...motion.start }, end: { ...whole(), ...motion.end }, ease: motion.ease ?? "in_out" };
}

function placeOf(timeline: Timeline, clip: string): number {
  const index = timeline.clips.findIndex((each) => each.id === clip);
  if (index < 0) throw new EditError(`no clip is called '${clip}'`);
  return index;
}

function checkKind(asset: Asset | null, kinds: readonly string[]) {
  if (asset && !kinds.includes(asset.kind)) {
    throw new EditError(`an asset of the kind '${asset.kind}' cannot go there: it takes ${kinds.join(" or ")}`);
  }
}

function checkPlace(place: number, last: number) {
  if (place > last) throw new EditError(`there is no place ${place}: the last one is ${last}`);
}

function withClip(timeline: Timeline, clip: string, changes: Partial<Clip>): Timeline {
  const index = placeOf(timeline, clip);
  return { ...timeline, clips: timeline.clips.with(index, { ...timeline.clips[index]!, ...changes }) };
}

function changeTransition(timeline: Timeline, clip: string, asked: Transition): Timeline {
  const index = placeOf(timeline, clip);
  if (index === 0) {
    throw new EditError(`'${clip}' is the film's first clip and comes from nothing: fade the film in instead`);
  }
  const into = asked.kind === "cut" || asked.length_frames === 0 ? CUT : asked;
  const changed = withClip(timeline, clip, { into });
  const fitting = fitted(changed).clips[index]!.into.length_frames;
  if (fitting < into.length_frames) {
    throw new EditError(
      `a transition of ${into.length_frames} frames does not fit between the clips around it: `
        + `give at most ${fitting} frames`,
    );
  }
  return changed;
}

function changeDuration(timeline: Timeline, id: string, length_frames: number, ripple: boolean): Timeline {
  const index = placeOf(timeline, id), clip = timeline.clips[index]!;
  const end = clip.start_frame + clip.length_frames, more = length_frames - clip.length_frames;
  const clips = timeline.clips.with(index, { ...clip, length_frames });
  if (ripple) {
    if (more < 0) return tiled(takeOut(timeline, end + more, end), clips);
    return tiled(more > 0 ? openRoom(timeline, end, more) : timeline, clips);
  }
  if (clips.length === 1) {
    throw new EditError(`'${id}' is the film's only clip: give the mode 'ripple' to change the film's length`);
  }
  const neighbour = index + 1 < clips.length ? index + 1 : index - 1;
  return tiled(timeline, clips.with(neighbour, shorter(clips[neighbour]!, more)));
}

function moveClip(timeline: Timeline, id: string, to: number): Timeline {
  const index = placeOf(timeline, id);
  checkPlace(to, timeline.clips.length - 1);
  return tiled(timeline, timeline.clips.toSpliced(index, 1).toSpliced(to, 0, timeline.clips[index]!));
}

function removeClip(timeline: Timeline, id: string, ripple: boolean): Timeline {
  const index = placeOf(timeline, id), gone = timeline.clips[index]!;
  if (timeline.clips.length === 1) {
    throw new EditError(`'${id}' is the film's only clip, and a film needs one: replace its picture instead`);
  }
  const clips = timeline.clips.toSpliced(index, 1);
  if (ripple) return tiled(takeOut(timeline, gone.start_frame, gone.start_frame + gone.length_frames), clips);
  const heir = Math.max(0, index - 1);
  return tiled(timeline, clips.with(heir, lasting(clips[heir]!, clips[heir]!.length_frames + gone.length_frames)));
}

function insertClip(timeline: Timeline, edit: Edit): Timeline {
  const at = edit.at as number, id = edit.id as string, length_frames = edit.length_frames as number;
  const asset = edit.asset as Asset | null;
  let clips = timeline.clips;
  checkPlace(at, clips.length);
  checkKind(asset, ["image", "video"]);
  checkNew(timeline, id);
  const start_frame = at < clips.length ? clips[at]!.start_frame : timeline.length_frames;
  if (edit.mode === "ripple") {
    timeline = openRoom(timeline, start_frame, length_frames);
  } else {
    const giver = Math.min(at, clips.length - 1);
    clips = clips.with(giver, shorter(clips[giver]!, length_frames));
  }
  const clip: Clip = {
    id, asset, start_frame, length_frames,
    motion: edit.motion ? filledMotion(edit.motion as Partial<Motion>) : STILL,
    into: { ...CUT, ...(edit.into as Partial<Transition> | undefined) },
    fit: { kind: "crop", colour: "#000000" }, source_start_s: 0, speed: 1, scene: 0,
  };
  return tiled(timeline, clips.toSpliced(at, 0, clip));
}

function checkNew(timeline: Timeline, id: string) {
  if (timeline.clips.some((clip) => clip.id === id)) {
    throw new EditError(`the film has a clip called '${id}' already: give another id`);
  }
}

function splitClip(timeline: Timeline, id: string, at_frame: number, newId: string): Timeline {
  const index = placeOf(timeline, id), clip = timeline.clips[index]!;
  const first = at_frame - clip.start_frame;
  if (!(first > 0 && first < clip.length_frames)) {
    throw new EditError(
      `'${id}' has no frame ${at_frame} to be cut before: it fills the frames ${clip.start_frame} to `
        + `${clip.start_frame + clip.length_frames - 1}, and both parts need one`,
    );
  }
  checkNew(timeline, newId);
  const [before, after] = halves(clip.motion, first, clip.length_frames);
  const skipped_s = clip.asset?.kind === "video" ? secondsOf(timeline.rate, first) * clip.speed : 0;
  const parts: Clip[] = [
    { ...clip, length_frames: first, motion: before },
    {
      ...clip, id: newId, length_frames: clip.length_frames - first, motion: after, into: CUT,
      source_start_s: clip.source_start_s + skipped_s,
    },
  ];
  return tiled(timeline, timeline.clips.toSpliced(index, 1, ...parts));
}

/** A move over `frames` frames as two that follow one another; both look at the cut where the whole move did. */
function halves(motion: Motion, first: number, frames: number): [Motion, Motion] {
  const { start, end, ease } = motion;
  if (start.x === end.x && start.y === end.y && start.height === end.height && start.turn_deg === end.turn_deg) {
    return [motion, motion];
  }
  const ends = (first - 1) / (frames - 1), begins = first / (frames - 1);
  return [
    { start, end: onTheWay(motion, ends), ease: nearestEase(ease, 0, ends) },
    { start: onTheWay(motion, begins), end, ease: nearestEase(ease, begins, 1) },
  ];
}

/** Where a move looks, to a millionth. */
function onTheWay({ start, end, ease }: Motion, progress: number): Rect {
  const e = eased(progress, ease);
  const between = (name: keyof Rect) => Math.round((start[name] + (end[name] - start[name]) * e) * 1e6) / 1e6;
  return { x: between("x"), y: between("y"), height: between("height"), turn_deg: between("turn_deg") };
}

/** The ease that is nearest, at its eighths, to what another does between two moments; the simpler one of equals. */
function nearestEase(ease: Ease, begins: number, ends: number): Ease {
  const low = eased(begins, ease), high = eased(ends, ease);
  if (high - low < 1e-9) return "linear";
  let best: Ease = "linear", least = Infinity;
  for (const other of EASES) {
    let far = 0;
    for (let part = 1 / 8; part < 1; part += 1 / 8) {
      far += (eased(part, other) - (eased(begins + (ends - begins) * part, ease) - low) / (high - low)) ** 2;
    }
    const rounded = Math.round(far * 1e9) / 1e9;
    if (rounded < least) [best, least] = [other, rounded];
  }
  return best;
}

const lasting = (clip: Clip, length_frames: number): Clip => ({ ...clip, length_frames });

function shorter(clip: Clip, frames: number): Clip {
  if (frames >= clip.length_frames) {
    throw new EditError(
      `its neighbour '${clip.id}' has ${clip.length_frames} frames and cannot give ${frames}: `
        + "take fewer, or give the mode 'ripple'",
    );
  }
  return lasting(clip, clip.length_frames - frames);
}

/** The timeline with these clips one after another, their transitions made to fit. */
function tiled(timeline: Timeline, clips: readonly Clip[]): Timeline {
  let end = 0;
  const placed = clips.map((clip) => {
    const start_frame = end;
    end += clip.length_frames;
    return clip.start_frame === start_frame ? clip : { ...clip, start_frame };
  });
  return fitted({ ...timeline, clips: placed, length_frames: end });
}

// ---- captions' look, labels -----------------------------------------------------------------------------------------

function changeCaptionStyle(timeline: Timeline, edit: Edit): Timeline {
  const next = { ...timeline };
  if (edit.platform != null) next.platform = edit.platform as string;
  if (edit.captions != null) {
    next.captions = edit.captions as string;
    next.caption_style = null;
  }
  if (edit.style != null) next.caption_style = { ...filledLook(edit.style as Partial<CaptionLook>) };
  return next;
}

function addLabel(timeline: Timeline, label: Label): Timeline {
  const end = label.start_frame + label.length_frames;
  if (end > timeline.length_frames) {
    throw new EditError(`the label ends on frame ${end} and the film on ${timeline.length_frames}: let it end sooner`);
  }
  const filled: Label = {
    start_frame: label.start_frame, length_frames: label.length_frames, text: label.text,
    preset: label.preset ?? "lower_third", x: label.x ?? null, y: label.y ?? null, scale: label.scale ?? 1,
  };
  return { ...timeline, labels: [...timeline.labels, filled] };
}

function removeLabel(timeline: Timeline, label: number): Timeline {
  if (label >= timeline.labels.length) {
    throw new EditError(`there is no label ${label}: the film has ${timeline.labels.length}, counted from 0`);
  }
  return { ...timeline, labels: timeline.labels.toSpliced(label, 1) };
}

// ---- sounds ---------------------------------------------------------------------------------------------------------

function changeGain(timeline: Timeline, number: number, gain_db: number): Timeline {
  const sound = timeline.sounds[number];
  if (!sound) throw new EditError(`there is no sound ${number}: the film has ${timeline.sounds.length}, counted from 0`);
  if (sound.untouched) throw new EditError("the recording goes into the film untouched, so its gain cannot be changed");
  return { ...timeline, sounds: timeline.sounds.with(number, { ...sound, gain_db }) };
}

function replaceMusic(timeline: Timeline, asset: Asset | null, gain_db: number | null): Timeline {
  checkKind(asset, ["audio", "video"]);
  const old = timeline.sounds.filter((sound) => sound.track === "music");
  const others = timeline.sounds.filter((sound) => sound.track !== "music");
  if (!asset) return { ...timeline, sounds: others };
  const endOf = (sound: Sound) => sound.start_frame + sound.length_frames;
  const first = old.reduce<Sound | null>((a, b) => (a && a.start_frame <= b.start_frame ? a : b), null);
  const last = old.reduce<Sound | null>((a, b) => (a && endOf(a) >= endOf(b) ? a : b), null);
  const start_frame = first?.start_frame ?? 0;
  const length_frames = (last ? endOf(last) : timeline.length_frames) - start_frame;
  const music: Sound = {
    asset, track: "music", start_frame, length_frames, source_start_s: 0,
    gain_db: gain_db ?? first?.gain_db ?? 0,
    fade_in_s: first ? first.fade_in_s : MUSIC_FADE_IN_S,
    fade_out_s: last ? last.fade_out_s : MUSIC_FADE_OUT_S,
    ducked: old.length ? old.some((sound) => sound.ducked) : true,
    looped: (asset.duration_s ?? 0) < secondsOf(timeline.rate, length_frames),
    untouched: false,
  };
  const found = timeline.sounds.findIndex((sound) => sound.track === "music");
  return { ...timeline, sounds: others.toSpliced(found < 0 ? others.length : found, 0, music) };
}
