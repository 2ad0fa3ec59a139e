import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe } from "vitest";
import { bun, deno } from "../../scripts/runtimes.mjs";
import { migrated } from "./folder.js";
import type { Host } from "./host.js";
import { ownProcess } from "./own-process.js";
import { testHost } from "./suite.js";

// What runs elsewhere than on Node, there: the examples, compiled.
const root = new URL("../..", import.meta.url);

interface Given extends Required<Pick<Host, "name" | "skips">> {
  readonly example: string;
  /** Without TLS, as a proxy in front of it speaks. */
  readonly speaksHttp2?: true;
  readonly command: () => readonly [string, ...string[]];
}

const onBun = () => [bun()] as const;
const onDeno = () => [deno(), "run", "--allow-all"] as const;
const noHttp2 = { "serves HTTP/2": "its server speaks HTTP/2 over TLS only" };

describe.each<Given>([
  { name: "Hono on Bun", example: "hono", command: onBun, skips: noHttp2 },
  { name: "Hono on Deno", example: "hono", command: onDeno, skips: {}, speaksHttp2: true },
  { name: "Elysia on Bun", example: "elysia", command: onBun, skips: noHttp2 },
])("on a runtime of its own", { tags: ["slow"] }, ({ name, example, command, skips, speaksHttp2 }) => {
  const start = async () => {
    const folder = mkdtempSync(join(tmpdir(), "sessgen-runtime-"));
    const database = await migrated(new URL(`examples/${example}/test/`, root).href, folder);
    const program = fileURLToPath(new URL(`examples/${example}/dist/test/on-runtime.js`, root));
    const running = await ownProcess(pathToFileURL(`${folder}/test/`).href, {
      command: [...command(), program],
      env: { NODE_ENV: "development" },
    });
    const close = async () => {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { ...running, ...(speaksHttp2 && { http2: running.origin }), database, close };
  };
  testHost({ name, start, skips });
});
