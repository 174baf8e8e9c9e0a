/** A line spoken again: by its voice, by another, slower or faster, or by oneself, into the microphone or from a file. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { Button, Select } from "../kit/controls";
import type { Clip, Line } from "../protocol";
import { clock } from "../strip/time";
import type { StripView } from "../strip/view";
import { askToSay } from "./making";
import { Microphone } from "./microphone";
import { cueAt, cuesOf, lineOf } from "./words";

const SOUNDS = "audio/*,video/mp4,video/webm";
const PACES = [{ value: "1", name: "Usual pace" }, { value: "0.9", name: "Slower" }, { value: "1.1", name: "Faster" }] as const;
type Pace = (typeof PACES)[number]["value"];

export function SayAgain({ view, clip, untouched }: { view: StripView; clip: Clip; untouched: boolean }) {
  const { studio } = view, { cues, rate } = studio.timeline.value!, voices = studio.film.value!.voices;
  const voice = useSignal(""), pace = useSignal<Pace>("1"), busy = useSignal(""), heard_s = useSignal<number | null>(null);
  const field = useRef<HTMLInputElement>(null), microphone = useRef<Microphone | null>(null);
  useEffect(() => () => microphone.current?.drop(), []);
  const place = cueAt(cues, cuesOf(cues, clip), studio.playhead_frame.value);
  if (place === null) return <p class="sr-quiet sr-label">Only a line with captions can be spoken again.</p>;
  if (untouched) return <p class="sr-quiet sr-label">The recording goes into the film as it is.</p>;
  const line = lineOf(cues, place, rate), recording = heard_s.value !== null;
  const during = async (what: string, work: Promise<unknown>): Promise<void> => {
    busy.value = what;
    try {
      await work;
    } catch (error) {
      view.note(error instanceof Error ? error.message : String(error), "error");
    } finally {
      busy.value = "";
    }
  };
  const send = (file: File, said: Line): void => {
    void during("Taking it in", studio.upload(file, { as: "voice", ...said }, () => undefined));
  };
  const record = async (): Promise<void> => {
    try {
      microphone.current = await Microphone.open((passed_s) => { heard_s.value = passed_s; });
    } catch {
      view.note("The microphone cannot be used: allow it for this page in the browser, or use a file.", "warning");
    }
  };
  const stop = async (): Promise<void> => {
    const file = await microphone.current?.stop();
    microphone.current = heard_s.value = null;
    if (file) send(file, line);
  };
  const why_not = busy.value ? `${busy.value} …` : recording ? "You are recording" : undefined;
  return (
    <div class="sr-word-edit">
      <p class="sr-line" dir="auto">“{line.text}”</p>
      <div class="sr-row sr-say-row">
        <Select label="Voice" value={voice.value} options={[{ value: "", name: "Same voice" }, ...voices]} onChoose={(name) => { voice.value = name; }} />
        <Select label="Pace" value={pace.value} options={PACES} onChoose={(name) => { pace.value = name; }} />
      </div>
      <div class="sr-row">
        <Button look="soft" small icon="again" why_not={why_not}
          onClick={() => void during("Speaking", askToSay(view, line, { voice: voice.peek(), speed: Number(pace.peek()) }))}>{busy.value === "Speaking" ? "Speaking …" : "Speak again"}</Button>
        {recording
          ? <Button small icon="check" onClick={() => void stop()}>Stop, {clock(heard_s.value!)}</Button>
          : <Button small icon="voice" why_not={why_not} onClick={() => void record()}>Record</Button>}
        <Button small icon="upload" label="Use a recording from a file" why_not={why_not} onClick={() => field.current!.click()} />
        {busy.value === "Taking it in" && <span class="sr-quiet sr-label" role="status">Taking it in …</span>}
      </div>
      <input ref={field} type="file" class="sr-hidden" tabIndex={-1} aria-hidden="true" accept={SOUNDS}
        onChange={(event) => { const file = event.currentTarget.files?.[0]; event.currentTarget.value = ""; if (file) send(file, line); }} />
    </div>
  );
}
