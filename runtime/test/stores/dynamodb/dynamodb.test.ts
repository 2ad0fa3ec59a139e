import { rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { dynamodbClient, dynamodb as recipe, startLocal } from "../../../../services/dynamodb.js";
import { eventually, freePort, temporaryFolder } from "../../../../services/machine.js";
import type { Running } from "../../../../services/service.js";
import { canStart, startOwn } from "../../../../services/start.js";
import { type DynamoDBStoreOptions, dynamodbStore } from "../../../src/stores/dynamodb/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { foundKeys } from "../../../src/testing/found-keys.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import { byDeadline } from "../shared/by-deadline.js";
import { type Fault, startProxy } from "./proxy.js";

const url = await serviceUrl("dynamodb");
const HOUR = 3_600_000;
const bytes = (...values: number[]) => Uint8Array.from(values);
const write = { expect: "any", expiresAt: Date.now() + HOUR } as const;
const unsupported = {
  sweep: "DynamoDB deletes expired items itself, up to days later, and the store does not see them",
  large: "an item of DynamoDB has at most 400 kB",
};
/** For tests that wait for what takes its time, in milliseconds: longer than `eventually` waits, so that they stop their servers. */
const PATIENCE = 90_000;
let made = 0;

/** Makes a table with the indexes that the suite looks into. */
async function makeTable(client: DynamoDBClient, partitionKey = "id", named?: string): Promise<string> {
  made += 1;
  const table = named ?? `sessions-${process.pid}-${made}`;
  const indexes = ["by_user_id", "by_tenant"];
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [partitionKey, ...indexes].map((name) => ({
        AttributeName: name,
        AttributeType: "S",
      })),
      KeySchema: [{ AttributeName: partitionKey, KeyType: "HASH" }],
      GlobalSecondaryIndexes: indexes.map((name) => ({
        IndexName: name,
        KeySchema: [{ AttributeName: name, KeyType: "HASH" }],
        Projection: { ProjectionType: "KEYS_ONLY" },
      })),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: table });
  return table;
}

