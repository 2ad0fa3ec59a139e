import { describe, expect, it } from "vitest";
import { msgpack } from "../../../src/codec/plain/msgpack.js";
import {
  type CustomSerializer,
  createSessions,
  encryptWith,
  type FieldDefinition,
  lookup,
  type Serializer,
  SessionBase,
  type SessionDefinition,
  type SessionsOptions,
  storedSessions,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { field } from "../support/field.js";
import { application, cookieHeader, history, isEpoch, isString, keyOf, start } from "../support/fixture.js";

const MINUTE = 60_000;
const ttl = 10 * MINUTE;

interface Data {
  code?: string | undefined;
  tries: number;
  steps: string[];
  name?: string | undefined;
}

const code: FieldDefinition<string | undefined> = field(0, "code", isString, {
  ttl,
  client: true,
  indexes: [{ path: "code", name: "code", pick: (value) => value }],
});
const tries: FieldDefinition<number> = field(1, "tries", Number.isInteger, {
  ttl,
  default: () => 0,
  merge: "counter",
});
const steps: FieldDefinition<string[]> = field(2, "steps", Array.isArray, {
  ttl,
  default: () => [],
  mutable: true,
});
const name: FieldDefinition<string | undefined> = field(3, "name", isString);
const fields = [code, tries, steps, name] as SessionDefinition;
/** A deploy of the time before the policy. */
const without: SessionDefinition = fields.map(({ ttl: _, ...rest }) => rest);

class Session extends SessionBase<Data, Partial<Data>, Pick<Data, "code">> {
  get code(): string | undefined {
    return this.$get(code);
  }
  set code(value: string | undefined) {
    this.$set(code, value);
  }
  get tries(): number {
    return this.$get(tries);
  }
  set tries(value: number) {
    this.$set(tries, value);
  }
  get steps(): string[] {
    return this.$get(steps);
  }
  set steps(value: string[]) {
    this.$set(steps, value);
  }
  get name(): string | undefined {
    return this.$get(name);
  }
  set name(value: string | undefined) {
    this.$set(name, value);
  }
}

const lifetime = { idle: 60 * MINUTE, absolute: 600 * MINUTE, permanent: { idle: 1, absolute: 1 } };

function setup(options: Partial<SessionsOptions> = {}) {
  const time = { now: start };
  const clock = () => time.now;
  const writes: string[] = [];
  const memory = memoryStore({ clock });
  const store: SessionStore = {
    ...bound(memory),
    write: (key, ...rest) => {
      if (!isEpoch(key)) writes.push(key);
      return memory.write(key, ...rest);
    },
  };
  const open = (definition: SessionDefinition) =>
    createSessions<Session, { code: string }>({
      lookup,
      application,
      history,
      Session,
      fields: definition,
      store,
      clock,
      lifetime,
      ...options,
    });
  const sessions = open(fields);
  let cookie = "";
  const visit = async (change: (session: Session) => unknown, through = sessions): Promise<Session> => {
    const session = await through.open(cookie);
    await change(session);
    const set = await session.$commit();
    if (set.length > 0) cookie = cookieHeader(set);
    return session;
  };
  const key = () => keyOf(cookie.split("=")[1] ?? "");
  return { time, clock, store, writes, sessions, open, visit, key };
}

/** The methods of a store as functions of an object. */
function bound(store: SessionStore): SessionStore {
  return {
    kind: store.kind,
    read: (...args) => store.read(...args),
    write: (...args) => store.write(...args),
    touch: (...args) => store.touch(...args),
    remove: (...args) => store.remove(...args),
    findByIndex: (...args) => store.findByIndex?.(...args) ?? none(),
    close: () => store.close(),
  };
}

async function* none(): AsyncGenerator<never> {}

describe("a value with a ttl", () => {
  it("is there until its time has passed, and then absent to everybody; the session goes on", async () => {
    const { time, sessions, visit, store, clock, key } = setup();
    await visit((session) => session.$assign({ code: "1234", tries: 2, steps: ["a"], name: "ada" }));
    time.now += ttl - 1;
    await visit((session) => {
      expect([session.code, session.tries, session.steps]).toEqual(["1234", 2, ["a"]]);
    });
    expect(await sessions.count("code", "1234")).toBe(1);
    time.now += 1;
    await visit((session) => {
      expect([session.code, session.tries, session.steps, session.name]).toEqual([undefined, 0, [], "ada"]);
      expect(session.toJSON()).toEqual({ tries: 0, steps: [], name: "ada" });
      expect(session.$client()).toEqual({});
      expect([...session].map(([field]) => field)).toEqual(["tries", "steps", "name"]);
    });
    expect(await sessions.count("code", "1234")).toBe(0);
    for await (const found of sessions.findBy("code", "1234")) expect.unreachable(JSON.stringify(found));
    expect(await sessions.destroyBy("code", "1234")).toBe(0);
    const inspected = await storedSessions({ application, history, fields, store, clock }).read(key());
    expect(inspected?.content?.fields.map((shown) => shown.name)).toEqual(["name"]);
  });

  it("that has ended causes no write, and is dropped by the next one", async () => {
    const { time, visit, writes, store, key } = setup({ serializer: "json" });
    const stored = async () => JSON.parse(Buffer.from((await store.read(key()))?.payload ?? []).toString());
    await visit((session) => session.$assign({ code: "1234", name: "ada" }));
    expect(await stored()).toMatchObject({ code: "1234", $ends: { 0: start + ttl } });
    time.now += ttl;
    await visit((session) => void [session.code, session.tries, session.steps, session.$modified]);
    expect(writes).toHaveLength(1);
    await visit((session) => {
      session.name = "eve";
    });
    expect(writes).toHaveLength(2);
    expect(await stored()).toEqual({
      $createdAt: start,
      $epoch: expect.any(Number),
      $marks: [expect.any(Number)],
      name: "eve",
    });
  });

  it("lasts longer when it is assigned again, also the same value", async () => {
    const { time, visit } = setup();
    await visit((session) => session.$assign({ code: "1234" }));
    time.now += ttl - 1;
    await visit((session) => {
      session.code = "1234";
    });
    time.now += ttl - 1;
    await visit((session) => expect(session.code).toBe("1234"));
    time.now += 1;
    await visit((session) => expect(session.code).toBeUndefined());
  });

  it("lasts longer when it is changed in place, and not when it is only read", async () => {
    const { time, visit } = setup();
    await visit((session) => session.$assign({ steps: ["a"] }));
    time.now += MINUTE;
    await visit((session) => session.steps.push("b"));
    time.now += ttl - 1;
    await visit((session) => expect(session.steps).toEqual(["a", "b"]));
    time.now += 1;
    await visit((session) => expect(session.steps).toEqual([]));
  });

  it("that was removed and begun anew has a time of its own", async () => {
    const { time, visit } = setup();
    await visit((session) => session.$assign({ code: "1" }));
    await visit((session) => {
      session.code = undefined;
    });
    time.now += ttl;
    await visit((session) => session.$assign({ code: "2" }));
    time.now += ttl - 1;
    await visit((session) => expect(session.code).toBe("2"));
  });

  it("keeps its end when the session gets a new id", async () => {
    const { time, visit } = setup();
    await visit((session) => session.$assign({ code: "1" }));
    await visit((session) => session.$regenerate());
    time.now += ttl - 1;
    await visit((session) => expect(session.code).toBe("1"));
    time.now += 1;
    await visit((session) => expect(session.code).toBeUndefined());
  });

  it("keeps its end under another name: `was` keeps the slot", async () => {
    const { time, visit, open } = setup();
    await visit((session) => session.$assign({ code: "1" }));
    const renamed = open(fields.map((one) => (one.slot === 0 ? { ...one, name: "pin" } : one)));
    time.now += ttl - 1;
    await visit((session) => expect(session.toJSON()).toMatchObject({ pin: "1" }), renamed);
    time.now += 1;
    await visit((session) => expect(session.toJSON()).not.toHaveProperty("pin"), renamed);
  });

  it("that was there before the policy has no end until it is assigned", async () => {
    const { time, open, visit } = setup();
    await visit((session) => session.$assign({ code: "1" }), open(without));
    time.now += ttl;
    await visit((session) => expect(session.code).toBe("1"));
  });
});

it("a session of Flask's is read as it was, and one with an end is still a map of its names", async () => {
  const { time, visit, store, key } = setup({ serializer: msgpack });
  const { pack, unpack } = await import("msgpackr");
  await visit((session) => session.$assign({ name: "ada" }));
  const expiresAt = time.now + MINUTE;
  await store.write(key(), pack({ _permanent: false, code: "1", name: "eve" }), { expect: "any", expiresAt });
  await visit((session) => {
    expect(session.code).toBe("1");
    session.code = "2";
  });
  const stored = unpack(Buffer.from((await store.read(key()))?.payload ?? []));
  expect(stored).toEqual({
    $createdAt: start,
    $epoch: expect.any(Number),
    $marks: [expect.any(Number)],
    // The ends are by slot.
    $history: expect.any(String),
    code: "2",
    name: "eve",
    $ends: { 0: start + ttl },
  });
});

describe("a value that ends while a request is under way", () => {
  it.each<
    [
      string,
      { given: (session: Session) => unknown; later?: (session: Session) => unknown; want: Partial<Data> },
    ]
  >([
    [
      "is absent although it was read",
      { given: (s) => [s.code, s.tries, s.steps], want: { tries: 0, steps: [] } },
    ],
    [
      "is saved when it was changed in place in time",
      { given: (s) => s.steps.push("b"), want: { tries: 0, steps: ["a", "b"] } },
    ],
    [
      "is saved when it was assigned in time",
      {
        given: (s) => {
          s.tries += 1;
        },
        want: { tries: 3, steps: [] },
      },
    ],
    [
      "can be begun anew",
      {
        given: (s) => s.steps,
        later: (s) => s.steps.push("c"),
        want: { tries: 0, steps: ["c"] },
      },
    ],
  ])("%s", async (_name, { given, later, want }) => {
    const { time, visit, writes } = setup();
    await visit((session) => session.$assign({ code: "1", tries: 2, steps: ["a"] }));
    time.now += ttl - 1;
    const session = await visit((session) => {
      given(session);
      time.now += 2;
      later?.(session);
      expect(session.toJSON()).toEqual(want);
    });
    expect(writes).toHaveLength(want.tries === 0 && want.steps?.length === 0 ? 1 : 2);
    expect(session.toJSON()).toEqual(want);
    await visit((again) => expect(again.toJSON()).toEqual(want));
  });

  it("is gone when it was assigned too long ago, with what it replaced", async () => {
    const { time, visit, open } = setup();
    await visit((session) => session.$assign({ code: "old" }), open(without));
    await visit((session) => {
      session.code = "new";
      time.now += ttl;
      expect(session.code).toBeUndefined();
    });
    await visit((session) => expect(session.code).toBeUndefined());
  });
});

describe("in a concurrent merge", () => {
  /** Two requests change the session, `mine` begins first and commits last; when the field then ends. */
  async function race(
    mine: (session: Session) => unknown,
    theirs: (session: Session) => unknown,
    read: keyof Data,
  ) {
    const { time, sessions, visit, key, store } = setup({ serializer: "json" });
    await visit((session) => session.$assign({ code: "0", tries: 1, steps: ["a"], name: "ada" }));
    await visit(async (session) => {
      time.now += MINUTE;
      mine(session);
      time.now += MINUTE;
      await visit(theirs, sessions);
    });
    const { $ends, ...rest } = JSON.parse(Buffer.from((await store.read(key()))?.payload ?? []).toString());
    const slot = fields.find((one) => one.name === read)?.slot;
    return [rest[read], $ends[String(slot)] - start];
  }

  it.each<[string, { given: Parameters<typeof race>; want: unknown[] }]>([
    [
      "mine is kept with its own end",
      {
        given: [(s) => s.$assign({ code: "m" }), (s) => s.$assign({ code: "t" }), "code"],
        want: ["m", MINUTE + ttl],
      },
    ],
    [
      "theirs is kept with its own end",
      {
        given: [(s) => s.$assign({ name: "m" }), (s) => s.$assign({ code: "t" }), "code"],
        want: ["t", 2 * MINUTE + ttl],
      },
    ],
    [
      "what is made of both ends when the later of them does",
      {
        given: [(s) => s.$assign({ tries: 2 }), (s) => s.$assign({ tries: 5 }), "tries"],
        want: [6, 2 * MINUTE + ttl],
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    expect(await race(...given)).toEqual(want);
  });

  it("what has ended in the store is nothing to merge with", async () => {
    const { time, sessions, visit } = setup();
    await visit((session) => session.$assign({ tries: 5 }));
    await visit(async (session) => {
      time.now += ttl - 1;
      session.tries += 1;
      await visit((other) => other.$assign({ name: "eve" }), sessions);
      time.now += 1;
    });
    await visit((session) => expect([session.tries, session.name]).toEqual([6, "eve"]));
  });
});

const reversed: CustomSerializer = {
  encode: (value) => Buffer.from(JSON.stringify(value)).reverse(),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).reverse().toString()),
};

describe.each<[string, Serializer]>([
  ["packed", "packed"],
  ["msgpack", msgpack],
  ["json", "json"],
  ["a custom serializer", reversed],
])("stored by %s", (_name, serializer) => {
  it("a deploy without the policy carries the end on", async () => {
    const { time, visit, open } = setup({ serializer });
    const old = open(without);
    await visit((session) => session.$assign({ code: "1", steps: ["a"] }));
    await visit((session) => session.$assign({ name: "ada" }), old);
    time.now += ttl;
    await visit((session) => {
      expect(session.toJSON().code).toBe("1");
      session.$assign({ name: "eve" });
    }, old);
    await visit((session) =>
      expect([session.code, session.steps, session.name]).toEqual([undefined, [], "eve"]),
    );
  });

  it("also of a field that it does not know", async () => {
    const { time, visit, open } = setup({ serializer });
    const older = open(without.filter(({ name: one }) => one !== "code"));
    await visit((session) => session.$assign({ code: "1", name: "ada" }));
    await visit((session) => session.$assign({ name: "eve" }), older);
    time.now += ttl - 1;
    await visit((session) => expect(session.code).toBe("1"));
    time.now += 1;
    await visit((session) => expect(session.code).toBeUndefined());
  });

  it("an encrypted field ends like any other", async () => {
    const sealed: SessionDefinition = fields.map((one) => ({ ...one, encrypt: one.name === "code" }));
    const encryption = { secrets: ["an encryption secret of at least 32 characters"] };
    const { time, visit, open } = setup({ serializer, encryption: encryptWith(encryption) });
    await visit((session) => session.$assign({ code: "1", name: "ada" }), open(sealed));
    time.now += ttl - 1;
    await visit((session) => expect(session.toJSON().code).toBe("1"), open(sealed));
    time.now += 1;
    await visit((session) => expect(session.toJSON()).toMatchObject({ name: "ada" }), open(sealed));
    await visit((session) => expect(session.toJSON().code).toBeUndefined(), open(sealed));
  });
});
