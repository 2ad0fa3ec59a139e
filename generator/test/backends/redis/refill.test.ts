import { identityOf, storeKey } from "@sessgen/runtime";
import { foundKeys } from "@sessgen/runtime/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { type RedisNode, withNodes } from "../../../src/backends/redis/connection.js";
import { listRedis } from "../../../src/backends/redis/list.js";
import { refill } from "../../../src/backends/redis/refill.js";
import { catalog } from "../../../src/cli/catalog.js";
import type { Target } from "../../../src/live/live.js";
import { loadTarget } from "../../../src/live/target.js";
import { application, config } from "../../support/project.js";
import { quiet } from "../../support/quiet.js";
import { idOf, redis, type Stored, stored } from "../../support/stored.js";

const url = await serviceUrl("redis");
const schema = "user: z.object({ id: z.int() }).optional(), visits: z.int().default(0)";
const { tag } = identityOf({ application });
const COPIES = 1500;

/** A project whose many sessions of user 7 are older than the index. */
async function older(): Promise<{ readonly user: Stored; readonly target: Target }> {
  const kind = redis(url);
  const user = await stored(kind, { schema, fields: "{}" });
  const store = user.open();
  onTestFinished(() => store.close());
  const first = await store.read(storeKey(idOf(user.begin("{ user: { id: 7 } }")), { application }));
  if (first === undefined) throw new Error("The session is not there");
  const { payload, expiresAt } = first;
  const keys = Array.from({ length: COPIES }, (_, number) => storeKey(`copy ${number}`, { application }));
  await Promise.all(keys.map((key) => store.write(key, payload, { expect: "absent", expiresAt })));
  const fields = '{ "user.id": { index: true } }';
  user.write({ "session.config.ts": config(schema, `fields: ${fields}, backend: ${kind.code}`) });
  await user.sessgen();
  const { io, report } = quiet(user.root, kind.env);
  return { user, target: await loadTarget({ cwd: user.root }, io, report, catalog) };
}

/** Where a run began on the server, and what it said. */
interface Ran {
  readonly scans: readonly string[];
  readonly said: readonly string[];
}

/**
 * Fills in; the connection breaks when the server is asked for that page.
 * @param run - which start of the server it says that it is
 */
async function fill(target: Target, { breaksAt = Number.POSITIVE_INFINITY, run = "a" } = {}): Promise<Ran> {
  const scans: string[] = [];
  const said: string[] = [];
  const request = {
    direction: "up",
    dryRun: false,
    share: 1,
    progress: (line: string) => void said.push(line),
  } as const;
  const filled = await withNodes(target, (nodes) => {
    const watched = nodes.map(
      (node): RedisNode => ({
        ...node,
        async send(...words) {
          if (words[0] === "INFO") return `run_id:${run}\r\n`;
          if (words[0] === "SCAN" && scans.push(words[1] ?? "") > breaksAt) throw new Error("cut");
          return node.send(...words);
        },
      }),
    );
    return refill(target, watched, request).catch((error: Error) => error.message);
  });
  expect(filled).toBe(breaksAt < Number.POSITIVE_INFINITY ? "cut" : true);
  return { scans, said };
}

async function found(user: Stored): Promise<number> {
  const store = user.open();
  const keys = await foundKeys(store, "user_id", "7", { application: tag });
  await store.close();
  return new Set(keys).size;
}

describe.skipIf(url === "")("filling in an index on Redis", () => {
  it("goes on where it was interrupted, and begins anew when it is through", async () => {
    const { user, target } = await older();
    const { scans } = await fill(target, { breaksAt: 1 });
    const resumed = await fill(target);
    // The first page was noted: its cursor is where the second run begins.
    expect(resumed.scans[0]).toBe(scans[1]);
    expect(resumed.scans[0]).not.toBe("0");
    expect(await found(user)).toBe(COPIES + 1);
    expect((await fill(target)).scans[0]).toBe("0");
  });

  it("begins anew on a server that was started anew, whose cursors mean something else", async () => {
    const { user, target } = await older();
    await fill(target, { breaksAt: 1 });
    const { scans, said } = await fill(target, { run: "b" });
    expect(scans[0]).toBe("0");
    expect(said.at(-1)).toBe(`${COPIES + 1} of ${COPIES + 1} sessions entered`);
    expect(await found(user)).toBe(COPIES + 1);
  });

  it("begins anew for another index", async () => {
    const { target } = await older();
    await fill(target, { breaksAt: 1 });
    const other = { ...target, indexes: target.indexes.map((index) => ({ ...index, path: "user.other" })) };
    expect((await fill(other)).scans[0]).toBe("0");
  });
});

describe.skipIf(url === "")("listing what is stored on Redis", () => {
  it("goes on behind a position of this start of the server, and begins anew behind others", async () => {
    const { user, target } = await older();
    const store = user.open();
    onTestFinished(() => store.close());
    const keysFrom = async (after: string | undefined, pages = Number.POSITIVE_INFINITY) => {
      const keys = new Set<string>();
      let [position, seen] = ["", 0];
      await listRedis(target, {
        store,
        after,
        async onPage(page) {
          for (const { key } of page.records) keys.add(key);
          position = page.position;
          seen += 1;
          return seen < pages;
        },
      });
      return { keys, position };
    };
    const all = (await keysFrom(undefined)).keys;
    expect(all.size).toBeGreaterThan(COPIES);
    const first = await keysFrom(undefined, 1);
    const rest = await keysFrom(first.position);
    expect(rest.keys.size).toBeLessThan(all.size);
    expect(new Set([...first.keys, ...rest.keys])).toEqual(all);
    const [, cursor] = first.position.split(" ");
    expect((await keysFrom(`another ${cursor}`)).keys).toEqual(all);
  });
});
