import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { bindTo, type SessionEvents, type SessionStore } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { cookieHeader, fields, keyOf, setup, start, user, visit } from "../support/fixture.js";

/** Every event there is: the compiler says so when one is missing. */
const names = Object.keys({
  opened: 0,
  committed: 0,
  created: 0,
  regenerated: 0,
  destroyed: 0,
  "revoked-all": 0,
  expired: 0,
  "not-found": 0,
  moved: 0,
  unsaved: 0,
  conflict: 0,
  unreadable: 0,
  quarantined: 0,
  substitute: 0,
  "cookie-refused": 0,
  "index-not-final": 0,
  "binding-mismatch": 0,
  "store-operation": 0,
  "store-error": 0,
} satisfies Record<keyof SessionEvents, 0>);

/** Everything published on these channels until the test ends. */
function watch(...names: string[]): [string, unknown][] {
  const seen: [string, unknown][] = [];
  for (const name of names) {
    const listener = (event: unknown): void => void seen.push([name, event]);
    subscribe(`sessgen:${name}`, listener);
    onTestFinished(() => void unsubscribe(`sessgen:${name}`, listener));
  }
  return seen;
}

it("every event is published on its channel, with durations and without a secret", async () => {
  const seen = watch(
    "opened",
    "committed",
    "created",
    "conflict",
    "regenerated",
    "destroyed",
    "cookie-refused",
  );
  const { sessions } = setup();
  const cookie = await visit(sessions, undefined, (session) => {
    session.visits = 1;
    session.secret = "s3cret";
  });
  const [one, two] = [await sessions.open(cookie), await sessions.open(cookie)];
  one.visits += 1;
  two.visits += 1;
  await one.$commit();
  await two.$commit();
  await two.$commit();
  await two.$regenerate();
  const moved = cookieHeader(await two.$commit());
  const last = await sessions.open(moved);
  await last.$destroy();
  await last.$commit();
  await sessions.open("__Host-session=forged");
  const duration = expect.any(Number);
  const size = expect.toSatisfy((bytes: number) => bytes > 10 && bytes < 100, "a size of some bytes");
  const [opened, saved] = [
    (found: boolean) => ["opened", { found, duration, bytes: found ? size : 0 }],
    (outcome: string, bytes: unknown = size) => ["committed", { outcome, bytes, duration }],
  ];
  expect(seen).toEqual([
    opened(false),
    ["created", { permanent: false }],
    saved("created"),
    opened(true),
    opened(true),
    saved("updated"),
    ["conflict", { attempt: 1, fields: ["visits"] }],
    saved("updated"),
    saved("nothing", 0),
    ["regenerated", { reason: "asked" }],
    saved("regenerated"),
    opened(true),
    ["destroyed", { by: "session" }],
    saved("cookie-cleared", 0),
    ["cookie-refused", { reason: "malformed" }],
    opened(false),
  ]);
  const text = inspect(seen, { depth: 9 });
  for (const secret of ["s3cret", "forged", cookie.split("=")[1] ?? "", moved.split("=")[1] ?? ""])
    expect(text).not.toContain(secret);
});

const MINUTE = 60_000;

it("sizes are those of the payloads that were read and written", async () => {
  const seen = watch("opened", "committed");
  const { sessions, store } = setup();
  const cookie = await visit(sessions, undefined, (session) => session.$assign({ secret: "x".repeat(500) }));
  const key = keyOf(cookie.split("=")[1] ?? "");
  const stored = await store.read(key);
  await sessions.open(cookie);
  expect(seen.map(([, event]) => (event as { bytes: number }).bytes)).toEqual([
    0,
    stored?.payload.byteLength,
    stored?.payload.byteLength,
  ]);
});

it("a session that has ended is told from one that is not there, where that can be seen", async () => {
  const seen = watch("expired", "not-found");
  const { sessions, time, store } = setup();
  const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  const [changing, reading] = [await sessions.open(cookie), await sessions.open(cookie)];
  const shorter = setup({ store, clock: () => time.now, lifetime: lifetimes(10, 20) }).sessions;
  time.now += 20 * MINUTE;
  // The lifetime in the config was shortened.
  await shorter.open(cookie);
  expect(seen.splice(0)).toEqual([["expired", { reason: "absolute" }]]);
  // Its idle time passes while requests are at work.
  time.now += 10 * MINUTE;
  changing.visits += 1;
  expect(reading.visits).toBe(1);
  await expect(changing.$commit()).rejects.toMatchObject({ code: "session/gone" });
  await reading.$commit();
  expect(seen.splice(0)).toEqual([
    ["expired", { reason: "idle" }],
    ["expired", { reason: "idle" }],
  ]);
  await sessions.open(cookie);
  await sessions.open(undefined);
  expect(seen).toEqual([["not-found", {}]]);
});

