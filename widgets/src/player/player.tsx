import type { Studio } from "../studio";

export function Player({ studio }: { studio: Studio }) {
  return <div class="sr-player">{studio.timeline.value?.title ?? ""}</div>;
}