async function find(store: SessionStore, index: string, value: string): Promise<string[]> {
  return (await foundKeys(store, index, value)).sort();
}

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(url === "")("DynamoDB", async () => {
  const endpoint = url === "" ? "http://127.0.0.1:1" : url;
  const client = dynamodbClient(endpoint);
  const table = url === "" ? "" : await makeTable(client);
  const tables = [table];
  let prefixes = 0;
  afterAll(async () => {
    for (const name of tables) await client.send(new DeleteTableCommand({ TableName: name }));
    client.destroy();
  });

  const open = (options: DynamoDBStoreOptions = {}) => {
    prefixes += 1;
    const prefix = `${prefixes}:`;
    const item = async (key: string): Promise<Record<string, AttributeValue> | undefined> => {
      const Key = { id: { S: prefix + key } };
      return (await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
    };
    return { prefix, item, store: dynamodbStore({ endpoint, table, prefix, ...options }) };
  };

  const clients = {
    "dynamodb (by endpoint)": { endpoint },
    "dynamodb (DynamoDBClient)": { client },
    "dynamodb (DynamoDBDocumentClient)": { client: DynamoDBDocumentClient.from(client) },
  };
  for (const [name, connection] of Object.entries(clients)) {
    testStore(
      { describe, it },
      name,
      () => {
        prefixes += 1;
        const clock = fakeClock(Date.now());
        const options = { ...connection, table, clock, prefix: `${prefixes}:` };
        return {
          store: dynamodbStore(options),
          now: clock,
          advance: (milliseconds) => clock.advance(milliseconds),
          another: () => dynamodbStore(options),
        };
      },
      unsupported,
    );
  }

  it("leaves a client of the application's own open", async () => {
    const documents = DynamoDBDocumentClient.from(client);
    for (const own of [client, documents]) {
      const { store } = open({ client: own });
      await store.write("a", bytes(1), write);
      await store.close();
    }
    await client.send(new ListTablesCommand({ Limit: 1 }));
    await documents.send(new ListTablesCommand({ Limit: 1 }));
  });

  it("lets what is under way finish before it closes", async () => {
    const { store, item } = open();
    await store.read("a");
    const writing = store.write("a", bytes(1), write);
    await store.close();
    expect((await writing).ok).toBe(true);
    expect(await item("a")).toBeDefined();
  });

  describe("an item", () => {
    it("has its TTL in seconds, rounded up, and its expiry to the millisecond", async () => {
      const { store, item } = open({ clock: fakeClock(1_000) });
      await store.write("a", bytes(1), { expect: "absent", expiresAt: 61_001 });
      expect(await item("a")).toMatchObject({ expires: { N: "62" }, expires_at: { N: "61001" } });
      await store.touch("a", 99_000);
      expect(await item("a")).toMatchObject({ expires: { N: "99" }, expires_at: { N: "99000" } });
    });

    it("has an attribute for what the session is found by, and none where that is null", async () => {
      const { store, item, prefix } = open();
      const index = { user_id: "", tenant: "t" };
      await store.write("a", bytes(1), { ...write, index });
      expect(await item("a")).toMatchObject({
        by_user_id: { S: `${prefix}=` },
        by_tenant: { S: `${prefix}=t` },
      });
      await store.write("a", bytes(1), { ...write, index: { user_id: null, tenant: "t" } });
      expect(await item("a")).not.toHaveProperty("by_user_id");
    });

    it("that is no session is left alone", async () => {
      const { store, item, prefix } = open();
      const foreign = { id: { S: `${prefix}a` }, greeting: { S: "hello" } };
      await client.send(new PutItemCommand({ TableName: table, Item: foreign }));
      expect(await store.read("a")).toBeUndefined();
      expect(await store.touch("a", write.expiresAt)).toBe("gone");
      expect(await store.remove("a")).toBe(false);
      expect(await store.write("a", bytes(1), { ...write, expect: "absent" })).toEqual({
        ok: false,
        current: undefined,
      });
      expect(await item("a")).toEqual(foreign);
    });
  });

  describe("lookup by field", () => {
    it("finds values longer than a key may be", async () => {
      const { store } = open();
      const long = "é".repeat(2000);
      await store.write("a", bytes(1), { ...write, index: { user_id: `${long}1`, tenant: null } });
      await store.write("b", bytes(1), { ...write, index: { user_id: `${long}2`, tenant: null } });
      expect(await find(store, "user_id", `${long}2`)).toEqual(["b"]);
    });

    it("does not find sessions of another prefix in the same table", async () => {
      const one = open().store;
      const other = open().store;
      const index = { user_id: "u", tenant: null };
      await one.write("a", bytes(1), { ...write, index });
      await other.write("b", bytes(1), { ...write, index });
      expect(await find(one, "user_id", "u")).toEqual(["a"]);
    });

    it("reads page after page, until the deadline", async () => {
      // A page has at most a megabyte of keys.
      const { store } = open();
      const keys = Array.from({ length: 700 }, (_, index) => `${index}`.padEnd(1900, "k"));
      const index = { user_id: "u", tenant: null };
      await Promise.all(keys.map((key) => store.write(key, bytes(), { ...write, index })));
      expect(await find(store, "user_id", "u")).toEqual(keys.sort());

      const deadline = new AbortController();
      const pages = async () => {
        const options = { application: "", signal: deadline.signal };
        for await (const _ of store.findByIndex?.("user_id", "u", options) ?? []) deadline.abort();
      };
      await expect(pages()).rejects.toMatchObject({ code: "store/timeout" });
    });
  });

  describe("names", () => {
    it("of keys and attributes are any text", async () => {
      for (const odd of ["size", `a"b'c.d#e:f`, "ключ 🔑", "n".repeat(200)]) {
        const oddTable = await makeTable(client, odd);
        tables.push(oddTable);
        const options = { partitionKey: odd, ttlAttribute: `${odd} ttl`, prefix: odd.repeat(2) };
        const { store } = open({ table: oddTable, ...options });
        await store.write("a", bytes(1), { ...write, index: { user_id: "u", tenant: null } });
        expect(await store.touch("a", write.expiresAt)).toBe("touched");
        expect(await find(store, "user_id", "u")).toEqual(["a"]);
        expect((await store.read("a"))?.payload).toEqual(bytes(1));
        expect(await store.remove("a")).toBe(true);
        await store.close();
      }
    });

    it("of tables are what DynamoDB takes", async () => {
      const longest = `A.b_c-${process.pid}`.padEnd(255, "x");
      tables.push(await makeTable(client, "id", longest));
      const { store } = open({ table: longest });
      expect((await store.write("a", bytes(1), write)).ok).toBe(true);
      await store.close();
      for (const bad of ["x", `quo"ted`, "täble", "t".repeat(300)]) {
        const { store } = open({ table: bad });
        await expect(store.read("a"), bad).rejects.toMatchObject({ code: "store/not-migrated" });
        await store.close();
      }
    });

    it("cannot be those of other attributes", () => {
      const same = [
        { partitionKey: "expires" },
        { partitionKey: "payload" },
        { ttlAttribute: "expires_at" },
        { ttlAttribute: "by_user_id" },
      ];
      for (const options of same) {
        expect(() => open(options)).toThrow(expect.objectContaining({ code: "store/not-migrated" }));
      }
    });
  });

  describe("what cannot work", () => {
    it("a missing table, key or index: store/not-migrated", async () => {
      const { store } = open({ table: "nowhere" });
      await expect(store.read("a")).rejects.toMatchObject({ code: "store/not-migrated" });
      await expect(store.write("a", bytes(1), write)).rejects.toMatchObject({ code: "store/not-migrated" });
      const otherKey = open({ partitionKey: "pk" }).store;
      await expect(otherKey.read("a")).rejects.toMatchObject({ code: "store/not-migrated" });
      await expect(find(open().store, "email", "x")).rejects.toMatchObject({ code: "store/not-migrated" });
    });

    it("a session larger than an item: store/too-large, and the one before it stays", async () => {
      const { store } = open();
      await store.write("a", bytes(1), write);
      for (const size of [409_550, 500_000, 20_000_000]) {
        await expect(store.write("a", new Uint8Array(size), write)).rejects.toMatchObject({
          code: "store/too-large",
        });
      }
      expect((await store.read("a"))?.payload).toEqual(bytes(1));
      expect((await store.write("a", new Uint8Array(409_000), write)).ok).toBe(true);
    });

    it("no region: store/unavailable, and says so", async () => {
      vi.stubEnv("AWS_REGION", undefined);
      vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
      const { store } = open();
      await expect(store.read("a")).rejects.toThrow("knows of no region");
      const given = open({ region: "eu-west-1" }).store;
      expect(await given.read("a")).toBeUndefined();
    });

    it("no server: store/unavailable", async () => {
      const { store } = open({ endpoint: "http://127.0.0.1:1" });
      await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable", status: 503 });
      const { store: nonsense } = open({ endpoint: "nonsense" });
      await expect(nonsense.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
    });
  });

  describe("credentials", () => {
    const none = () => {
      for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"]) {
        vi.stubEnv(name, undefined);
      }
      vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
      vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
      vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    };

    it("that are nowhere: store/denied", async () => {
      none();
      const { store } = open();
      await expect(store.read("a")).rejects.toMatchObject({ code: "store/denied" });
    });

    it("that the server does not accept: store/denied", async () => {
      const unsigned = dynamodbClient(endpoint);
      unsigned.middlewareStack.add(
        (next) => (args) => {
          const request = args.request as { headers: Record<string, string> };
          delete request.headers["authorization"];
          return next(args);
        },
        { step: "finalizeRequest", priority: "low" },
      );
      const { store } = open({ client: unsigned });
      await expect(store.read("a")).rejects.toMatchObject({ code: "store/denied" });
      unsigned.destroy();
    });

    it("are looked for no longer than the deadline", async () => {
      const silent = createServer(() => {});
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      none();
      const { port } = silent.address() as AddressInfo;
      vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `http://127.0.0.1:${port}/`);
      const { store } = open();
      await expect(byDeadline(store, 100, (deadline) => store.read("a", deadline))).rejects.toMatchObject({
        code: "store/timeout",
      });
      silent.closeAllConnections();
      silent.close();
    });
  });

  // The requests are signed for the address they are sent to, which AWS compares and DynamoDB Local does not.
  describe.skipIf(endpoint.includes("amazonaws.com"))("on the wire", () => {
    const through = async (
      body: (store: SessionStore, proxy: Awaited<ReturnType<typeof startProxy>>) => Promise<void>,
      options: DynamoDBStoreOptions = {},
    ) => {
      const proxy = await startProxy(endpoint);
      const { store } = open({ ...options, endpoint: proxy.url });
      try {
        await body(store, proxy);
      } finally {
        await store.close();
        proxy.close();
      }
    };

    it("is one request per operation, and none more for a conflict", async () => {
      await through(async (store, { requests }) => {
        await store.write("a", bytes(1), { ...write, expect: "absent" });
        const refused = await store.write("a", bytes(2), { ...write, expect: "absent" });
        expect(refused).toMatchObject({ ok: false, current: { payload: bytes(1) } });
        await store.read("a");
        await store.touch("a", write.expiresAt);
        await store.remove("a");
        expect(requests.map(({ operation }) => operation)).toEqual([
          "UpdateItem",
          "UpdateItem",
          "GetItem",
          "UpdateItem",
          "DeleteItem",
        ]);
        expect(requests[2]?.input["ConsistentRead"]).toBe(true);
      });
    });

    it("asks for cheaper reads where they need not be consistent", async () => {
      await through(
        async (store, { requests }) => {
          await store.read("a");
          expect(requests[0]?.input["ConsistentRead"]).toBe(false);
        },
        { consistentRead: false },
      );
    });

    it("repeats what was throttled", async () => {
      await through(async (store, proxy) => {
        proxy.faults = ["throttled"];
        expect((await store.write("a", bytes(1), write)).ok).toBe(true);
        expect(proxy.requests).toHaveLength(2);
      });
    });

    it("gives up on throttling at the deadline, or after the SDK's attempts", async () => {
      vi.stubEnv("AWS_MAX_ATTEMPTS", "2");
      await through(async (store, proxy) => {
        proxy.faults = Array(2).fill("throttled");
        await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
        expect(proxy.requests).toHaveLength(2);
      });
      vi.stubEnv("AWS_MAX_ATTEMPTS", "50");
      await through(async (store, proxy) => {
        proxy.faults = Array(50).fill("throttled");
        const late = byDeadline(store, 100, (deadline) => store.write("a", bytes(1), deadline.and(write)));
        await expect(late).rejects.toMatchObject({
          code: "store/timeout",
        });
        proxy.faults = [];
        await store.read("a");
      });
    });

    it("knows its own write again when the answer was lost", async () => {
      await through(async (store, proxy) => {
        proxy.faults = ["lost"];
        const created = await store.write("a", bytes(1), { ...write, expect: "absent" });
        if (!created.ok) throw new Error("refused");
        proxy.faults = ["lost"];
        const replaced = await store.write("a", bytes(2), { ...write, expect: created.version });
        expect(replaced.ok).toBe(true);
        expect(await store.read("a")).toMatchObject({ payload: bytes(2) });
        expect(proxy.requests).toHaveLength(5);
      });
    });

    const failed = { type: "InternalServerError", message: "It failed inside", status: 500 };
    it.each<[string, { given: Fault; want: "refused" | "unclear" }]>([
      ["throttled, which does nothing", { given: "throttled", want: "refused" }],
      ["answered with 500, which may have done it", { given: failed, want: "unclear" }],
      ["done or not, for the answer was lost", { given: "lost", want: "unclear" }],
    ])("knows what to make of a refusal after an attempt was %s", async (_name, { given, want }) => {
      await through(async (store, proxy) => {
        await store.write("a", bytes(1), write);
        proxy.faults = [given];
        const writing = store.write("a", bytes(2), { ...write, expect: "absent" });
        if (want === "refused") {
          expect(await writing).toMatchObject({ ok: false, current: { payload: bytes(1) } });
        } else await expect(writing).rejects.toMatchObject({ code: "store/unavailable" });
        proxy.faults = [given];
        const removing = store.remove("nobody");
        if (want === "refused") expect(await removing).toBe(false);
        else await expect(removing).rejects.toMatchObject({ code: "store/unavailable" });
        expect(proxy.requests).toHaveLength(5);
      });
    });

    it("does not claim to know who removed a session when the answer was lost", async () => {
      await through(async (store, proxy) => {
        await store.write("a", bytes(1), write);
        proxy.faults = ["lost"];
        await expect(store.remove("a")).rejects.toMatchObject({ code: "store/unavailable" });
        expect(await store.read("a")).toBeUndefined();
        expect(await store.remove("a")).toBe(false);
      });
    });
  });
});

