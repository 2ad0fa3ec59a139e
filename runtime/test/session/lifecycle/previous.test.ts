import { describe, expect, it } from "vitest";
import {
  encryptWith,
  type FieldDefinition,
  type SessionDefinition,
  type SessionStore,
  type Sessions,
  type SessionsOptions,
  type StoredSession,
  storeKey,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { cookieStore } from "../../../src/transports/carrier.js";
import { application, fields, type Session, setup, start, user, visit } from "../support/fixture.js";

const clock = () => start;
const secrets = ["s".repeat(40)];
const indexed: SessionDefinition = fields.map((field) =>
  field === (user as FieldDefinition)
    ? {
        ...field,
        indexes: [{ path: "user", name: "user", pick: (value: unknown) => String(value), hashed: true }],
      }
    : field,
);
const turned = (id: string): string => `${[...id].reverse().join("")}`.slice(0, 43).padEnd(43, "x");

/** A store that counts what is asked of it. */
function counted() {
  const store = memoryStore({ clock });
  const counts = { read: 0, write: 0 };
  const list = store.list?.bind(store);
  const counting: SessionStore = {
    kind: store.kind,
    read: (...args) => {
      if (!args[0].endsWith("epoch")) counts.read += 1;
      return store.read(...args);
    },
    write: (...args) => {
      counts.write += 1;
      return store.write(...args);
    },
    touch: (...args) => store.touch(...args),
    remove: (...args) => store.remove(...args),
    ...(store.findByIndex && { findByIndex: store.findByIndex.bind(store) }),
    close: () => store.close(),
  };
  const keys = async (tag: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const page of list?.({ application: tag }) ?? []) found.push(...page.map(({ key }) => key));
    return found.filter((key) => /^.{8}\..{43}$/.test(key));
  };
  return { store: counting, counts, keys };
}

const idOf = (cookie: string): string => (cookie.split("=")[1] ?? "").split(".")[0] ?? "";

/** What was before, what is now, and what that says of before. */
const changes: [string, Partial<SessionsOptions>, Partial<SessionsOptions>][] = [
  ["a realm", {}, { realm: "eu", previous: [{ realm: "" }] }],
  ["another realm", { realm: "us" }, { realm: "eu", previous: [{ realm: "" }, { realm: "us" }] }],
  [
    "another application",
    { application: "another-application-22" },
    { previous: [{ application: "another-application-22" }] },
  ],
  ["deriveKey", {}, { parts: { deriveKey: turned }, previous: [{ deriveKey: "standard" }] }],
];

const ways: [string, Partial<SessionsOptions>][] = [
  ["plain", {}],
  ["signed", { cookie: { secrets } }],
  ["encrypted", { encryption: encryptWith({ secrets, payload: true }) }],
];

