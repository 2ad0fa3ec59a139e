import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Redis } from "ioredis";
import { createServer, isRunnableDevEnvironment, type ViteDevServer } from "vite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { config, lockText, newFolder, runIn } from "../generator/test/support/project.js";
import { redis as recipe } from "../services/redis.js";
import type { Running } from "../services/service.js";
import { canStart, startOwn } from "../services/start.js";

// A module of sessions that Vite loads anew, in the same process, whenever it was edited.

/** What is used of the emitted module. */
interface Loaded {
  readonly sessions: {
    open(cookie?: string): Promise<{ visits: number; $commit(): Promise<readonly string[]> }>;
    close(): Promise<void>;
  };
}

let root = "";
let vite: ViteDevServer;
const closing: (() => unknown)[] = [];

/** Emits a module whose sessions are kept there, and serves it as Vite does in development. */
async function serve(backend: string): Promise<void> {
  root = newFolder();
  const files = {
    "package.json": '{ "name": "user", "type": "module" }\n',
    "sessgen.lock.json": lockText,
    "session.config.ts": config("visits: z.int().default(0)", `backend: ${backend}`),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  expect(await runIn(root, ["--no-cache"])).toMatchObject({ code: 0 });
  vite = await createServer({
    root,
    configFile: false,
    logLevel: "silent",
    appType: "custom",
    server: { middlewareMode: true, ws: false },
  });
}

async function load(): Promise<Loaded> {
  const { ssr } = vite.environments;
  if (!isRunnableDevEnvironment(ssr)) throw new Error("Vite's environment for servers runs modules");
  return ssr.runner.import("/src/session/index.ts");
}

/** Edits the module, and gives it as it is loaded then. */
async function edited(before: Loaded, count: number): Promise<Loaded> {
  writeFileSync(join(root, "src/session/fields.ts"), `export const edit${count} = true;\n`, { flag: "a" });
  return expect
    .poll(async () => {
      const now = await load();
      if (now.sessions === before.sessions) throw new Error("Vite has not seen it yet");
      return now;
    })
    .toBeDefined()
    .then(load);
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await vite.close();
  for (const close of closing.splice(0)) await close();
  rmSync(root, { recursive: true, force: true });
});

/** Visits, in each of so many loads. */
async function visited(loads: number): Promise<{ readonly seen: number[]; readonly all: readonly Loaded[] }> {
  let now = await load();
  const all = [now];
  const seen: number[] = [];
  let cookie = "";
  for (let count = 1; ; count += 1) {
    const session = await now.sessions.open(cookie);
    session.visits += 1;
    seen.push(session.visits);
    const [set] = await session.$commit();
    if (set !== undefined) cookie = set.split(";", 1)[0] ?? "";
    if (count === loads) return { seen, all };
    now = await edited(now, count);
    all.push(now);
  }
}

describe("hot reload, with sessions in memory", () => {
  // vitest, whose `vi.resetModules()` has modules loaded anew, names the environment `test`.
  it.each(["development", "test"])("keeps everybody logged in, in %s", async (environment) => {
    vi.stubEnv("NODE_ENV", environment);
    await serve('{ kind: "memory" }');
    const { seen, all } = await visited(3);
    expect(seen).toEqual([1, 2, 3]);
    expect(new Set(all).size).toBe(3);
    // What the module as it was does at its end ends nothing that goes on.
    await all[0]?.sessions.close();
    expect((await all[2]?.sessions.open())?.visits).toBe(0);
    await all[2]?.sessions.close();
    // Closed by the last, it is not handed on.
    const anew = await edited(all[2] as Loaded, 3);
    expect((await anew.sessions.open()).visits).toBe(0);
    await anew.sessions.close();
  });

  it("hands nothing on in production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    await serve('{ kind: "memory" }');
    expect((await visited(2)).seen).toEqual([1, 1]);
  });
});

describe.skipIf(!canStart(recipe))("hot reload, with sessions on Redis", () => {
  let running: Running;
  let admin: Redis;

  beforeEach(async () => {
    ({ running } = await startOwn(recipe));
    admin = new Redis(running.url);
    closing.push(
      () => admin.disconnect(),
      () => running.stop(),
    );
  });

  const connections = async (): Promise<number> =>
    String(await admin.client("LIST"))
      .trim()
      .split("\n").length;

  it("keeps one connection, and the last to be loaded closes it", async () => {
    vi.stubEnv("NODE_ENV", "development");
    vi.stubEnv("REDIS_URL", running.url);
    await serve('{ kind: "redis", url: env("REDIS_URL") }');
    const before = await connections();
    const { seen, all } = await visited(4);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(await connections()).toBe(before + 1);
    for (const { sessions } of all) await sessions.close();
    await expect.poll(connections).toBe(before);
  });
});
