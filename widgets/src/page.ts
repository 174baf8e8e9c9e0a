/**
 * What the studio's panels need of the browser and ipywidgets do not give: a file chosen and sent up in pieces, a file
 * handed over as a download, a notification, a short sound, the film's id in the address.
 */
interface Model {
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(name: string, take: (message: any, buffers: DataView[]) => void): void;
  off(name: string, take: (message: any, buffers: DataView[]) => void): void;
}

const PIECE_BYTES = 1 << 20;
/** After this long without an answer, what was said counts as lost with the line it went over, and is said again. */
const STALL_MS = 4_000;
const LONGEST_STALL_MS = 32_000;

interface Download { name: string; mime: string; parts: BlobPart[]; received_bytes: number }
interface Upload { file: File; sent_at: number }

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  el.style.display = "none";
  const downloads = new Map<number, Download>();
  const uploads = new Map<number, Upload>();
  const waits = new Map<string, ReturnType<typeof setTimeout>>();
  let uploadsBegun = 0;

  const answered = (what: string): void => {
    clearTimeout(waits.get(what));
    waits.delete(what);
  };

  const insist = (what: string, say: () => void, patience_ms = STALL_MS): void => {
    answered(what);
    waits.set(what, setTimeout(() => insist(what, say, Math.min(2 * patience_ms, LONGEST_STALL_MS)), patience_ms));
    say();
  };

  const sendPiece = async (id: number, at: number): Promise<void> => {
    const upload = uploads.get(id);
    // The second answer to a piece that was sent twice.
    if (!upload || at === upload.sent_at) return;
    upload.sent_at = at;
    if (at >= upload.file.size) {
      answered(`up ${id}`);
      uploads.delete(id);
      return;
    }
    const piece = await upload.file.slice(at, at + PIECE_BYTES).arrayBuffer();
    // A piece travels as a copy: its buffer may be given away with the message.
    insist(`up ${id}`, () => model.send({ type: "upload_chunk", id, at }, undefined, [piece.slice(0)]));
  };

  const askFor = (id: number, at: number): void => {
    insist(`down ${id}`, () => model.send({ type: "download_more", id, at }));
  };

  const choose = (accept: string): void => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.style.display = "none";
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      input.remove();
      if (!file) return;
      uploadsBegun += 1;
      const id = uploadsBegun;
      uploads.set(id, { file, sent_at: -1 });
      insist(`up ${id}`, () => model.send({ type: "upload_begin", id, name: file.name, size_bytes: file.size }));
    });
    document.body.append(input);
    input.click();
  };

  const hand = (download: Download): void => {
    const url = URL.createObjectURL(new Blob(download.parts, { type: download.mime }));
    const link = document.createElement("a");
    link.href = url;
    link.download = download.name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };

  const notify = (title: string, body: string): void => {
    if (!("Notification" in window)) return;
    if (Notification.permission === "granted") new Notification(title, { body });
  };

  // Browsers want the question to come of a click, not of what a kernel says some time after it.
  const askToNotify = (event: Event): void => {
    if (!(event.target as Element | null)?.closest?.(".rl-notifies")) return;
    if ("Notification" in window && Notification.permission === "default") void Notification.requestPermission();
  };
  document.addEventListener("click", askToNotify);

  const take = (message: any, buffers: DataView[]): void => {
    switch (message.type) {
      case "choose":
        choose(String(message.accept));
        break;
      case "upload_ok":
        void sendPiece(message.id, message.received_bytes);
        break;
      case "refused":
        answered(`up ${message.id}`);
        uploads.delete(message.id);
        break;
      case "download_begin":
        downloads.set(message.id, { name: message.name, mime: message.mime, parts: [], received_bytes: 0 });
        askFor(message.id, 0);
        break;
      case "download_part": {
        const download = downloads.get(message.id);
        const piece = buffers[0];
        if (!download || !piece || message.at !== download.received_bytes) return;
        download.parts.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength).slice());
        download.received_bytes += piece.byteLength;
        if (message.last) {
          answered(`down ${message.id}`);
          model.send({ type: "download_done", id: message.id });
          downloads.delete(message.id);
          hand(download);
        } else {
          askFor(message.id, download.received_bytes);
        }
        break;
      }
      case "sound": {
        const piece = buffers[0];
        if (!piece) return;
        const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength).slice();
        const sound = new Audio(URL.createObjectURL(new Blob([bytes], { type: message.mime })));
        void sound.play();
        break;
      }
      case "notify":
        notify(message.title, message.body);
        break;
      case "address": {
        const address = new URL(window.location.href);
        if (message.project) address.searchParams.set("project", message.project);
        else address.searchParams.delete("project");
        if (message.in_page) window.history.replaceState(null, "", address);
        break;
      }
    }
  };

  model.on("msg:custom", take);
  model.send({ type: "here" });
  return () => {
    model.off("msg:custom", take);
    document.removeEventListener("click", askToNotify);
    for (const wait of waits.values()) clearTimeout(wait);
  };
}

export default { render };
