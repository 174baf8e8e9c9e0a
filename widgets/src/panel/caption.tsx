/** The caption of a shot, word by word: choose one to write it anew, shift it in time, or part the caption there. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Button, OWN_KEYS, TextField } from "../kit/controls";
import { Icon } from "../kit/icons";
import type { Clip, Edit } from "../protocol";
import { clock, seconds } from "../strip/time";
import type { StripView } from "../strip/view";
import { cueAt, cuesOf, nudged, reading, rewritten, wordsOf } from "./words";

export function Caption({ view, clip }: { view: StripView; clip: Clip }) {
  const { studio } = view, timeline = studio.timeline.value!, { cues, rate } = timeline;
  const own = cuesOf(cues, clip), chosen = useSignal<number | null>(null), word = useSignal<number | null>(null);
  // Another shot, or the playhead in another caption, opens that one; while a word is being edited it stays.
  const under = view.cue.value;
  useEffect(() => {
    if (word.peek() === null) chosen.value = cueAt(cues, own, studio.playhead_frame.peek());
  }, [clip.id, under]);
  const place = chosen.value !== null && own.includes(chosen.value) ? chosen.value : own[0] ?? null;
  if (place === null) {
    return <div class="sr-block"><h3 class="sr-label">Caption</h3><p class="sr-quiet sr-label">Nobody speaks in this shot.</p></div>;
  }
  const cue = cues[place]!, words = wordsOf(cue), at = own.indexOf(place), check = reading(cue, rate), next = cues[place + 1];
  const open = word.value !== null && word.value < words.length ? word.value : null;
  const edit = (edits: Edit[], label: string): void => void studio.edit(edits, label);
  const go = (to: number): void => {
    word.value = null;
    chosen.value = own[to]!;
    studio.playhead_frame.value = cues[own[to]!]!.start_frame;
  };
  const choose = (index: number): void => {
    word.value = open === index ? null : index;
    if (!studio.playing.peek()) studio.playhead_frame.value = Math.min(words[index]!.start_frame, timeline.length_frames - 1);
  };
  return (
    <div class="sr-block sr-caption">
      <div class="sr-block-head">
        <h3 class="sr-label">{own.length > 1 ? `Caption, line ${at + 1} of ${own.length}` : "Caption"}</h3>
        <span class="sr-space" />
        <span class={`sr-label sr-check ${check.easy ? "" : "is-fast"}`}><Icon name={check.easy ? "check" : "alert"} size={14} />{check.words}</span>
        {own.length > 1 && (
          <span class="sr-pages">
            <Button look="plain" small icon="left" label="Line before" why_not={at > 0 ? undefined : "This is the first line"} onClick={() => go(at - 1)} />
            <Button look="plain" small icon="right" label="Next line" why_not={at < own.length - 1 ? undefined : "This is the last line"} onClick={() => go(at + 1)} />
          </span>
        )}
      </div>
      <div class="sr-word-list" role="group" aria-label="Words of the caption">
        {words.map((each, index) => (
          <button type="button" key={index} class={`sr-word ${index === open ? "is-on" : index === view.word.value && place === under ? "is-now" : ""}`} {...OWN_KEYS}
            aria-expanded={index === open} onClick={() => choose(index)}>
            <span dir="auto">{each.text}</span><small>{clock(seconds(each.start_frame, rate), 1)}</small>
          </button>
        ))}
      </div>
      {open !== null && (
        <div class="sr-word-edit">
          <TextField key={`${place} ${open}`} label={`Word ${open + 1}`} value={words[open]!.text} autofocus maxLength={120}
            onTake={(text) => edit([{ kind: "change_caption", cue: place, text: rewritten(cue, open, text) }], text.trim() ? `Write "${text.trim().slice(0, 40)}"` : "Take out a word")} />
          <Nudge view={view} place={place} word={open} />
          <div class="sr-row">
            <Button small icon="split" why_not={open > 0 ? undefined : "A caption begins with this word already"}
              onClick={() => { word.value = null; edit([{ kind: "split_caption", cue: place, word: open }], "Split a caption"); }}>New caption from here</Button>
          </div>
        </div>
      )}
      <div class="sr-next-caption">
        {next && <p class="sr-quiet sr-label"><span>{clock(seconds(next.start_frame, rate), 1)}</span> {wordsOf(next).map((each) => each.text).join(" ")}</p>}
        {next && (
          <Button look="plain" small icon="join" label="Join with the next caption" onClick={() => { word.value = null; edit([{ kind: "merge_captions", cue: place }], "Join two captions"); }} />
        )}
      </div>
    </div>
  );
}

/** A word's start and end, a frame at a time. */
function Nudge({ view, place, word }: { view: StripView; place: number; word: number }) {
  const { studio } = view, timeline = studio.timeline.value!, cue = timeline.cues[place]!, each = wordsOf(cue)[word]!;
  const row = (edge: "start" | "end", name: string, frame: number) => {
    const button = (by: number) => {
      const edit = nudged(cue, place, word, by, edge);
      return (
        <Button small icon={by < 0 ? "minus" : "plus"} label={`${name} ${by < 0 ? "earlier" : "later"}`} why_not={edit ? undefined : "No room there"}
          onClick={() => { if (edit) void studio.edit([edit], "Shift a word"); }} />
      );
    };
    return <div class="sr-nudge"><span class="sr-label">{name}</span>{button(-1)}<output>{clock(seconds(frame, timeline.rate), 2)}</output>{button(1)}</div>;
  };
  return <div class="sr-nudges">{row("start", "Begins", each.start_frame)}{row("end", "Ends", each.end_frame)}</div>;
}
