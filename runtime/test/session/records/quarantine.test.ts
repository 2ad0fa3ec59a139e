import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import {
  createSessions,
  encryptWith,
  quarantineKey,
  type SessionDefinition,
  type SessionStore,
  type SessionsOptions,
  storedIndexValues,
  storedSessions,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import { openSqlite } from "../../../src/stores/sqlite/driver.js";
import { sqliteStore } from "../../../src/stores/sqlite/index.js";
import { cookieStore } from "../../../src/transports/carrier.js";
import {
  application,
  definition,
  history,
  keyOf,
  fields as plainFields,
  type Session,
  user,
  visit,
} from "../support/fixture.js";

const DAY = 24 * 60 * 60_000;
const byUser = { ...user, indexes: [{ path: "user", name: "user", pick: (value: unknown) => value }] };
const fields = plainFields.map((field) => (field.name === "user" ? byUser : field)) as SessionDefinition;
/** JSON that somebody has cut off. */
const broken = Buffer.from('{ "user": "ada", "secret": "hunter2');

const redisUrl = await serviceUrl("redis");
const folder = await mkdtemp(join(tmpdir(), "sessgen-quarantine-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function sqlite(): Promise<SessionStore> {
  const file = join(await mkdtemp(join(folder, "s-")), "s.db");
  const database = await openSqlite(file);
  database.exec(
    "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user TEXT)",
  );
  database.close();
  return sqliteStore({ file });
}

const stores: [string, () => SessionStore | Promise<SessionStore>][] = [
  ["memory", () => memoryStore()],
  ["sqlite", sqlite],
];
if (redisUrl !== "")
  stores.push([
    "redis",
    () => redisStore({ url: redisUrl, prefix: `quarantine:${process.pid}:${Date.now()}:` }),
  ]);

function open(store: SessionsOptions["store"], more: Partial<SessionsOptions> = {}) {
  const sessions = createSessions<Session, { user: string }>({
    ...definition,
    fields,
    store,
    ...more,
  });
  const events: unknown[] = [];
  for (const name of ["unreadable", "quarantined"] as const)
    sessions.on(name, (event) => events.push([name, "error" in event ? event.error.message : event]));
  return { sessions, events };
}

const keyIn = (cookie: string): string => keyOf(cookie.split("=")[1] ?? "");

/** A session of Ada's whose bytes somebody has damaged. */
async function damaged(store: SessionStore, more: Partial<SessionsOptions> = {}) {
  const { sessions, events } = open(store, more);
  const cookie = await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
  const key = keyIn(cookie);
  const damage = (payload: Uint8Array = broken) =>
    store.write(key, payload, { expect: "any", expiresAt: Date.now() + DAY, index: { user: "ada" } });
  await damage();
  return { sessions, events, cookie, key, damage };
}

const reason = "Stored data is unreadable: expected a session";

describe.each(stores)("a session in %s that cannot be read", (_name, make) => {
  it("is kept aside byte for byte, once, and stays where it is", async () => {
    const store = await make();
    const { sessions, events, cookie, key, damage } = await damaged(store, { onUnreadable: "quarantine" });
    const before = Date.now();
    expect((await sessions.open(cookie)).$isNew).toBe(true);
    const kept = await store.read(quarantineKey(key));
    expect(Buffer.from(kept?.payload ?? [])).toEqual(broken);
    expect(kept?.expiresAt).toBeGreaterThanOrEqual(before + 7 * DAY);
    expect(kept?.expiresAt).toBeLessThan(Date.now() + 7 * DAY + 1);
    expect(events).toEqual([
      ["unreadable", reason],
      ["quarantined", { bytes: broken.byteLength, reason }],
    ]);
    // Again, and in another way: what was kept first is what it began with.
    await damage(Buffer.of(0x99, 1));
    await sessions.open(cookie);
    expect(events).toHaveLength(3);
    expect((await store.read(quarantineKey(key)))?.version).toBe(kept?.version);
    expect(await store.read(key)).toBeDefined();
    await store.close();
  });

  it("is no session to anybody, readable or not", async () => {
    const store = await make();
    const { sessions, key, cookie } = await damaged(store, { onUnreadable: "quarantine" });
    await sessions.open(cookie);
    const aside = quarantineKey(key);
    // A later version of the application can read it, and a tool has entered it into the index.
    const intact = await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
    const { payload = broken } = (await store.read(keyIn(intact))) ?? {};
    const expiresAt = Date.now() + DAY;
    await store.write(aside, payload, { expect: "any", expiresAt, index: { user: "ada" } });
    // The intact one, and the damaged one itself, of which the store says that it is ada's.
    expect(await sessions.count("user", "ada")).toBe(2);
    expect(await sessions.destroyBy("user", "ada")).toBe(2);
    expect(await store.read(aside)).toBeDefined();
    expect(storedIndexValues({ application, history, fields })(payload, aside)).toEqual({ user: null });
    expect(storedIndexValues({ application, history, fields })(payload, key)).toEqual({ user: "ada" });
    expect((await sessions.open(`__Host-session=${aside}`)).$isNew).toBe(true);
    await store.close();
  });
});

it.each<[string, { given: Partial<SessionsOptions>; want: number | undefined }]>([
  ["nowhere by default", { given: {}, want: undefined }],
  ["nowhere when it is to be forgotten", { given: { onUnreadable: "forget" }, want: undefined }],
  ["for 7 days", { given: { onUnreadable: "quarantine" }, want: 7 * DAY }],
  ["for as long as is asked", { given: { onUnreadable: { quarantine: DAY } }, want: DAY }],
])("is kept %s", async (_name, { given, want }) => {
  const now = Date.now();
  const store = memoryStore({ clock: () => now });
  const { sessions, key, cookie } = await damaged(store, { ...given, clock: () => now });
  await sessions.open(cookie);
  const kept = await store.read(quarantineKey(key));
  expect(kept?.expiresAt).toBe(want === undefined ? undefined : now + want);
});

it("does not fail a request when it cannot be kept", async () => {
  const inner = memoryStore();
  const { cookie } = await damaged(inner);
  const store = Object.assign(inner, { write: () => Promise.reject(new Error("full")) });
  const { sessions, events } = open(store, { onUnreadable: "quarantine" });
  const failed: unknown[] = [];
  sessions.on("store-error", ({ code }) => failed.push(code));
  expect((await sessions.open(cookie)).$isNew).toBe(true);
  expect(events).toEqual([["unreadable", reason]]);
  expect(failed).toEqual(["store/unavailable"]);
});

it("is not kept where sessions travel in their cookies", async () => {
  const secrets = ["a secret that signs, and is long enough"];
  const common = { store: cookieStore({ secrets }), onUnreadable: "quarantine" } as const;
  const writing = open(common.store, { ...common, fields: plainFields });
  const cookie = await visit(writing.sessions, undefined, (session) => session.$assign({ visits: 1 }));
  const encryption = { secrets: ["another secret, and long enough as well"], payload: true };
  const { sessions, events } = open(common.store, { ...common, encryption: encryptWith(encryption) });
  expect((await sessions.open(cookie)).$isNew).toBe(true);
  expect(events).toEqual([["unreadable", expect.any(String)]]);
});

it("can be read by a tool once the reason is mended: a secret that was missing", async () => {
  const store = memoryStore();
  const encryption = { secrets: ["the secret that was lost for a while"], payload: true };
  const cookie = await visit(
    open(store, { encryption: encryptWith(encryption) }).sessions,
    undefined,
    (session) => session.$assign({ user: "ada" }),
  );
  const wrong = { secrets: ["a secret that nobody has encrypted with"], payload: true };
  await open(store, { encryption: encryptWith(wrong), onUnreadable: "quarantine" }).sessions.open(cookie);
  const aside = quarantineKey(keyIn(cookie));
  expect(
    (await storedSessions({ application, history, fields, store, encryption: wrong }).read(aside))?.content,
  ).toBeUndefined();
  const found = await storedSessions({ application, history, fields, store, encryption }).read(aside);
  expect(found?.content?.fields).toMatchObject([{ name: "user", value: "ada" }]);
});
