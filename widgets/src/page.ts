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

interface Download { name: string; mime: string; parts: BlobPart[] }

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  el.style.display = "none";
  const downloads = new Map<number, Download>();
  const uploads = new Map<number, File>();
  let uploadsBegun = 0;

  const sendPiece = async (id: number, at: number): Promise<void> => {
    const file = uploads.get(id);
    if (!file || at >= file.size) {
      uploads.delete(id);
      return;
    }
    const piece = await file.slice(at, at + PIECE_BYTES).arrayBuffer();
    model.send({ type: "upload_chunk", id, at }, undefined, [piece]);
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
      uploads.set(uploadsBegun, file);
      model.send({ type: "upload_begin", id: uploadsBegun, name: file.name, size_bytes: file.size });
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

  const take = (message: any, buffers: DataView[]): void => {
    switch (message.type) {
      case "choose":
        choose(String(message.accept));
        break;
      case "upload_ok":
        void sendPiece(message.id, message.received_bytes);
        break;
      case "refused":
        uploads.delete(message.id);
        break;
      case "download_begin":
        downloads.set(message.id, { name: message.name, mime: message.mime, parts: [] });
        model.send({ type: "download_more", id: message.id, at: 0 });
        break;
      case "download_part": {
        const download = downloads.get(message.id);
        const piece = buffers[0];
        if (!download || !piece) return;
        download.parts.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength).slice());
        if (message.last) {
          downloads.delete(message.id);
          hand(download);
        } else {
          model.send({ type: "download_more", id: message.id, at: message.at + piece.byteLength });
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
      case "ask_to_notify":
        if ("Notification" in window && Notification.permission === "default") void Notification.requestPermission();
        break;
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
  return () => model.off("msg:custom", take);
}

export default { render };
