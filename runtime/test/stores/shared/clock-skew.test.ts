import pg from "pg";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { memcachedStore } from "../../../src/stores/memcached/index.js";
import { mongodbStore } from "../../../src/stores/mongodb/index.js";
import { postgresStore } from "../../../src/stores/postgres/index.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import type { Clock } from "../../../src/time/clock.js";

const MINUTE = 60_000;
const name = `skew_${process.pid}`;

/** Stores on servers that have clocks of their own. */
const stores: [string, (url: string, clock: Clock) => Promise<SessionStore> | SessionStore][] = [
  ["redis", (url, clock) => redisStore({ url, clock, prefix: `${name}:` })],
  ["memcached", (servers, clock) => memcachedStore({ servers, clock, prefix: `${name}:` })],
  ["mongodb", (url, clock) => mongodbStore({ url, clock, database: name })],
  [
    "postgres",
    async (url, clock) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(
        `CREATE TABLE IF NOT EXISTS ${name} (id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL)`,
      );
      await client.end();
      return postgresStore({ url, clock, table: name });
    },
  ],
];

describe.each(stores)("%s on a server whose clock is five minutes off", (kind, open) => {
  it.each([
    ["behind", 5 * MINUTE],
    ["ahead", -5 * MINUTE],
  ])("keeps to the application's clock: the server is %s", async (_name, skew) => {
    const url = await serviceUrl(kind);
    // Without a server the table at the end of `npm test` says so.
    if (url === "") return;
    let passed = 0;
    const clock = () => Date.now() + skew + passed;
    const store = await open(url, clock);
    const expiresAt = clock() + 30 * MINUTE;
    const written = await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt });
    expect((await store.read("a"))?.expiresAt).toBe(expiresAt);
    expect(await store.touch("a", clock() + 40 * MINUTE)).toBe("touched");
    passed = 39 * MINUTE;
    expect(await store.read("a")).toBeDefined();
    passed = 41 * MINUTE;
    expect(await store.read("a")).toBeUndefined();
    expect(await store.touch("a", clock() + MINUTE)).toBe("gone");
    const late = { expect: written.ok ? written.version : "", expiresAt: clock() + MINUTE };
    expect((await store.write("a", Uint8Array.of(2), late)).ok).toBe(false);
    expect((await store.write("a", Uint8Array.of(3), { ...late, expect: "absent" })).ok).toBe(true);
    expect(await store.remove("a")).toBe(true);
    await store.close();
  });
});