// Needs servers of its own: with an address in DYNAMODB_ENDPOINT and nothing to start one with, the table says so.
describe.skipIf(url === "" || !canStart(recipe))("a DynamoDB Local of the tests' own", () => {
  const within = async (
    body: (store: SessionStore, server: Running, client: DynamoDBClient) => Promise<void>,
  ) => {
    const { running: server } = await startOwn(recipe);
    const client = dynamodbClient(server.url);
    const store = dynamodbStore({ endpoint: server.url });
    try {
      await makeTable(client, "id", "sessions");
      await body(store, server, client);
    } finally {
      await store.close();
      client.destroy();
      await server.stop();
    }
  };

  it("is slow: store/timeout at the deadline, and works on afterwards", async () => {
    await within(async (store, server) => {
      await store.write("a", bytes(1), write);
      server.freeze();
      try {
        await expect(byDeadline(store, 50, (deadline) => store.read("a", deadline))).rejects.toMatchObject({
          code: "store/timeout",
        });
        await expect(
          byDeadline(store, 50, (deadline) => store.write("a", bytes(2), deadline.and(write))),
        ).rejects.toMatchObject({ code: "store/timeout" });
      } finally {
        server.thaw();
      }
      expect(await store.read("a")).toBeDefined();
    });
  });

  it("deletes what has expired by its TTL", { timeout: PATIENCE }, async () => {
    await within(async (store, _, client) => {
      await client.send(
        new UpdateTimeToLiveCommand({
          TableName: "sessions",
          TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
        }),
      );
      // DynamoDB Local passes over items that are missing from an index; AWS does not.
      const index = { user_id: "u", tenant: "t" };
      await store.write("lives", bytes(1), { ...write, index });
      await store.write("ends", bytes(1), { ...write, index, expiresAt: Date.now() + 100 });
      await eventually(async () => {
        const Key = { id: { S: "ends" } };
        const { Item } = await client.send(new GetItemCommand({ TableName: "sessions", Key }));
        expect(Item).toBeUndefined();
      });
      expect(await store.read("lives")).toBeDefined();
    });
  });
});

// A container keeps its data to itself, so this one has to be a program.
describe.skipIf(url === "" || !recipe.available())("a DynamoDB Local on disk", () => {
  it("killed in the middle of writes and started again has every write it answered", {
    timeout: PATIENCE,
  }, async () => {
    const folder = temporaryFolder();
    const port = await freePort();
    let server = await startLocal(["-dbPath", folder], port);
    const client = dynamodbClient(server.url);
    const store = dynamodbStore({ endpoint: server.url });
    try {
      await makeTable(client, "id", "sessions");
      const answered: string[] = [];
      const writer = async (name: number) => {
        for (let count = 0; ; count += 1) {
          await store.write(`${name}-${count}`, bytes(count & 255), { ...write, expect: "absent" });
          answered.push(`${name}-${count}`);
        }
      };
      const writers = [1, 2, 3, 4].map((name) =>
        expect(writer(name)).rejects.toMatchObject({ code: "store/unavailable" }),
      );
      await eventually(async () => expect(answered.length).toBeGreaterThan(100));
      await server.stop();
      await Promise.all(writers);

      server = await startLocal(["-dbPath", folder], port);
      for (const key of answered) expect(await store.read(key), key).toBeDefined();
    } finally {
      await store.close();
      client.destroy();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
