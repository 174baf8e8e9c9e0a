import { Player } from "./player/player";
import type { Studio } from "./studio";

export function App({ studio }: { studio: Studio }) {
  return <Player studio={studio} />;
}
