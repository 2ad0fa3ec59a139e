import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { onTestFinished } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { createSessions, type Sessions, type SessionsOptions } from "../../../src/index.js";
import { fileStore } from "../../../src/stores/file/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import { openSqlite } from "../../../src/stores/sqlite/driver.js";
import { sqliteStore } from "../../../src/stores/sqlite/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { type FakeClock, fakeClock } from "../../../src/testing/index.js";
import { definition, notice, type Session, user, visits } from "./fixture.js";

// The class reads the definitions it was made with, so they stay the same objects.
Object.assign(user, {
  indexes: [{ path: "user", name: "user", pick: (value: string | undefined) => value }],
});
Object.assign(visits, { list: true });
Object.assign(notice, { list: true });

/** What the sessions of these tests are found by. */
export interface Indexes {
  user: string;
}

/** What their lists show. */
export interface Listed {
  visits: number;
  notice?: string | undefined;
}

/** One process of an application that has its sessions in a store. */
export function sessionsOf(
  store: SessionStore,
  options: Partial<SessionsOptions> = {},
): Sessions<Session, Indexes, Listed> {
  return createSessions<Session, Indexes, Listed>({
    ...definition,
    store,
    // However busy the machine is.
    storeTimeout: 60_000,
    ...options,
  });
}

/** A store that is watched. */
export interface Watched extends SessionStore {
  /** How often it was asked for what; a page of a search counts as one. */
  readonly counts: Readonly<Record<"read" | "write" | "touch" | "remove" | "find", number>>;
  /** The keys that were written, the latest one last. */
  readonly written: readonly string[];
}

/** The same store, watched. */
export function watched(store: SessionStore): Watched {
  const counts = { read: 0, write: 0, touch: 0, remove: 0, find: 0 };
  const written: string[] = [];
  return {
    counts,
    written,
    kind: store.kind,
    read(...args) {
      counts.read += 1;
      return store.read(...args);
    },
    write(key, ...args) {
      counts.write += 1;
      written.push(key);
      return store.write(key, ...args);
    },
    touch(...args) {
      counts.touch += 1;
      return store.touch(...args);
    },
    remove(...args) {
      counts.remove += 1;
      return store.remove(...args);
    },
    async *findByIndex(...args) {
      for await (const page of store.findByIndex?.(...args) ?? []) {
        counts.find += 1;
        yield page;
      }
    },
    sweep: (...args) => store.sweep?.(...args) ?? Promise.resolve(0),
    close: () => store.close(),
  };
}

let redisPrefixes = 0;
const redisUrl = await serviceUrl("redis");

/** A new, empty store of each of some kinds. */
export const stores: readonly (readonly [string, (clock?: FakeClock) => Promise<SessionStore>])[] = [
  ["memory", async (clock = fakeClock()) => memoryStore({ clock })],
  ["file", async (clock = fakeClock()) => fileStore({ directory: temporary(), clock })],
  [
    "sqlite",
    async (clock = fakeClock()) => {
      const file = join(temporary(), "sessions.db");
      const database = await openSqlite(file);
      database.exec(
        "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user TEXT)",
      );
      database.close();
      return closed(sqliteStore({ file, clock, cleanup: 0 }));
    },
  ],
  ...(redisUrl === ""
    ? []
    : ([["redis", async (clock: FakeClock = fakeClock()) => redisOf(newPrefix(), clock)]] as const)),
];

/** What begins the keys of a test on the real Redis. */
export function newPrefix(): string {
  redisPrefixes += 1;
  return `lookup:${process.pid}:${redisPrefixes}:`;
}

/** A store on the real Redis. */
export function redisOf(prefix: string, clock: FakeClock = fakeClock()): SessionStore {
  const client = new Redis(redisUrl);
  onTestFinished(() => client.disconnect());
  return redisStore({ client, clock, prefix });
}

/** Whether there is a Redis. */
export const hasRedis: boolean = redisUrl !== "";

/** A folder that goes with the test. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-lookup-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function closed(store: SessionStore): SessionStore {
  onTestFinished(() => store.close());
  return store;
}
