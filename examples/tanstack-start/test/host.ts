import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { freePort } from "../../../scripts/guide.mjs";
import { withNodeFor } from "../../../scripts/node-versions.mjs";
import type { Host, Running } from "../../../test/frameworks/host.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";

const example = fileURLToPath(new URL("..", import.meta.url));
const cache = fileURLToPath(new URL("../../../.cache", import.meta.url));
/** Made by what is run in the folder; a copy makes its own. */
const made = [".data", ".tanstack", "dist", "node_modules", "test"];

/** A copy of the example, as far below the repository, that has the routes of the tests besides. */
function copyOfExample(): { readonly folder: string; remove(): void } {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "tanstack-start-"));
  cpSync(example, folder, { recursive: true, filter: (path) => !made.includes(basename(path)) });
  cpSync(join(example, "test/host"), join(folder, "src"), { recursive: true });
  // Packages that only this example has.
  const own = join(example, "node_modules");
  if (existsSync(own)) symlinkSync(own, join(folder, "node_modules"));
  renameSync(join(folder, "src/vite.config.ts"), join(folder, "vite.config.ts"));
  const { references: _, ...tsconfig } = JSON.parse(readFileSync(join(example, "tsconfig.json"), "utf8"));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** `npm start`, on a Node that TanStack Start runs on. */
async function start(): Promise<Running> {
  const { folder, remove } = copyOfExample();
  const running = await ownProcess(pathToFileURL(join(folder, "test/")).href, {
    env: {
      ...withNodeFor("tanstack-start"),
      NODE_ENV: "production",
      PORT: String(await freePort()),
      // In tests srvx does not say where it is.
      TEST: "",
    },
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
  name: "TanStack Start",
  base: "/api",
  start,
  skips: { "serves HTTP/2": "srvx serves HTTP/1.1, for what stands in front of it" },
};
