/** What a screen reader says of shots and of what happens to them, and what is shown to who points at one. */
import type { Clip, Provenance, Rate, ShotInfo, Transition, TransitionKind } from "../protocol";
import { STATUS_WORDS } from "./scenes";
import { clock, dollars, seconds } from "./time";

export const TRANSITION_WORDS: Record<TransitionKind, string> = {
  cut: "Cut", dissolve: "Dissolve", fade_black: "Fade through black", fade_white: "Fade through white", wipe: "Wipe",
  slide: "Slide", push: "Push", zoom: "Zoom",
};

export function shotLabel(clip: Clip, number: number, info: ShotInfo | undefined, rate: Rate): string {
  const words = [
    info?.title ? `Shot ${number}, ${info.title}` : `Shot ${number}`,
    `${seconds(clip.length_frames, rate).toFixed(1)} seconds`,
    `starts at ${clock(seconds(clip.start_frame, rate))}`,
  ];
  if (info) words.push(statusLabel(info));
  return words.join(", ");
}

export function statusLabel(info: ShotInfo): string {
  if (info.status === "running") return `being made, ${Math.round(info.fraction * 100)} percent`;
  if (info.status === "failed" && info.message) return `failed: ${info.message}`;
  return STATUS_WORDS[info.status].toLowerCase();
}

export function jointLabel(into: Transition, before: number, rate: Rate): string {
  const kind = TRANSITION_WORDS[into.kind];
  const length = into.kind === "cut" ? "" : `, ${seconds(into.length_frames, rate).toFixed(1)} seconds`;
  return `${kind}${length}, from shot ${before} to ${before + 1}`;
}

export const moved = (place: number, of: number): string => `Now shot ${place + 1} of ${of}.`;
export const pickedUp = (count: number): string =>
  `${count === 1 ? "Picked up" : `Picked up ${count} shots`}. Arrow keys move, Space drops, Escape puts back.`;

/** All of it in one line, for whoever points at a picture: who made it, for how much, by which request, from which words. */
export function toldOf({ provider, model, seed, price_usd, request, prompt, credit }: Provenance): string {
  const facts = [
    provider, model && !provider.includes(model) && model, seed != null && `seed ${seed}`,
    price_usd == null ? "price not known" : price_usd ? dollars(price_usd) : "free", request && `request ${request}`,
    credit?.replaceAll("\n", "; "),
  ];
  return facts.filter(Boolean).join(", ") + (prompt ? `: ${prompt}` : "");
}
