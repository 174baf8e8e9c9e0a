/** What lies over the editor: notices, questions, the list of keys, and what to do when the kernel is gone. */
import { useEffect, useRef } from "preact/hooks";

import { Button, Dialog, OWN_KEYS } from "./kit/controls";
import { Icon } from "./kit/icons";
import { PICTURES } from "./panel/takes";
import { NEW_SHOT_S, placeForNew } from "./strip/edits_of";
import { KEY_LIST } from "./strip/keys";
import { frames } from "./strip/time";
import type { StripView } from "./strip/view";
import type { Studio } from "./studio";

const NOTICE_MS = 6000;

/** The last three; an error stays until it is put away. */
export function Notices({ studio }: { studio: Studio }) {
  const notices = studio.notices.value;
  const away = (gone: (typeof notices)[number]): void => { studio.notices.value = studio.notices.peek().filter((each) => each !== gone); };
  useEffect(() => {
    const passing = notices.filter((notice) => notice.level !== "error");
    if (!passing.length) return;
    const timer = setTimeout(() => away(passing[0]!), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notices]);
  return (
    <div class="sr-notices" role="log" aria-live="polite" aria-label="Notices">
      {notices.slice(-3).map((notice) => (
        <div class={`sr-notice is-${notice.level}`}>
          {notice.level !== "info" && <Icon name="warning" />}
          <p>{notice.message}</p>
          <Button look="plain" small icon="close" label="Put away" onClick={() => away(notice)} />
        </div>
      ))}
    </div>
  );
}

export function Lost({ studio }: { studio: Studio }) {
  return (
    <div class="sr-lost" role="alert">
      <Icon name="warning" />
      <p>Connection lost. Your film is saved.</p>
      <Button look="outlined" small onClick={() => studio.reconnect()}>Reconnect</Button>
    </div>
  );
}

export function Help({ view }: { view: StripView }) {
  if (!view.help.value) return null;
  return (
    <Dialog title="Keys" sheet={view.size.value === "phone"} onClose={() => { view.help.value = false; }}>
      <div class="sr-keys">
        {KEY_LIST.map((group) => (
          <section key={group.title}>
            <h3 class="sr-label">{group.title}</h3>
            <dl>{group.keys.map(([key, does]) => <div key={key}><dt>{key}</dt><dd>{does}</dd></div>)}</dl>
          </section>
        ))}
      </div>
      <p class="sr-quiet sr-label">Letters work while the player or the strip has the focus. Hold Alt while trimming to move what follows along.</p>
    </Dialog>
  );
}

export function QuestionDialog({ view }: { view: StripView }) {
  const question = view.question.value;
  if (!question) return null;
  const close = (): void => { view.question.value = null; };
  const drop = (): void => { close(); question.dropped?.(); };
  return (
    <Dialog title={question.title} sheet={view.size.value === "phone"} onClose={drop}>
      <p>{question.text}</p>
      <div class="sr-row is-end">
        <Button onClick={drop}>Not now</Button>
        {question.also && <Button onClick={() => { close(); question.also!.does(); }}>{question.also.yes}</Button>}
        <Button look="primary" onClick={() => { close(); question.does(); }}>{question.yes}</Button>
      </div>
    </Dialog>
  );
}

/** A file for a new shot. The chooser opens by itself; the dialog stays for those who drop one or change their mind. */
export function InsertDialog({ view }: { view: StripView }) {
  return view.inserting.value ? <InsertFile view={view} /> : null;
}

function InsertFile({ view }: { view: StripView }) {
  const field = useRef<HTMLInputElement>(null);
  const close = (): void => { view.inserting.value = false; };
  const take = (file: File | undefined): void => {
    const timeline = view.studio.timeline.peek();
    if (!file || !timeline) return;
    close();
    view.upload(file, { as: "insert", at: placeForNew(timeline, view.studio.playhead_frame.peek()), length_frames: frames(NEW_SHOT_S, timeline.rate) });
  };
  return (
    <Dialog title="Insert a picture or video" sheet={view.size.value === "phone"} onClose={close}>
      <button type="button" class="sr-insert" {...OWN_KEYS} onClick={() => field.current!.click()} onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => { event.preventDefault(); take(event.dataTransfer?.files[0]); }}>
        <Icon name="upload" size={24} /><span>Choose a file, or drop one here</span>
        <span class="sr-quiet sr-label">PNG, JPEG, WebP, MP4, WebM or MOV, up to 200 MB. It goes in at the playhead.</span>
      </button>
      <input ref={field} type="file" class="sr-hidden" tabIndex={-1} aria-hidden="true" accept={PICTURES}
        onChange={(event) => take(event.currentTarget.files?.[0])} />
    </Dialog>
  );
}