it("a session that somebody else has ended has not expired", async () => {
  const { sessions } = setup();
  const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  const late = await sessions.open(cookie);
  await visit(sessions, cookie, (session) => session.$destroy());
  const seen = watch("expired");
  late.visits += 1;
  await expect(late.$commit()).rejects.toMatchObject({ code: "session/gone" });
  expect(seen).toEqual([]);
});

/** A memory store by `user`. */
function indexed(store = memoryStore({ clock: () => start })) {
  const byUser = { ...user, indexes: [{ path: "user", name: "user", pick: (value: unknown) => value }] };
  const known = fields.map((field) => (field.name === "user" ? byUser : field)) as typeof fields;
  return setup({ store, fields: known });
}

it("sessions that are destroyed by a lookup are destroyed events", async () => {
  const { sessions } = indexed();
  for (let count = 0; count < 3; count += 1)
    await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
  const seen = watch("destroyed");
  await sessions.destroyBy("user" as never, "ada" as never);
  expect(seen).toEqual(Array(3).fill(["destroyed", { by: "lookup" }]));
});

it("operations of the store are named and timed", async () => {
  const seen = watch("store-operation");
  const { sessions, time } = indexed();
  const cookie = await visit(sessions, undefined, (session) => session.$assign({ user: "ada" }));
  time.now += 20 * MINUTE;
  await visit(sessions, cookie, (session) => session.$touch());
  await sessions.destroyBy("user" as never, "ada" as never);
  await sessions.sweep();
  const operations = seen.map(([, event]) => (event as SessionEvents["store-operation"]).operation);
  const expected = [
    // The epoch is looked for and made before the first session, with the note that its indexes are final, and read beside
    // one when 5 seconds have passed.
    ...["read", "write", "write", "write", "read", "read", "touch"],
    // How far the index is, a page that has one, its end, and the end of a search that finds none.
    ...["read", "find", "remove", "find", "find", "sweep"],
  ];
  expect(operations).toEqual(expected);
  for (const [, event] of seen)
    expect(event).toEqual({ store: "memory", operation: expect.any(String), duration: expect.any(Number) });
});

it.each<[string, { given: () => Error; want: object }]>([
  [
    "of the network",
    {
      given: () => Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
      want: { cause: "ECONNREFUSED" },
    },
  ],
  ["without a code", { given: () => new Error("no"), want: {} }],
  [
    "with a code that is a text",
    { given: () => Object.assign(new Error("no"), { code: "key abc" }), want: {} },
  ],
])(
  "an operation that fails with an error %s is named, timed, and given a code",
  async (_name, { given, want }) => {
    const seen = watch("store-operation", "store-error");
    const store: SessionStore = { ...memoryStore(), kind: "down", read: () => Promise.reject(given()) };
    const { sessions } = setup({ store });
    await expect(sessions.open(`__Host-session=${"A".repeat(43)}`)).rejects.toMatchObject({ status: 503 });
    const about = { store: "down", operation: "read", duration: expect.any(Number) };
    expect(seen).toEqual([
      // Of the session, and of the epoch that is read beside it.
      ...[1, 2].flatMap(() => [
        ["store-operation", { ...about, code: "store/unavailable" }],
        ["store-error", { ...about, code: "store/unavailable", ...want }],
      ]),
    ]);
  },
);

it("nothing is told to those who no longer listen", async () => {
  const { sessions } = setup();
  const seen: unknown[] = [];
  const off = sessions.on("store-operation", (event) => seen.push(event));
  await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  const told = seen.length;
  off();
  await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  expect(told).toBeGreaterThan(0);
  expect(seen).toHaveLength(told);
});

function lifetimes(idle: number, absolute: number) {
  const lifetime = { idle: idle * MINUTE, absolute: absolute * MINUTE };
  return { ...lifetime, permanent: lifetime };
}

/** Quotes what it was asked, as drivers do. */
function talkative(): SessionStore {
  const inner = memoryStore({ clock: () => start });
  const fail = (...said: readonly unknown[]) =>
    Promise.reject(Object.assign(new Error(`failed: ${said.join()}`), { code: said.join(), command: said }));
  return {
    kind: "talkative",
    read: (key) => inner.read(key),
    write: (key, payload, options) =>
      Buffer.from(payload).includes("provoke")
        ? fail(key, Buffer.from(payload).toString(), payload)
        : inner.write(key, payload, options),
    touch: (key) => fail(key),
    remove: (key) => inner.remove(key),
    close: () => inner.close(),
  };
}

