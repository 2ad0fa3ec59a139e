import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe } from "vitest";
import { bun, deno } from "../../scripts/runtimes.mjs";
import { certificate } from "../../services/certificate.js";
import { migrated } from "./folder.js";
import type { Host } from "./host.js";
import { ownProcess } from "./own-process.js";
import { testHost } from "./suite.js";

// What runs elsewhere than on Node, there: the examples, compiled.
const root = new URL("../..", import.meta.url);

interface Given extends Pick<Host, "name"> {
  readonly example: string;
  /** HTTP/2 without TLS, as a proxy in front of it speaks; Bun speaks it over TLS only. */
  readonly isWithoutTls?: true;
  readonly command: () => readonly [string, ...string[]];
}

const onBun = () => [bun()] as const;
const onDeno = () => [deno(), "run", "--allow-all"] as const;

describe.each<Given>([
  { name: "Hono on Bun", example: "hono", command: onBun },
  { name: "Hono on Deno", example: "hono", command: onDeno, isWithoutTls: true },
  { name: "Elysia on Bun", example: "elysia", command: onBun },
])("on a runtime of its own", { tags: ["slow"] }, ({ name, example, command, isWithoutTls }) => {
  const start = async () => {
    const folder = mkdtempSync(join(tmpdir(), "sessgen-runtime-"));
    const database = await migrated(new URL(`examples/${example}/test/`, root).href, folder);
    const program = fileURLToPath(new URL(`examples/${example}/dist/test/on-runtime.js`, root));
    const serve = (env = {}) =>
      ownProcess(pathToFileURL(`${folder}/test/`).href, {
        command: [...command(), program],
        env: { NODE_ENV: "development", ...env },
      });
    const running = await serve();
    const http2 = isWithoutTls ? running : await serve({ TLS: JSON.stringify(certificate()) });
    const close = async () => {
      for (const one of new Set([running, http2])) await one.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { ...running, http2: http2.origin, database, close };
  };
  testHost({ name, start });
});
