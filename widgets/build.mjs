/**
 * Builds the studio's front end: src/index.tsx and all it imports become storyreel/studio/static/studio.js, one ES
 * module that loads nothing else, and studio.css beside it; src/page.ts, the panels' helper, becomes page.js. All are committed, so that the Python package needs no
 * Node; the same sources and lock file always give the same bytes.
 *
 *     npm ci && npm run build       build
 *     npm run current               say whether the committed files are those that these sources give
 *     npm run check && npm test     types; tests of state, motion, transitions, edits and caption layout
 *
 * `make widgets` at the repository's root does all of this, with a Node of its own where there is none.
 */
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "storyreel", "studio", "static");

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: { studio: "src/index.tsx", page: "src/page.ts" },
  outdir: target,
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  write: false,
});

const check = process.argv.includes("--check");
const stale = [];
await mkdir(target, { recursive: true });
for (const { path, contents } of outputFiles) {
  const there = await readFile(path).catch(() => null);
  if (there?.equals(contents)) continue;
  if (check) stale.push(basename(path));
  else await writeFile(path, contents);
}
if (stale.length) {
  console.error(`${stale.join(" and ")} in storyreel/studio/static: not what widgets/ gives; run  make widgets  and commit them`);
  process.exit(1);
}
