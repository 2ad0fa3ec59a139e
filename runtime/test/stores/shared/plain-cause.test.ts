import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Redis } from "ioredis";
import { Keyv } from "keyv";
import { MongoClient } from "mongodb";
import { createPool } from "mysql2/promise";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { SessionError } from "../../../src/errors.js";
import { dynamodbStore } from "../../../src/stores/dynamodb/index.js";
import { fileStore } from "../../../src/stores/file/index.js";
import { keyvStore } from "../../../src/stores/keyv/index.js";
import { lmdbStore } from "../../../src/stores/lmdb/index.js";
import { memcachedStore } from "../../../src/stores/memcached/index.js";
import { mongodbStore } from "../../../src/stores/mongodb/index.js";
import { mysqlStore } from "../../../src/stores/mysql/index.js";
import { postgresDrivers } from "../../../src/stores/postgres/client.js";
import { postgresStore } from "../../../src/stores/postgres/index.js";
import { redisDrivers } from "../../../src/stores/redis/client.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import { plainCause } from "../../../src/stores/shared/plain-cause.js";
import { openSqlite, type SqliteDriver, sqliteDrivers } from "../../../src/stores/sqlite/driver.js";
import { sqliteStore } from "../../../src/stores/sqlite/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { unstorageStore } from "../../../src/stores/unstorage/index.js";
import { definition } from "../mysql/table.js";

const PAYLOAD = "the-payload-of-the-session";
const VALUE = "the-value-of-the-index";
const KEY = "the-key-of-the-session";
const PASSWORD = "the-password-of-the-server";

const payload = Buffer.from(PAYLOAD);
/** As text, and as what errors and commands hold bytes as. */
const secrets = [
  ...[PAYLOAD, VALUE, KEY, PASSWORD],
  payload.toString("hex"),
  payload.toString("base64").slice(0, 24),
  [...payload.subarray(0, 8)].join(","),
  [...payload.subarray(0, 8)].join(", "),
  [...payload.subarray(0, 8)].map((byte) => byte.toString(16)).join(" "),
];

/** Everything that a log might show of an error, hidden parts and those of its causes included. */
function shownOf(error: unknown): string {
  const everything = inspect(error, {
    depth: 20,
    showHidden: true,
    maxStringLength: null,
    maxArrayLength: null,
  });
  const seen = new Set<unknown>();
  const json = JSON.stringify(error, (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return "seen";
    seen.add(value);
    const own = Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)] as const);
    return Object.fromEntries(own);
  });
  return `${everything}\n${json}`;
}

const write = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;
const index = { user_id: VALUE };
const writing = (store: SessionStore, key = KEY) => store.write(key, payload, { ...write, index });

/** Two sessions may not have one value: the database refuses the second one, and quotes it. */
async function collide(store: SessionStore): Promise<unknown> {
  await writing(store, `${KEY}-1`);
  const other = await store.write(`${KEY}-2`, payload, { ...write, index: { user_id: "other" } });
  const expected = other.ok ? other.version : "";
  return store.write(`${KEY}-2`, payload, { ...write, expect: expected, index });
}

const folder = mkdtempSync(join(tmpdir(), "sessgen-cause-"));
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
afterAll(async () => {
  for (const end of ends) await end();
});
beforeAll(() => {
  vi.stubEnv("AWS_REGION", "local");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", PASSWORD);
});
let names = 0;
const fresh = (): string => {
  names += 1;
  return `cause_${process.pid}_${names}`;
};

interface Failing {
  /** A store, on something that makes what is done next fail. */
  readonly store: SessionStore;
  fail(store: SessionStore): Promise<unknown>;
}
type Case = readonly [name: string, open: () => Promise<Failing>];
const cases: Case[] = [];

const urls = {
  redis: await serviceUrl("redis"),
  postgres: await serviceUrl("postgres"),
  mysql: await serviceUrl("mysql"),
  mariadb: await serviceUrl("mariadb"),
  mongodb: await serviceUrl("mongodb"),
  dynamodb: await serviceUrl("dynamodb"),
  memcached: await serviceUrl("memcached"),
};

