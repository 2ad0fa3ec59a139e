import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { openSqlite, type SqliteDriver, sqliteDrivers } from "../../../src/stores/sqlite/driver.js";
import { sqliteStore } from "../../../src/stores/sqlite/index.js";
import type { RemovedState } from "../../../src/stores/store.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import { cleanupCases, tryCleanup } from "../shared/cleanup-cases.js";
import { turnsOf } from "../shared/turns.js";

const folder = mkdtempSync(join(tmpdir(), "sessgen-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table =
  "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user_id TEXT, by_tenant TEXT)";
let files = 0;

/** A new database, with the table of the migrations. */
async function database(driver?: SqliteDriver, ddl: string = table): Promise<string> {
  files += 1;
  const file = join(folder, `${files}.db`);
  const opened = await openSqlite(file, driver);
  opened.exec(ddl);
  opened.close();
  return file;
}

/** Which of the drivers this Node and this installation have. */
const available: SqliteDriver[] = [];
for (const driver of sqliteDrivers) {
  const opened = await openSqlite(":memory:", driver).catch(() => undefined);
  opened?.close();
  if (opened !== undefined) available.push(driver);
}

it("at least one driver is tested", () => {
  expect(available.length).toBeGreaterThan(0);
});

for (const driver of available) {
  testStore({ describe, it }, `sqlite (${driver})`, async () => {
    const clock = fakeClock();
    const file = await database(driver);
    return {
      store: sqliteStore({ file, driver, clock, cleanup: 0 }),
      now: clock,
      advance: clock.advance,
      another: () => sqliteStore({ file, driver, clock, cleanup: 0 }),
    };
  });
}

describe.each(available)("with %s", (driver) => {
  it("lets others have their turn while it looks through many, or removes them", async () => {
    const clock = fakeClock();
    const file = await database(driver, table.replace(", by_tenant TEXT", ""));
    const store = sqliteStore({ file, driver, clock, cleanup: 0 });
    onTestFinished(() => store.close());
    // Between three pages, and after each fifty.
    expect(await turnsOf(store, clock() + 60_000, 1000)).toEqual({
      found: 2,
      beginnings: 2,
      removed: 2,
      states: 1000,
    });
  });

  /** A store with so many sessions, on a database that is open, and their states. */
  async function filled(count: number) {
    const clock = fakeClock();
    const opened = await openSqlite(await database(driver), driver);
    opened.exec("PRAGMA journal_mode = WAL");
    const store = sqliteStore({ database: opened, clock, cleanup: 0 });
    onTestFinished(async () => {
      await store.close();
      opened.close();
    });
    const states: RemovedState[] = [];
    for (let number = 0; number < count; number += 1) {
      const options = { expect: "absent", expiresAt: clock() + 60_000 } as const;
      const written = await store.write(`k${number}`, Uint8Array.of(1), options);
      if (written.ok) states.push({ key: `k${number}`, version: written.version });
    }
    return { opened, store, states };
  }

  it("removes many in one transaction, which writes each page once", async () => {
    const { opened, store, states } = await filled(50);
    opened.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
    expect(await store.removeMany?.(states)).toEqual(states.map(() => true));
    const [row] = opened.prepare("PRAGMA wal_checkpoint(PASSIVE)").all();
    // One by one there would be a page for each, at the least.
    expect(Number(row?.["log"])).toBeLessThan(states.length);
  });

  it("removes many within a transaction of the application's own", async () => {
    const { opened, store, states } = await filled(2);
    opened.exec("BEGIN IMMEDIATE");
    expect(await store.removeMany?.(states)).toEqual([true, true]);
    opened.exec("ROLLBACK");
    expect(await store.read("k0")).toMatchObject({ version: states[0]?.version });
  });

  it.each(cleanupCases)("cleans up about every n-th request: %s", async (_name, one) => {
    const file = await database(driver);
    const opened = await openSqlite(file, driver);
    const ids = async () =>
      opened
        .prepare("SELECT id FROM sessions")
        .all()
        .map(({ id }) => String(id));
    await tryCleanup(sqliteStore({ file, driver, cleanup: 1 }), ids, one);
    opened.close();
  });

  it.each([
    [0.0099, "swept"],
    [0.01, "left"],
  ] as const)("draws which of a hundred requests it is: %f", async (drawn, want) => {
    const file = await database(driver);
    const opened = await openSqlite(file, driver);
    const ids = async () =>
      opened
        .prepare("SELECT id FROM sessions")
        .all()
        .map(({ id }) => String(id));
    vi.spyOn(Math, "random").mockReturnValue(drawn);
    onTestFinished(() => void vi.restoreAllMocks());
    await tryCleanup(sqliteStore({ file, driver, cleanup: 100 }), ids, {
      given: (store) => store.read("x"),
      want,
    });
    opened.close();
  });
});

describe.each(available)("a lock that %s meets", (driver) => {
  it("leaves nothing behind: what others write is read, and what is written is there", async () => {
    const file = await database(driver);
    const write = { expect: "any", expiresAt: Date.UTC(2100, 0, 1) } as const;
    const store = sqliteStore({ file, driver, busyTimeout: 0 });
    await store.write("a", Uint8Array.of(1), write);
    const other = await openSqlite(file, driver);
    other.exec("BEGIN IMMEDIATE");
    other.exec("UPDATE sessions SET payload = x'02'");
    await expect(store.write("a", Uint8Array.of(3), write)).rejects.toMatchObject({ code: "store/locked" });
    await expect(store.remove("a")).rejects.toMatchObject({ code: "store/locked" });
    expect((await store.read("a"))?.payload[0]).toBe(1);
    other.exec("COMMIT");
    expect((await store.read("a"))?.payload[0]).toBe(2);
    expect(await store.touch("a", write.expiresAt)).toBe("touched");
    expect((await store.write("a", Uint8Array.of(4), write)).ok).toBe(true);
    const read = other.prepare("SELECT payload FROM sessions");
    expect(Buffer.from(read.get()?.["payload"] as Uint8Array)).toEqual(Buffer.of(4));
    other.close();
    await store.close();
  });
});

describe("an SQLite database that fails", () => {
  const write = { expect: "any", expiresAt: Date.UTC(2100, 0, 1) } as const;

  it.each([
    ["is not migrated", { given: "CREATE TABLE other (id TEXT)", want: "store/not-migrated" }],
    [
      "has a table of another shape",
      { given: "CREATE TABLE sessions (id TEXT)", want: "store/not-migrated" },
    ],
  ])("%s: %s", async (_name, { given, want }) => {
    const store = sqliteStore({ file: await database(undefined, given) });
    await expect(store.read("a")).rejects.toMatchObject({ code: want, status: 503 });
    await store.close();
  });

  it.each(available)("has no folder yet (%s): store/not-migrated", async (driver) => {
    const store = sqliteStore({ file: join(folder, "missing", "sessions.db"), driver });
    await expect(store.read("a")).rejects.toMatchObject({
      code: "store/not-migrated",
      message: expect.stringContaining("npx sessgen migrate"),
    });
    await store.close();
  });

  const others = [
    ["a constraint", { given: table.replace(/\)$/, ", CHECK (expires_at < 0))") }],
    [
      "a trigger",
      { given: `${table}; CREATE TRIGGER no BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, 'no'); END` },
    ],
  ] as const;

  describe.each(available)("with %s", (driver) => {
    it.each(others)("has %s that is not ours: certainly not done", async (_name, { given }) => {
      const store = sqliteStore({ file: await database(undefined, given), driver });
      await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({
        code: "store/not-migrated",
        message: expect.stringContaining("a constraint or a trigger"),
      });
      expect(await store.read("a")).toBeUndefined();
      await store.close();
    });
  });

  it.each(available)("is another one by now: that is opened (%s)", async (driver) => {
    const file = await database(driver);
    const store = sqliteStore({ file, driver });
    await store.write("a", Uint8Array.of(1), write);
    const row = `INSERT INTO sessions VALUES ('b', x'02', 1, ${write.expiresAt}, NULL, NULL)`;
    const restored = await database(driver, `${table}; ${row}`);
    for (const ending of ["-wal", "-shm"]) rmSync(file + ending, { force: true });
    renameSync(restored, file);
    await vi.waitFor(async () => expect(await store.read("b")).toBeDefined());
    await store.write("c", Uint8Array.of(3), write);
    await store.close();
    const another = sqliteStore({ file, driver });
    expect(
      await Promise.all(["a", "b", "c"].map(async (key) => (await another.read(key))?.payload[0])),
    ).toEqual([undefined, 2, 3]);
    await another.close();
  });

  it("works as soon as it is migrated", async () => {
    const file = await database(undefined, "CREATE TABLE other (id TEXT)");
    const store = sqliteStore({ file });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/not-migrated" });
    const opened = await openSqlite(file);
    opened.exec(table);
    opened.close();
    expect(await store.read("a")).toBeUndefined();
    await store.close();
  });

  it("is locked: waits, then store/locked", async () => {
    const file = await database();
    const other = await openSqlite(file);
    other.exec("PRAGMA journal_mode = WAL");
    other.exec("BEGIN IMMEDIATE");
    const store = sqliteStore({ file, busyTimeout: 60 });
    await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({ code: "store/locked" });
    other.exec("COMMIT");
    expect((await store.write("a", Uint8Array.of(1), write)).ok).toBe(true);
    await store.close();
    other.close();
  });

  it("is locked by this very process: waits without stopping it", async () => {
    const file = await database();
    const other = await openSqlite(file);
    other.exec("PRAGMA journal_mode = WAL");
    other.exec("BEGIN IMMEDIATE");
    const store = sqliteStore({ file, busyTimeout: 30_000 });
    // The lock is given back by a timer, which only a process that goes on can run.
    setTimeout(() => other.exec("COMMIT"), 20);
    expect((await store.write("a", Uint8Array.of(1), write)).ok).toBe(true);
    await store.close();
    other.close();
  });

  it("is read-only: store/read-only", async () => {
    const file = await database();
    const opened = await openSqlite(file);
    opened.exec("PRAGMA query_only = ON");
    const store = sqliteStore({ database: opened });
    expect(await store.read("a")).toBeUndefined();
    await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({
      code: "store/read-only",
    });
    await store.close();
    opened.close();
  });

  const missing = sqliteDrivers.find((driver) => !available.includes(driver));

  it.runIf(missing !== undefined)("has no driver: store/missing-driver, and why", async () => {
    const store = sqliteStore({ file: folder, ...(missing && { driver: missing }) });
    await expect(store.read("a")).rejects.toMatchObject({
      code: "store/missing-driver",
      cause: { errors: [expect.objectContaining({ message: expect.stringContaining(missing ?? "") })] },
    });
    await store.close();
  });

  it("is no database at all: store/unavailable", async () => {
    const store = sqliteStore({ file: folder });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
    await store.close();
  });
});
