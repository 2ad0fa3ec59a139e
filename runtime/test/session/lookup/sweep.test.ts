import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createSessions, sweepInBatches } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { openSqlite } from "../../../src/stores/sqlite/driver.js";
import { sqliteStore } from "../../../src/stores/sqlite/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { type FakeClock, fakeClock } from "../../../src/testing/index.js";
import { application, fields, history, Session, tag } from "../support/fixture.js";

const folder = mkdtempSync(join(tmpdir(), "sessgen-sweep-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stores: [string, (clock: FakeClock) => Promise<SessionStore>][] = [
  ["memory", async (clock) => memoryStore({ clock })],
  [
    "sqlite",
    async (clock) => {
      const file = join(mkdtempSync(join(folder, "db-")), "s.db");
      const database = await openSqlite(file);
      database.exec(
        "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL)",
      );
      database.close();
      return sqliteStore({ file, clock, cleanup: 0 });
    },
  ],
];

describe.each(stores)("sessions.sweep on %s", (_name, open) => {
  it("deletes what has expired in batches, and nothing else", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const sessions = createSessions({ application, history, Session, fields, store, clock });
    const write = (key: string, life: number) =>
      store.write(`${tag}.${key}`, Uint8Array.of(1), { expect: "absent", expiresAt: clock() + life });
    for (let number = 0; number < 25; number += 1) await write(`old ${number}`, 1000);
    await write("live", 5000);
    clock.advance(1000);
    const progress: number[] = [];
    const options = { limit: 10, pause: 0, onBatch: (deleted: number) => void progress.push(deleted) };
    expect(await sessions.sweep(options)).toBe(25);
    expect(progress).toEqual([10, 20, 25]);
    expect(await sessions.sweep()).toBe(0);
    expect(await store.read(`${tag}.live`)).toBeDefined();
    await sessions.close();
  });

  it("is safe beside traffic: what is begun anew under an expired key stays", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const sessions = createSessions({ application, history, Session, fields, store, clock });
    const keys = Array.from({ length: 50 }, (_, number) => `key ${number}`);
    const begin = (key: string) =>
      store.write(`${tag}.${key}`, Uint8Array.of(1), { expect: "absent", expiresAt: clock() + 1000 });
    await Promise.all(keys.map(begin));
    clock.advance(1000);
    const [swept, ...written] = await Promise.all([
      sessions.sweep({ limit: 3, pause: 0 }),
      ...keys.filter((_, number) => number % 2 === 0).map(begin),
    ]);
    expect(written.every(({ ok }) => ok)).toBe(true);
    expect(swept).toBeGreaterThanOrEqual(25);
    const left = await Promise.all(keys.map((key) => store.read(`${tag}.${key}`)));
    expect(left.filter((session) => session !== undefined)).toHaveLength(25);
    await sessions.close();
  });

  it("ends after the batch under way when it is told to", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const sessions = createSessions({ application, history, Session, fields, store, clock });
    for (let number = 0; number < 5; number += 1)
      await store.write(`${tag}.${number}`, Uint8Array.of(1), { expect: "absent", expiresAt: clock() + 1 });
    clock.advance(1);
    const ended = new AbortController();
    const options = { limit: 2, pause: 60_000, signal: ended.signal, onBatch: () => ended.abort() };
    expect(await sessions.sweep(options)).toBe(2);
    expect(await sessions.sweep({ pause: 0 })).toBe(3);
    await sessions.close();
  });
});

describe("a sweep", () => {
  it("deletes nothing where the backend does so itself", async () => {
    const { sweep: _, ...others } = memoryStore();
    const sessions = createSessions({
      application,
      history,
      Session,
      fields,
      store: { ...others, kind: "other" },
    });
    expect(await sessions.sweep()).toBe(0);
  });

  it.each([0, -1, Number.NaN])("ends with a limit of %s, too", async (limit) => {
    expect(await sweepInBatches(async () => 0, { limit })).toBe(0);
  });

  it("passes on what the store throws", async () => {
    const store = memoryStore();
    await store.close();
    const sessions = createSessions({ application, history, Session, fields, store });
    await expect(sessions.sweep()).rejects.toMatchObject({ code: "store/closed" });
  });
});
