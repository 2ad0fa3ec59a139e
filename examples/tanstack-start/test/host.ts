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
import { certify } from "../../../services/certificate.js";
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

/**
 * `npm start`, on a Node that TanStack Start runs on; and the same over HTTP/2, which srvx speaks
 * over TLS.
 */
async function start(): Promise<Running> {
  const { folder, remove } = copyOfExample();
  const test = pathToFileURL(join(folder, "test/")).href;
  // In tests srvx does not say where it is.
  const env = { ...withNodeFor("tanstack-start"), NODE_ENV: "production", TEST: "" };
  const running = await ownProcess(test, { env: { ...env, PORT: String(await freePort()) } });
  certify(folder);
  const srvx = fileURLToPath(new URL("../../../node_modules/.bin/srvx", import.meta.url));
  const serve = "serve --prod --host localhost --entry dist/server/server.js";
  const http2 = await ownProcess(test, {
    command: [srvx, ...serve.split(" "), "--tls", "--cert=server.pem", "--key=server.key"],
    env: { ...env, PORT: String(await freePort()) },
  });
  return {
    ...running,
    http2: http2.origin,
    close: async () => {
      await http2.close();
      await running.close();
      remove();
    },
  };
}

export const host: Host = { name: "TanStack Start", base: "/api", start };
