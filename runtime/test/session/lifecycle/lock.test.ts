import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import {
  createSessions,
  encryptWith,
  type FieldDefinition,
  lookup,
  SessionBase,
  type SessionDefinition,
  type SessionStore,
  type Sessions,
  type SessionsOptions,
  storedIndexValues,
  storedSessions,
} from "../../../src/index.js";
import { fileStore } from "../../../src/stores/file/index.js";
import { keyvStore } from "../../../src/stores/keyv/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { postgresStore } from "../../../src/stores/postgres/index.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import { openSqlite } from "../../../src/stores/sqlite/driver.js";
import { sqliteStore } from "../../../src/stores/sqlite/index.js";
import { cookieStore } from "../../../src/transports/carrier.js";
import { field } from "../support/field.js";
import { application, cookieHeader, history, isEpoch, isString } from "../support/fixture.js";

interface Data {
  balance: number;
  visits: number;
  theme: string;
  name?: string | undefined;
}

const isNumber = Number.isInteger;
const balance: FieldDefinition<number> = field(0, "balance", isNumber, { default: () => 0 });
const visits: FieldDefinition<number> = field(1, "visits", isNumber, { default: () => 0, merge: "counter" });
const theme: FieldDefinition<string> = field(2, "theme", isString, {
  default: () => "light",
  indexes: [{ path: "theme", name: "theme", pick: (value) => value }],
});
const name: FieldDefinition<string | undefined> = field(3, "name", isString, { regenerate: "on-change" });
const fields = [balance, visits, theme, name] as SessionDefinition;
/** For databases without a column for it. */
const withoutIndex = [balance, visits] as SessionDefinition;

class Session extends SessionBase<Data> {
  get balance(): number {
    return this.$get(balance);
  }
  set balance(value: number) {
    this.$set(balance, value);
  }
  get visits(): number {
    return this.$get(visits);
  }
  set visits(value: number) {
    this.$set(visits, value);
  }
  get theme(): string {
    return this.$get(theme);
  }
  set theme(value: string) {
    this.$set(theme, value);
  }
  get name(): string | undefined {
    return this.$get(name);
  }
  set name(value: string | undefined) {
    this.$set(name, value);
  }
}

const open = (
  store: SessionsOptions["store"],
  more: Partial<SessionsOptions> = {},
): Sessions<Session, { theme: string }> =>
  createSessions<Session, { theme: string }>({
    lookup,
    application,
    history,
    Session,
    fields,
    store,
    ...more,
  });

async function begin(sessions: Sessions<Session, { theme: string }>): Promise<string> {
  const session = await sessions.open(undefined);
  session.balance = 100;
  return cookieHeader(await session.$commit());
}

/** Something that is waited for, and a way to let it come. */
function signal(): { readonly come: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const come = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { come, give };
}

/** Sessions in memory on a clock that is moved by hand. */
function setup(more: Partial<SessionsOptions> = {}) {
  const time = { now: Date.UTC(2026, 0, 1) };
  const clock = () => time.now;
  const keys: string[] = [];
  const memory = memoryStore({ clock });
  const store: SessionStore = {
    kind: memory.kind,
    read: (...args) => memory.read(...args),
    write: (...args) => {
      if (!isEpoch(args[0])) keys.push(args[0]);
      return memory.write(...args);
    },
    touch: (...args) => memory.touch(...args),
    remove: (...args) => memory.remove(...args),
    findByIndex: (...args) => memory.findByIndex?.(...args) ?? none(),
    close: () => memory.close(),
  };
  return { time, clock, store, keys, sessions: open(store, { clock, ...more }) };
}

async function* none(): AsyncGenerator<never> {}

