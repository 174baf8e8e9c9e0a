/**
 * Builds the page on which the editor is developed and tested without a kernel: node dev/build.mjs FOLDER.
 * Nothing of it goes into the package. Open FOLDER/index.html?film=mixed|hour|lighthouse&theme=dark|light&header=0
 * through any web server.
 */
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url)), folder = resolve(process.argv[2] ?? join(here, "out"));
await mkdir(folder, { recursive: true });
await build({
  entryPoints: { page: join(here, "page.tsx") }, outdir: folder, bundle: true, format: "esm", target: "es2022", jsx: "automatic", jsxImportSource: "preact",
  sourcemap: "inline", logLevel: "warning",
});
await copyFile(join(here, "index.html"), join(folder, "index.html"));
