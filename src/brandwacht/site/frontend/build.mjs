// Builds static/dist from the sources beside this file: `npm run build` (add --watch while you work).
//
// Three things are ours and need a word:
// - theme tokens: the voorbeeld theme defines some 3,000 custom properties for every NL Design System component that
//   exists. Only those that our style sheet reaches, directly or through another token, are shipped.
// - compressed copies (.br, .gz) lie beside the text files, so that the web server need not compress.
// - licences: fonts and scripts keep their notices in LICENSES.txt beside the bundles.
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "dist");
const require = createRequire(import.meta.url);
const THEME = "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css";
const NOTICES = [
  "@nl-design-system-unstable/voorbeeld-design-tokens",
  "@utrecht/component-library-css",
  "@fontsource-variable/atkinson-hyperlegible-next",
  "@fontsource-variable/atkinson-hyperlegible-mono",
  "htmx.org",
  "cytoscape",
  "leaflet",
];
const target = ["chrome109", "firefox115", "safari16"];

/** All names used as var(--name) in a piece of CSS. */
const used = (css) => new Set(Array.from(css.matchAll(/var\(\s*(--[\w-]+)/g), (match) => match[1]));

/** The theme's declarations that `css` reaches, as one rule. */
function pruneTheme(theme, css) {
  const tokens = new Map(Array.from(theme.matchAll(/^\s*(--[\w-]+):\s*(.+?);/gm), (match) => [match[1], match[2]]));
  const keep = new Set();
  const visit = (names) => {
    for (const name of names) {
      if (!tokens.has(name) || keep.has(name)) continue;
      keep.add(name);
      visit(used(tokens.get(name)));
    }
  };
  visit(used(css));
  const rules = [...tokens].filter(([name]) => keep.has(name)).map(([name, value]) => `${name}:${value}`);
  return `@layer voorbeeld{.voorbeeld-theme{${rules.join(";")}}}\n`;
}

async function buildStyles() {
  const result = await esbuild.build({
    entryPoints: { index: join(here, "css", "index.css"), map: join(here, "css", "map.css") },
    outdir: out,
    bundle: true,
    minify: true,
    write: false,
    target,
    loader: { ".woff2": "file", ".png": "file" },
    assetNames: "[name]-[hash]",
    legalComments: "none",
    logLevel: "warning",
  });
  const index = join(out, "index.css");
  for (const file of result.outputFiles.filter((file) => file.path !== index)) {
    await writeFile(file.path, file.contents);
  }
  const css = result.outputFiles.find((file) => file.path === index).text;
  const theme = await readFile(require.resolve(THEME), "utf8");
  const order = "@layer voorbeeld,utrecht,brandwacht;\n";
  await writeFile(join(out, "brandwacht.css"), order + pruneTheme(theme, css) + css);
}

async function buildScripts() {
  await esbuild.build({
    entryPoints: { brandwacht: join(here, "js", "main.js"), graph: join(here, "js", "graph.js"), map: join(here, "js", "map.js") },
    outdir: out,
    bundle: true,
    minify: true,
    format: "iife",
    target,
    legalComments: "none",
    logLevel: "warning",
  });
}

async function writeNotices() {
  const parts = [];
  for (const name of NOTICES) {
    const folder = join(here, "..", "..", "..", "..", "node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    let text = "";
    for (const file of ["LICENSE", "LICENSE.md"]) {
      text ||= await readFile(join(folder, file), "utf8").catch(() => "");
    }
    parts.push(`${about.name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
  }
  await writeFile(join(out, "LICENSES.txt"), parts.join(`\n${"-".repeat(72)}\n\n`));
}

async function compress() {
  for (const name of (await readdir(out)).filter((name) => /\.(css|js|svg)$/.test(name))) {
    const text = await readFile(join(out, name));
    await writeFile(join(out, `${name}.gz`), await promisify(gzip)(text, { level: 9 }));
    await writeFile(join(out, `${name}.br`), await promisify(brotliCompress)(text));
  }
}

async function build() {
  await mkdir(out, { recursive: true });
  await Promise.all([buildStyles(), buildScripts(), writeNotices(), cp(join(here, "img"), out, { recursive: true })]);
  await compress();
}

await rm(out, { recursive: true, force: true });
await build();
if (process.argv.includes("--watch")) {
  const { watch } = await import("node:fs");
  let timer;
  watch(here, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().then(() => console.log("built"), console.error), 100);
  });
}