describe.each(changes)("sessions from before %s", (_name, then, now) => {
  const before = (store: SessionStore, more: Partial<SessionsOptions> = {}) =>
    setup({ store, clock, fields: indexed, ...more, ...then }).sessions;
  const after = (store: SessionStore, more: Partial<SessionsOptions> = {}) =>
    setup({ store, clock, fields: indexed, ...more, ...now }).sessions as unknown as Sessions<
      Session,
      { readonly user: string }
    >;
  const begin = (store: SessionStore, more: Partial<SessionsOptions> = {}) =>
    visit(before(store, more), undefined, (session) => session.$assign({ visits: 1, user: "ada" }));

  it.each(ways)("go on, and move with the next write: %s", async (_way, more) => {
    const { store, counts } = counted();
    const cookie = await begin(store, more);
    const sessions = after(store, more);
    Object.assign(counts, { read: 0, write: 0 });
    const reading = await sessions.open(cookie);
    expect([reading.visits, reading.user]).toEqual([1, "ada"]);
    expect(counts.write).toBe(0);
    expect(counts.read).toBe(1 + (now.previous?.length ?? 0));
    const moved = await visit(sessions, cookie, (session) => {
      session.visits += 1;
    });
    expect(idOf(moved)).toBe(idOf(cookie));
    // From now on it is found at once, and the old one has nothing to give any more.
    Object.assign(counts, { read: 0 });
    expect((await sessions.open(moved)).visits).toBe(2);
    expect(counts.read).toBe(1);
    expect((await before(store, more).open(cookie)).user).toBeUndefined();
  });

  it("are changed by two requests at once, and nothing is lost", async () => {
    const { store } = counted();
    const cookie = await begin(store);
    const [one, other] = [after(store), after(store)];
    const [first, second, older] = await Promise.all([
      one.open(cookie),
      other.open(cookie),
      before(store).open(cookie),
    ]);
    first.visits += 1;
    second.visits += 1;
    older.visits += 1;
    await older.$commit();
    await Promise.all([first.$commit(), second.$commit()]);
    expect((await one.open(cookie)).visits).toBe(4);
  });

  it("are locked by who has moved them and by who has not", async () => {
    const { store } = counted();
    const cookie = await begin(store);
    const open = await Promise.all([1, 2, 3].map(() => after(store).open(cookie)));
    // Without a policy that merges it: only who has the lock may change it.
    await Promise.all(
      open.map((session) =>
        session.$lock(() => {
          session.secret = `${session.secret ?? ""}x`;
        }),
      ),
    );
    expect((await after(store).open(cookie)).secret).toBe("xxx");
  });

  it("stay ended: by themselves, by a new id, by all of a value, by all", async () => {
    const { store } = counted();
    const sessions = after(store);
    const [destroyed, regenerated, found, everybody] = [
      await begin(store),
      await begin(store),
      await begin(store),
      await begin(store),
    ] as const;
    await visit(sessions, destroyed, (session) => session.$destroy());
    const next = await visit(sessions, regenerated, (session) => session.$regenerate());
    expect((await sessions.open(next)).user).toBe("ada");
    expect(await sessions.count("user", "ada")).toBe(3);
    expect(await sessions.destroyBy("user", "ada", { except: await sessions.open(everybody) })).toBe(2);
    for (const cookie of [destroyed, regenerated, found, next])
      expect((await sessions.open(cookie)).user).toBeUndefined();
    expect((await sessions.open(everybody)).user).toBe("ada");
    await sessions.revokeAll();
    expect((await sessions.open(everybody)).user).toBeUndefined();
  });

  it("that a crash left under both keys do not come back", async () => {
    const { store } = counted();
    const cookie = await begin(store);
    const names = { application, ...then } as { application: string };
    const key = storeKey(idOf(cookie), names);
    const left = (await store.read(key)) as StoredSession;
    const sessions = after(store);
    await visit(sessions, cookie, (session) => session.$assign({ visits: 2 }));
    const crash = async (): Promise<void> => {
      await store.write(key, left.payload, { expect: "any", expiresAt: left.expiresAt });
    };
    await crash();
    expect((await sessions.open(cookie)).visits).toBe(2);
    await visit(sessions, cookie, (session) => session.$destroy());
    expect(await store.read(key)).toBeUndefined();
  });

  it("are nobody's to others: an id that nobody has finds nothing", async () => {
    const { store, counts } = counted();
    await begin(store);
    Object.assign(counts, { read: 0 });
    const session = await after(store).open(`__Host-session=${"A".repeat(43)}`);
    expect(session.$isNew).toBe(true);
    expect(counts.read).toBe(1 + (now.previous?.length ?? 0));
  });
});

it.each<[string, { given: readonly string[]; want: string }]>([
  ["in the order in which they were", { given: ["", "eu"], want: "ada" }],
  ["in the other order", { given: ["eu", ""], want: "ada" }],
])(
  "a session that has just moved from one to another is found by a third, %s",
  async (_name, { given, want }) => {
    const { store } = counted();
    const first = setup({ store, clock }).sessions;
    const second = setup({ store, clock, realm: "eu", previous: [{ realm: "" }] }).sessions;
    const third = setup({ store, clock, realm: "us", previous: given.map((realm) => ({ realm })) }).sessions;
    const cookie = await visit(first, undefined, (session) => session.$assign({ user: "ada" }));
    await visit(second, cookie, (session) => session.$assign({ visits: 1 }));
    expect((await third.open(cookie)).user).toBe(want);
    await visit(third, cookie, (session) => {
      session.visits += 1;
    });
    const session = await third.open(cookie);
    expect([session.user, session.visits]).toEqual([want, 2]);
    expect((await second.open(cookie)).user).toBeUndefined();
  },
);

it("the epoch of before counts: who was logged out with all stays so", async () => {
  const { store } = counted();
  const before = setup({ store, clock }).sessions;
  const cookie = await visit(before, undefined, (session) => session.$assign({ user: "ada" }));
  const after = setup({ store, clock, realm: "eu", previous: [{ realm: "" }] }).sessions;
  await before.revokeAll();
  expect((await after.open(cookie)).user).toBeUndefined();
});

it("is refused where sessions travel in cookies", async () => {
  const { sessions } = setup({
    store: cookieStore({ secrets: [secrets[0] ?? ""] }),
    previous: [{ realm: "" }],
  });
  await expect(sessions.open(undefined)).rejects.toMatchObject({ code: "session/no-previous" });
});
