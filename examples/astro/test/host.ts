import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { freePort } from "../../../scripts/guide.mjs";
import { withNodeFor } from "../../../scripts/node-versions.mjs";
import { npmPackages } from "../../../services/tools.js";
import type { Host, Running } from "../../../test/frameworks/host.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";

const example = fileURLToPath(new URL("..", import.meta.url));
const cache = fileURLToPath(new URL("../../../.cache", import.meta.url));
/** Made by what is run in the folder; a copy makes its own. */
const made = [".astro", ".data", "dist", "node_modules", "test"];

/**
 * With `ASTRO=6` set, the packages of that version, and not the repository's. On Node 20, npm would
 * take the first 6.0 for 6.
 */
export const isAstro6: boolean = process.env["ASTRO"] === "6";
const ownPackages = isAstro6
  ? join(npmPackages("astro-6.4", "astro@^6.4", "@astrojs/node@10"), "node_modules")
  : undefined;

/** Astro's own program. */
export const astro: string = join(
  ownPackages ?? fileURLToPath(new URL("../../../node_modules", import.meta.url)),
  ".bin/astro",
);

/** A copy of the example, as far below the repository, that has the pages of the tests besides. */
export function copyOfExample(): { readonly folder: string; remove(): void } {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "astro-"));
  cpSync(example, folder, { recursive: true, filter: (path) => !made.includes(basename(path)) });
  cpSync(join(example, "test/host"), join(folder, "src"), { recursive: true });
  if (ownPackages !== undefined) symlinkSync(ownPackages, join(folder, "node_modules"));
  const { references: _, ...tsconfig } = JSON.parse(readFileSync(join(example, "tsconfig.json"), "utf8"));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A Node that Astro runs on, and what it does not have to tell. */
export const environment: Readonly<Record<string, string>> = {
  ...withNodeFor("astro"),
  ASTRO_TELEMETRY_DISABLED: "1",
};

/** `npm start`. */
async function start(): Promise<Running> {
  const { folder, remove } = copyOfExample();
  const running = await ownProcess(pathToFileURL(join(folder, "test/")).href, {
    // The standalone server prints the port that it was given, and not the one that it got.
    env: { ...environment, NODE_ENV: "production", PORT: String(await freePort()) },
  });
  return {
    ...running,
    close: async () => {
      await running.close();
      remove();
    },
  };
}

export const host: Host = {
  name: "Astro",
  base: "/api",
  start,
  skips: { "serves HTTP/2": "@astrojs/node serves HTTP/1.1, for what stands in front of it" },
};