if (urls.redis !== "") {
  for (const driver of redisDrivers) {
    const foreign = async (): Promise<Failing> => {
      const prefix = `${fresh()}:`;
      const admin = new Redis(urls.redis);
      await admin.lpush(`${prefix}${KEY}`, "a list");
      admin.disconnect();
      return { store: redisStore({ url: urls.redis, prefix, driver }), fail: (store) => writing(store) };
    };
    cases.push([`redis through ${driver}: a key of another type`, foreign]);
    const url = urls.redis.replace("//", `//nobody:${PASSWORD}@`);
    const denied = async () => ({
      store: redisStore({ url, driver }),
      fail: (store: SessionStore) => writing(store),
    });
    cases.push([`redis through ${driver}: a wrong password`, denied]);
    const gone = `redis://nobody:${PASSWORD}@127.0.0.1:1`;
    const outOfReach = async () => ({
      store: redisStore({ url: gone, driver }),
      fail: (store: SessionStore) => writing(store),
    });
    cases.push([`redis through ${driver}: nobody there`, outOfReach]);
  }
}

if (urls.postgres !== "") {
  for (const driver of postgresDrivers) {
    const unique = async (): Promise<Failing> => {
      const table = fresh();
      const admin = new pg.Client({ connectionString: urls.postgres });
      await admin.connect();
      await admin.query(
        `CREATE TABLE ${table} (id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL, by_user_id text UNIQUE)`,
      );
      await admin.end();
      return { store: postgresStore({ url: urls.postgres, table, driver, cleanup: 0 }), fail: collide };
    };
    cases.push([`postgres through ${driver}: a value that is there`, unique]);
    const url = new URL(urls.postgres);
    url.username = "nobody_at_all";
    url.password = PASSWORD;
    const denied = async () => ({
      store: postgresStore({ url: url.href, driver }),
      fail: (store: SessionStore) => writing(store),
    });
    cases.push([`postgres through ${driver}: a wrong password`, denied]);
  }
}

for (const kind of ["mysql", "mariadb"] as const) {
  if (urls[kind] === "") continue;
  const unique = async (): Promise<Failing> => {
    const table = fresh();
    const admin = createPool(urls[kind]);
    await admin.query(
      `CREATE TABLE ${table} ${definition.replace("INDEX by_user_id", "UNIQUE INDEX by_user_id")}`,
    );
    await admin.end();
    return { store: mysqlStore({ url: urls[kind], table, cleanup: 0 }), fail: collide };
  };
  cases.push([`${kind}: a value that is there`, unique]);
  const url = new URL(urls[kind]);
  url.username = "nobody_at_all";
  url.password = PASSWORD;
  const denied = async () => ({
    store: mysqlStore({ url: url.href }),
    fail: (store: SessionStore) => writing(store),
  });
  cases.push([`${kind}: a wrong password`, denied]);
}

if (urls.mongodb !== "") {
  const unique = async (): Promise<Failing> => {
    const [database, collection] = [fresh(), "sessions"];
    const admin = new MongoClient(urls.mongodb);
    await admin
      .db(database)
      .collection(collection)
      .createIndex({ by_user_id: 1 }, { unique: true, sparse: true });
    ends.push(async () => {
      await admin.db(database).dropDatabase();
      await admin.close();
    });
    return { store: mongodbStore({ url: urls.mongodb, database, collection }), fail: collide };
  };
  cases.push(["mongodb: a value that is there", unique]);
}

if (urls.dynamodb !== "") {
  const otherKey = async (): Promise<Failing> => {
    const table = fresh();
    const admin = new DynamoDBClient({ endpoint: urls.dynamodb });
    await admin.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "other", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "other", KeyType: "HASH" }],
      }),
    );
    admin.destroy();
    return { store: dynamodbStore({ endpoint: urls.dynamodb, table }), fail: (store) => writing(store) };
  };
  cases.push(["dynamodb: a table with another key", otherKey]);
}

if (urls.memcached !== "") {
  cases.push([
    "memcached: an item that is too large",
    async () => ({
      store: memcachedStore({ servers: urls.memcached, prefix: fresh() }),
      fail: (store) => store.write(KEY, Buffer.alloc(3_000_000, PAYLOAD), write),
    }),
  ]);
}

