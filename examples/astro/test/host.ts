import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { freePort } from "../../../scripts/guide.mjs";
import { withNodeFor } from "../../../scripts/node-versions.mjs";
import type { Host, Running } from "../../../test/frameworks/host.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";

const example = fileURLToPath(new URL("..", import.meta.url));
const cache = fileURLToPath(new URL("../../../.cache", import.meta.url));
/** Made by what is run in the folder; a copy makes its own. */
const made = [".astro", ".data", "dist", "node_modules", "test"];

/** A copy of the example, as far below the repository, that has the pages of the tests besides. */
export function copyOfExample(): { readonly folder: string; remove(): void } {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "astro-"));
  cpSync(example, folder, { recursive: true, filter: (path) => !made.includes(basename(path)) });
  cpSync(join(example, "test/host"), join(folder, "src"), { recursive: true });
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
