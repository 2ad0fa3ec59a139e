import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { freePort } from "../../../scripts/guide.mjs";
import type { Host, Running } from "../../../test/frameworks/host.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";

const example = fileURLToPath(new URL("..", import.meta.url));
const cache = fileURLToPath(new URL("../../../.cache", import.meta.url));
/** Made by what is run in the folder; a copy makes its own. */
const made = [".data", ".svelte-kit", "build", "dist", "node_modules", "test"];

/**
 * A copy of the example, as far below the repository, that has the routes and hooks of the tests
 * besides.
 */
export function copyOfExample(): { readonly folder: string; remove(): void } {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "sveltekit-"));
  cpSync(example, folder, { recursive: true, filter: (path) => !made.includes(basename(path)) });
  cpSync(join(example, "test/host"), join(folder, "src"), { recursive: true });
  const { references: _, ...tsconfig } = JSON.parse(readFileSync(join(example, "tsconfig.json"), "utf8"));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** `npm start`, as adapter-node is run behind the address that it is told. */
async function start(): Promise<Running> {
  const { folder, remove } = copyOfExample();
  const port = String(await freePort());
  const running = await ownProcess(pathToFileURL(join(folder, "test/")).href, {
    env: {
      NODE_ENV: "production",
      PORT: port,
      ORIGIN: `http://localhost:${port}`,
      BODY_SIZE_LIMIT: "2M", // 512 kB by default
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
  name: "SvelteKit",
  base: "/api",
  start,
  skips: { "serves HTTP/2": "adapter-node serves HTTP/1.1, for what stands in front of it" },
};