for (const driver of sqliteDrivers) {
  const opened = await openSqlite(":memory:", driver as SqliteDriver).catch(() => undefined);
  if (opened === undefined) continue;
  opened.close();
  const unique = async (): Promise<Failing> => {
    const file = join(folder, `${fresh()}.db`);
    const database = await openSqlite(file, driver);
    database.exec(
      "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user_id TEXT UNIQUE)",
    );
    database.close();
    return { store: sqliteStore({ file, driver, cleanup: 0 }), fail: collide };
  };
  cases.push([`sqlite through ${driver}: a value that is there`, unique]);
}

cases.push(
  [
    "file: a folder that is none",
    async () => {
      const directory = join(folder, fresh());
      writeFileSync(directory, "");
      return { store: fileStore({ directory }), fail: (store) => writing(store) };
    },
  ],
  [
    "lmdb: a folder that is none",
    async () => {
      const path = join(folder, fresh());
      writeFileSync(path, "");
      return { store: lmdbStore({ path }), fail: (store) => writing(store) };
    },
  ],
  [
    "keyv: an adapter that quotes what it was given",
    async () => {
      const map = Object.assign(new Map<string, unknown>(), { opts: {} });
      const set = (key: string, value: unknown) => {
        throw Object.assign(new Error(`${KEY} ${key} ${String(value)}`), {
          code: "EADAPTER",
          command: [KEY, value],
          cause: new AggregateError([new Error(PAYLOAD)], VALUE),
        });
      };
      const store = keyvStore({ keyv: new Keyv({ store: Object.assign(map, { set }) }) });
      return { store, fail: () => writing(store) };
    },
  ],
  [
    "unstorage: a driver that quotes what it was given",
    async () => {
      const store = unstorageStore({
        storage: {
          getItem: async () => null,
          setItem: async (key, value) => {
            throw new Error(`${KEY} ${key} ${value} ${PAYLOAD}`);
          },
          removeItem: async () => {},
          getKeys: async () => [],
        },
      });
      return { store, fail: () => writing(store) };
    },
  ],
);

describe("an error of a store shows nothing that was stored", () => {
  it.each(cases)("%s", async (_name, open) => {
    const { store, fail } = await open();
    const error: unknown = await fail(store).then(
      () => expect.fail("it should have failed"),
      (reason: unknown) => reason,
    );
    await store.close();
    expect(error).toBeInstanceOf(SessionError);
    const shown = shownOf(error);
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    // What helps is there: of a failure of the driver, what it calls it.
    const { cause } = error as SessionError;
    if (cause !== undefined)
      expect(Object.keys(Object(cause)).filter((key) => !["code", "errno"].includes(key))).toEqual([]);
  });
});

describe("the cause of an error", () => {
  it.each([
    [
      "name, code and errno are kept",
      {
        given: Object.assign(new TypeError("quoted"), {
          code: "E1",
          errno: -2,
          sql: "quoted",
          path: "quoted",
        }),
        want: { name: "TypeError", message: "E1", code: "E1", errno: -2 },
      },
    ],
    [
      "a code that is none is not",
      { given: Object.assign(new Error("x"), { code: "a b" }), want: { message: "" } },
    ],
    [
      "nor a name that is none",
      { given: Object.assign(new Error("x"), { name: "a b" }), want: { name: "Error" } },
    ],
  ])("%s", (_name, { given, want }) => {
    const plain = plainCause(given);
    expect(plain).toMatchObject(want);
    expect(shownOf(plain)).not.toContain("quoted");
  });

  it("goes on in its own causes, and ends where they go round", () => {
    const inner = Object.assign(new Error("quoted"), { code: "INNER" });
    const both = new AggregateError([inner, "quoted"], "quoted", { cause: inner });
    Object.assign(inner, { cause: both });
    const plain = plainCause(both);
    expect(plain).toBeInstanceOf(AggregateError);
    expect(plain).toMatchObject({ errors: [{ code: "INNER" }], cause: { code: "INNER" } });
    expect(shownOf(plain)).not.toContain("quoted");
  });

  it.each(["text", 1, null, undefined])("is none where %j was thrown", (given) => {
    expect(plainCause(given)).toBeUndefined();
  });
});
