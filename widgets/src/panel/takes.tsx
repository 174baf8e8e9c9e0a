/** The pictures a shot has had, and a place for one's own. */
import { useEffect, useRef } from "preact/hooks";

import { OWN_KEYS } from "../kit/controls";
import { Icon } from "../kit/icons";
import type { Asset, Clip, ShotInfo } from "../protocol";
import type { StripView } from "../strip/view";

export const PICTURES = "image/png,image/jpeg,image/webp,video/mp4,video/webm,video/quicktime";

export function Takes({ view, clip, info }: { view: StripView; clip: Clip; info: ShotInfo | undefined }) {
  const field = useRef<HTMLInputElement>(null), takes = takesOf(clip, info), used = takes.findIndex((take) => take.blob.sha256 === clip.asset?.blob.sha256);
  const upload = (file: File | undefined): void => { if (file) view.upload(file, { as: "picture", clip: clip.id }); };
  useEffect(() => {
    // Pasting a picture anywhere in the editor, other than into a text, replaces the shot's.
    const onPaste = (event: ClipboardEvent): void => {
      const active = document.activeElement;
      if (!view.root?.contains(active) || active?.matches("input, textarea")) return;
      const file = [...(event.clipboardData?.files ?? [])].find((each) => /^(image|video)\//.test(each.type));
      if (file) {
        event.preventDefault();
        upload(file);
      }
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [clip.id]);
  const sending = view.uploading.value;
  return (
    <div class="sr-block">
      <div class="sr-block-head"><h3 class="sr-label">Takes</h3><span class="sr-label sr-quiet">{used >= 0 ? `Take ${used + 1} in use` : "None yet"}</span></div>
      <div class="sr-takes">
        {takes.map((take, index) => (
          <button type="button" key={take.blob.sha256} class={`sr-take ${index === used ? "is-used" : ""}`} {...OWN_KEYS} aria-pressed={index === used}
            aria-label={`Take ${index + 1}${index === used ? ", in use" : ""}`} title={take.provenance.prompt?.slice(0, 160)}
            onClick={() => { if (index !== used) void view.studio.edit([{ kind: "replace_picture", clip: clip.id, asset: take }], `Use take ${index + 1}`); }}>
            <TakePicture view={view} take={take} /><b>{index + 1}</b>
          </button>
        ))}
        <button type="button" class="sr-take is-upload" {...OWN_KEYS} aria-label="Use a picture or video of your own" title="Use your own: choose, drop or paste a picture"
          onClick={() => field.current!.click()}>
          {sending?.clip === clip.id ? <span class="sr-label">{Math.round(sending.fraction * 100)}%</span> : <Icon name="upload" />}
        </button>
      </div>
      <input ref={field} type="file" class="sr-hidden" tabIndex={-1} aria-hidden="true" accept={PICTURES}
        onChange={(event) => { upload(event.currentTarget.files?.[0]); event.currentTarget.value = ""; }} />
    </div>
  );
}

/** The takes the kernel knows; the picture in use is one even before it has said so. */
function takesOf(clip: Clip, info: ShotInfo | undefined): Asset[] {
  const takes = info?.takes ?? [], now = clip.asset;
  return now && !takes.some((take) => take.blob.sha256 === now.blob.sha256) ? [...takes, now] : [...takes];
}

function TakePicture({ view, take }: { view: StripView; take: Asset }) {
  const media = view.studio.media("thumb", take.blob.sha256).value;
  return <span style={typeof media === "object" && "url" in media ? { backgroundImage: `url("${media.url}")` } : {}} />;
}
