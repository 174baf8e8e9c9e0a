/** The editor over a kernel of the page's own. `window.film` shows tests what the kernel holds. */
import { render } from "preact";

import { App } from "../src/app";
import { createStudio } from "../src/store";
import { FakeKernel } from "./kernel";
import { hour } from "./hour";
import lighthouse from "./lighthouse.json";
import { mixed } from "./mixed";
import type { Film } from "./films";

const asked = new URLSearchParams(location.search), place = document.getElementById("place")!;
const films: Record<string, () => Film> = { mixed, hour, lighthouse: () => lighthouse as unknown as Film };
document.body.dataset["jpThemeLight"] = String(asked.get("theme") === "light");
if (asked.get("theme") === "system") delete document.body.dataset["jpThemeLight"];

const fill = asked.get("fill") !== "0";
place.classList.toggle("is-filling", fill && innerWidth > 640);
if (asked.get("film") !== "none") {
  const began_ms = performance.now(), kernel = new FakeKernel(films[asked.get("film") ?? "mixed"]!());
  const { studio } = createStudio(kernel.wire, "window-a");
  Object.assign(window, { film: kernel, studio, began_ms });
  render(<App studio={studio} header={asked.get("header") !== "0"} fill={fill && innerWidth > 640} onRender={() => undefined} />, place);
} else {
  const { studio } = createStudio({ send: () => undefined, listen: () => () => undefined }, "window-a");
  render(<App studio={studio} fill />, place);
}