it("no event shows an id, a key, a cookie or a value, whatever sessions, requests and drivers bring", async () => {
  const seen = watch(...names);
  const store = talkative();
  const { sessions, time } = setup({
    store,
    onUnreadable: "quarantine",
    cookie: { secrets: ["a secret that signs, and is long enough"] },
  });
  const hidden: string[] = [];
  const begin = async (): Promise<string> => {
    const cookie = await visit(sessions, undefined, (session) =>
      session.$assign({ secret: "hunter2", user: "lovelace" }),
    );
    const value = cookie.split("=")[1] ?? "";
    const [id = "", signature = ""] = value.split(".");
    hidden.push(id, signature, keyOf(id));
    return cookie;
  };
  const cookie = await begin();
  const [one, other] = [await sessions.open(cookie), await sessions.open(cookie)];
  one.$assign({ secret: "hunter2", notice: "hunter2" });
  other.$assign({ secret: "hunter2", visits: 5 });
  await one.$commit();
  await other.$commit();
  await visit(sessions, await begin(), (session) => session.$regenerate());
  await visit(sessions, await begin(), (session) => session.$destroy());
  for (const header of ["__Host-session=hunter2", `${cookie}; ${cookie}x`, `${cookie.slice(0, -4)}zzzz`])
    await sessions.open(header);
  // A driver that quotes what it was asked.
  const failing = await sessions.open(cookie);
  failing.secret = "provoke hunter2";
  await expect(failing.$commit()).rejects.toMatchObject({ code: "store/unavailable" });
  // Ended, and unreadable.
  const old = await begin();
  const late = setup({
    store,
    clock: () => time.now + 20 * MINUTE,
    lifetime: lifetimes(10, 20),
    cookie: { secrets: ["a secret that signs, and is long enough"] },
  });
  await late.sessions.open(old);
  const foreign = await begin();
  const [, foreignId = ""] = /=([^.]+)/.exec(foreign) ?? [];
  const document = Buffer.from('{ "secret": ["hunter2"] }');
  await store.write(keyOf(foreignId), document, { expect: "any", expiresAt: start + MINUTE });
  const shown = await sessions.open(foreign);
  shown.secret ??= "provoked";
  await expect(shown.$commit()).rejects.toMatchObject({ code: "session/substitute" });
  const [, id = ""] = /=([^.]+)/.exec(cookie) ?? [];
  await store.write(keyOf(id), Buffer.from('{ "secret": hunter2 }'), {
    expect: "any",
    expiresAt: start + MINUTE,
  });
  await sessions.open(cookie);
  await store.remove(keyOf(id));
  await sessions.open(cookie);

  const bound = setup({ store, binding: bindTo({ userAgent: true, onMismatch: "anonymous" }) }).sessions;
  const opened = await bound.open({ "user-agent": "hunter2" });
  opened.secret = "hunter2";
  const boundCookie = cookieHeader(await opened.$commit());
  hidden.push(opened.$id ?? "", keyOf(opened.$id ?? ""));
  await bound.open({ cookie: boundCookie, "user-agent": "hunter2 again" });

  // Of a request that came late, of one that went on after its response, and of everybody.
  const left = await begin();
  await visit(sessions, left, (session) => session.$regenerate());
  const behind = await sessions.open({ cookie: left }, { method: "GET" });
  behind.secret = "hunter2";
  await behind.$commit();
  const answered = await sessions.open(await begin());
  answered.$headersSent();
  answered.secret = "hunter2 after all";
  answered.$ended();
  await sessions.revokeAll();
  // By an index that an older deploy knows nothing of.
  const older = memoryStore({ clock: () => start });
  await visit(setup({ store: older }).sessions, undefined, (session) =>
    session.$assign({ user: "lovelace" }),
  );
  await indexed(older).sessions.count("user" as never, "lovelace" as never);

  expect(names.filter((name) => !seen.some(([seenName]) => seenName === name))).toEqual([]);
  const text = `${inspect(seen, { depth: 20, showHidden: true })}${JSON.stringify(seen)}`;
  for (const unsaid of [...hidden, "hunter2", "lovelace", "provoke", "that signs"])
    expect(text).not.toContain(unsaid);
});
