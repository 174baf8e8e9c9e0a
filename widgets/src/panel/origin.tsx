/** Where a picture is from: in a line, and in full behind Details. */
import { useSignal } from "@preact/signals";

import { OWN_KEYS } from "../kit/controls";
import type { Clip, Rate } from "../protocol";
import { toldOf } from "../strip/say";
import { dollars } from "../strip/time";

export function Origin({ clip }: { clip: Clip; rate: Rate }) {
  const open = useSignal(false), asset = clip.asset;
  if (!asset) return null;
  const { provider, model, seed, price_usd, request, prompt, credit } = asset.provenance;
  const line = [model || provider, seed != null && `seed ${seed}`, price_usd ? dollars(price_usd) : price_usd === 0 ? "free" : ""].filter(Boolean).join(", ");
  const rows: [string, string][] = [
    ["Made by", provider], ["Model", model ?? ""], ["Seed", seed == null ? "" : String(seed)], ["Price", price_usd == null ? "" : dollars(price_usd)],
    ["Request", request ?? ""], ["Credit", credit ?? ""], ["Size", asset.width_px ? `${asset.width_px} × ${asset.height_px}` : ""], ["Asked for", prompt ?? ""],
    ["File", `${asset.blob.sha256.slice(0, 12)}${asset.blob.suffix}, ${(asset.blob.size_bytes / 1e6).toFixed(1)} MB`],
  ];
  return (
    <div class="sr-origin">
      <p class="sr-label" title={toldOf(asset.provenance)}>{line}</p>
      <button type="button" class="sr-link" {...OWN_KEYS} aria-expanded={open.value} onClick={() => { open.value = !open.value; }}>Details</button>
      {open.value && <dl>{rows.filter(([, value]) => value).map(([name, value]) => <><dt>{name}</dt><dd>{value}</dd></>)}</dl>}
    </div>
  );
}