const redisUrl = await serviceUrl("redis");
const postgresUrl = await serviceUrl("postgres");
const folder = await mkdtemp(join(tmpdir(), "sessgen-lock-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const table = `locks_${process.pid}`;

/** Each gives a store of its own, as another process would have it. */
const backends: readonly [
  string,
  { skip?: boolean; prepare?: () => Promise<void>; given: () => SessionStore },
][] = [
  [
    "memory",
    {
      given: (
        (store) => () =>
          store
      )(memoryStore()),
    },
  ],
  ["file", { given: () => fileStore({ directory: join(folder, "files") }) }],
  [
    "sqlite",
    {
      prepare: async () => {
        const database = await openSqlite(join(folder, "locks.db"));
        database.exec(
          "CREATE TABLE sessions (id TEXT PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID, STRICT",
        );
        database.close();
      },
      given: () => sqliteStore({ file: join(folder, "locks.db") }),
    },
  ],
  [
    "redis",
    { skip: redisUrl === "", given: () => redisStore({ url: redisUrl, prefix: `lock:${process.pid}:` }) },
  ],
  [
    "postgres",
    {
      skip: postgresUrl === "",
      prepare: async () => {
        const client = new pg.Client({ connectionString: postgresUrl });
        await client.connect();
        await client.query(
          `CREATE TABLE ${table} (id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL, expires_bucket bigint GENERATED ALWAYS AS (expires_at / 600000) STORED)`,
        );
        await client.end();
      },
      given: () => postgresStore({ url: postgresUrl, table, poolSize: 2 }),
    },
  ],
];

for (const [backend, { skip = false, prepare, given }] of backends) {
  describe.skipIf(skip)(`$lock on ${backend}`, () => {
    it("lets nothing get lost that no policy merges, whoever changes it", async () => {
      await prepare?.();
      const stores = Array.from({ length: 4 }, given);
      const clients = stores.map((store) => open(store, { fields: withoutIndex, storeTimeout: 20_000 }));
      const [first] = clients;
      if (first === undefined) throw new Error("there are no clients");
      const cookie = await begin(first);
      await Promise.all(
        clients.map(async (sessions) => {
          for (let round = 0; round < 4; round += 1) {
            const session = await sessions.open(cookie);
            const before = await session.$lock(
              () => {
                const { balance: read } = session;
                session.balance = read - 1;
                session.visits += 1;
                return read;
              },
              { wait: 60_000 },
            );
            expect(session.balance).toBe(before - 1);
          }
        }),
      );
      const after = await first.open(cookie);
      expect([after.balance, after.visits]).toEqual([100 - 16, 16]);
      await Promise.all([...new Set(stores)].map((store) => store.close()));
    });
  });
}

describe("$lock", () => {
  it("runs on what is stored by then, with what was changed before merged in", async () => {
    const { sessions } = setup();
    const cookie = await begin(sessions);
    const session = await sessions.open(cookie);
    expect(session.balance).toBe(100);
    session.visits += 1;
    const other = await sessions.open(cookie);
    other.$assign({ balance: 7, visits: 5 });
    await other.$commit();
    await session.$lock(() => {
      expect([session.balance, session.visits]).toEqual([7, 6]);
      session.balance += 1;
    });
    expect((await sessions.open(cookie)).toJSON()).toMatchObject({ balance: 8, visits: 6 });
  });

  it("gives back what the function gives, and the cookies with the next commit", async () => {
    const { sessions } = setup();
    const session = await sessions.open(await begin(sessions));
    const result = await session.$lock(async () => {
      session.name = "ada";
      return "done";
    });
    expect(result).toBe("done");
    const after = await sessions.open(cookieHeader(await session.$commit()));
    expect(after.name).toBe("ada");
  });

  it("lets one after the other in, and says so when it takes too long", async () => {
    const { sessions } = setup();
    const cookie = await begin(sessions);
    const [holder, waiting, hasty] = await Promise.all([1, 2, 3].map(() => sessions.open(cookie)));
    if (holder === undefined || waiting === undefined || hasty === undefined) throw new Error("not opened");
    const inside = signal();
    const leave = signal();
    const order: string[] = [];
    const held = holder.$lock(async () => {
      inside.give();
      await leave.come;
      order.push("holder");
    });
    await inside.come;
    await expect(hasty.$lock(() => order.push("hasty"), { wait: 0 })).rejects.toMatchObject({
      code: "session/locked",
      status: 503,
    });
    const waited = waiting.$lock(() => order.push("waiting"), { wait: 60_000 });
    // Not re-entrant: who has the lock would wait for itself.
    await expect(holder.$lock(() => order.push("again"), { wait: 0 })).rejects.toMatchObject({
      code: "session/locked",
    });
    leave.give();
    await Promise.all([held, waited]);
    expect(order).toEqual(["holder", "waiting"]);
  });

  it("undoes what the function changed when it throws, and lets the next one in", async () => {
    const { sessions } = setup();
    const cookie = await begin(sessions);
    const session = await sessions.open(cookie);
    session.visits = 3;
    const failing = session.$lock(() => {
      session.balance = 0;
      throw new Error("no money");
    });
    await expect(failing).rejects.toThrow("no money");
    expect([session.balance, session.visits]).toEqual([100, 3]);
    await session.$commit();
    const after = await sessions.open(cookie);
    expect([after.balance, after.visits]).toEqual([100, 3]);
    await after.$lock(() => {}, { wait: 0 });
  });

  it("of a session that is not stored yet begins it", async () => {
    const { sessions, keys } = setup();
    const session = await sessions.open(undefined);
    await session.$lock(() => {
      session.balance = 1;
    });
    expect(keys).toHaveLength(1);
    expect((await sessions.open(cookieHeader(await session.$commit()))).balance).toBe(1);
  });

  it.each<[string, { given: (session: Session) => Promise<unknown> }]>([
    ["was destroyed", { given: (session) => session.$destroy() }],
    [
      "got a new id",
      {
        given: async (session) => {
          await session.$regenerate();
          await session.$commit();
        },
      },
    ],
  ])(
    "of a session that %s while its turn was waited for is session/gone, and runs nothing",
    async (_name, { given }) => {
      const { sessions } = setup();
      const cookie = await begin(sessions);
      const [holder, waiting] = [await sessions.open(cookie), await sessions.open(cookie)];
      let ran = false;
      const inside = signal();
      const leave = signal();
      const held = holder.$lock(async () => {
        inside.give();
        await leave.come;
        await given(holder);
      });
      await inside.come;
      const waited = waiting.$lock(() => {
        ran = true;
      });
      leave.give();
      await held;
      await expect(waited).rejects.toMatchObject({ code: "session/gone" });
      expect(ran).toBe(false);
    },
  );

  it("is free again when its holder has died, after the lease", async () => {
    const { sessions, time } = setup();
    const cookie = await begin(sessions);
    const [dead, next] = [await sessions.open(cookie), await sessions.open(cookie)];
    const inside = signal();
    void dead.$lock(() => {
      inside.give();
      return new Promise(() => {});
    });
    await inside.come;
    time.now += 10_000 - 1;
    await expect(next.$lock(() => {}, { wait: 0 })).rejects.toMatchObject({ code: "session/locked" });
    time.now += 1;
    expect(await next.$lock(() => "mine", { wait: 0 })).toBe("mine");
  });

  it("is renewed for as long as the function runs", async () => {
    const { sessions, time, keys } = setup();
    const cookie = await begin(sessions);
    const [holder, next] = [await sessions.open(cookie), await sessions.open(cookie)];
    await holder.$lock(
      async () => {
        for (let round = 0; round < 3; round += 1) {
          const before = keys.length;
          time.now += 29;
          await expect.poll(() => keys.length).toBeGreaterThan(before);
        }
        await expect(next.$lock(() => {}, { wait: 0 })).rejects.toMatchObject({ code: "session/locked" });
      },
      { lease: 30 },
    );
    expect(await next.$lock(() => "mine", { wait: 0 })).toBe("mine");
  });

  it.each<[string, { given: (session: Session) => void; want: object | undefined }]>([
    [
      "changed the same field: conflict, and nothing replaced",
      {
        given: (session) => {
          session.balance = 1;
        },
        want: undefined,
      },
    ],
    [
      "came to the same value: conflict all the same",
      {
        given: (session) => {
          session.balance = 99;
        },
        want: undefined,
      },
    ],
    [
      "changed another field: both stay",
      {
        given: (session) => {
          session.theme = "dark";
        },
        want: { balance: 99, theme: "dark", visits: 1 },
      },
    ],
    [
      "changed a field with a policy: both count",
      {
        given: (session) => {
          session.visits += 1;
        },
        want: { balance: 99, theme: "light", visits: 2 },
      },
    ],
  ])("whose lease was lost to one who %s", async (_name, { given, want }) => {
    const { sessions, time } = setup();
    const cookie = await begin(sessions);
    const [slow, quick] = [await sessions.open(cookie), await sessions.open(cookie)];
    const locking = slow.$lock(async () => {
      slow.balance -= 1;
      slow.visits += 1;
      time.now += 10_000;
      await quick.$lock(() => given(quick), { wait: 0 });
    });
    if (want !== undefined) {
      await locking;
      expect((await sessions.open(cookie)).toJSON()).toMatchObject(want);
      return;
    }
    await expect(locking).rejects.toMatchObject({ code: "session/conflict" });
    // Nor does the commit at the end of the request.
    await slow.$commit();
    expect((await sessions.open(cookie)).toJSON()).toMatchObject({ balance: quick.balance, visits: 0 });
  });

  it("leaves nothing behind under a new id when it fails to get one", async () => {
    const { sessions } = setup();
    const cookie = await begin(sessions);
    const session = await sessions.open(cookie);
    const locking = session.$lock(async () => {
      session.$assign({ balance: 5, theme: "mine", name: "ada" });
      const other = await sessions.open(cookie);
      other.balance = 6;
      await other.$commit();
    });
    await expect(locking).rejects.toMatchObject({ code: "session/conflict" });
    expect(await sessions.count("theme", "mine")).toBe(0);
  });

  it.each<[string, { given: SessionsOptions["store"] }]>([
    ["keyv", { given: keyvStore({ keyv: { opts: {} } }) }],
    ["cookie", { given: cookieStore({ secrets: ["a secret of at least 32 characters, for cookies"] }) }],
  ])("is session/no-lock where nothing keeps other processes out: %s", async (_name, { given }) => {
    const session = await open(given, { fields: withoutIndex }).open(undefined);
    await expect(session.$lock(() => {})).rejects.toMatchObject({ code: "session/no-lock", status: 500 });
  });
});

describe.each(["packed", "json"] as const)("a lease, as %s", (serializer) => {
  it.each<[string, Partial<SessionsOptions>]>([
    ["in the open", {}],
    [
      "encrypted",
      {
        encryption: encryptWith({
          secrets: ["an encryption secret of at least 32 characters"],
          payload: true,
        }),
      },
    ],
  ])("%s is no session to anybody, and nothing unreadable", async (_name, more) => {
    const { sessions, store, clock, keys } = setup({ serializer, ...more });
    const unreadable: unknown[] = [];
    sessions.on("unreadable", (event) => unreadable.push(event));
    const session = await sessions.open(await begin(sessions));
    await session.$lock(async () => {
      const key = keys.at(-1) ?? "";
      const stored = await store.read(key);
      if (stored === undefined) throw new Error("there is no lease");
      expect(stored.expiresAt).toBe(clock() + 10_000);
      expect(
        await storedSessions({ application, history, fields, store, clock, ...more }).read(key),
      ).toBeUndefined();
      const { payload, version, expiresAt } = stored;
      // A tool that fills in a new index would do so by the default of the field. No lookup takes that for a session.
      expect(storedIndexValues({ application, history, fields, clock, ...more })(payload, key)).toEqual({
        theme: null,
      });
      await store.write(key, payload, { expect: version, expiresAt, index: { theme: "light" } });
      expect(await sessions.count("theme", "light")).toBe(1);
      expect(await sessions.destroyBy("theme", "light", { except: session })).toBe(0);
    });
    expect(unreadable).toEqual([]);
  });
});
