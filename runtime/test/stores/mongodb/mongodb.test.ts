import { connect, createServer } from "node:net";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { isDebianAsRoot } from "../../../../services/machine.js";
import { mongodb, type RunningProgram, startOnFerretdb } from "../../../../services/mongodb.js";
import { NOBODY } from "../../../../services/postgres.js";
import { canMount, smallDisk } from "../../../../services/small-disk.js";
import { canStart, startOwn } from "../../../../services/start.js";
import { mongodbStore } from "../../../src/stores/mongodb/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { foundKeys } from "../../../src/testing/found-keys.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import type { Deadline } from "../../../src/time/deadline.js";
import { listen } from "../../http/listen.js";
import { byDeadline } from "../shared/by-deadline.js";
import { tryFullDisk } from "../shared/full-disk.js";

const url = await serviceUrl("mongodb");
const database = `sessgen_${process.pid}`;
const one = Uint8Array.of(1);
const isFerretdb = url !== "" && (await mongodb.probe(url)).startsWith("FerretDB");
let collections = 0;

async function keysOf(store: SessionStore, user: string, signal?: AbortSignal): Promise<string[]> {
  return (await foundKeys(store, "user_id", user, signal && { signal })).sort();
}

/** The address of a server that cuts the connection of a command, so many times. */
async function cutting(url: string, command: string, cuts: number): Promise<string> {
  const { hostname, port } = new URL(url);
  let left = cuts;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.on("error", () => {}).on("close", () => upstream.destroy());
    upstream.on("error", () => {}).on("close", () => client.destroy());
    upstream.pipe(client);
    client.on("data", (bytes) => {
      // The name of the command is the first in its document.
      if (left > 0 && bytes.includes(`${command}\0`)) {
        left -= 1;
        client.destroy();
      } else upstream.write(bytes);
    });
  });
  const address = new URL(url);
  address.port = String(await listen(server));
  return address.href;
}

// Without a server the table at the end of `npm test` says so, and with CI=true that is a failure.
describe.skipIf(url === "")("MongoDB", () => {
  let client: MongoClient;
  beforeAll(() => {
    client = new MongoClient(url);
  });
  afterAll(async () => {
    await client.db(database).dropDatabase();
    await client.close();
  });

  testStore({ describe, it }, "mongodb", () => {
    collections += 1;
    const clock = fakeClock();
    const options = { url, database, collection: `suite${collections}`, clock };
    return {
      store: mongodbStore(options),
      now: clock,
      advance: (milliseconds) => clock.advance(milliseconds),
      another: () => mongodbStore(options),
    };
  });

  testStore({ describe, it }, "mongodb (a client of the application's own, one collection)", () => {
    collections += 1;
    const options = { client, database, prefix: `p${collections}:` };
    return {
      store: mongodbStore(options),
      now: Date.now,
      advance: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds + 1)),
      another: () => mongodbStore(options),
    };
  });

  const soon = () => ({ expect: "any", expiresAt: Date.now() + 60_000 }) as const;

  it("leaves a client of the application's own open", async () => {
    const store = mongodbStore({ client, database, collection: "own" });
    await store.write("a", one, soon());
    await store.close();
    expect(await client.db(database).collection("own").countDocuments()).toBe(1);
  });

  it("keeps one document per session, in types that other programs read", async () => {
    const collection = client.db(database).collection("shape");
    const store = mongodbStore({ client, database, collection: "shape", prefix: "app:" });
    const expiresAt = Date.now() + 60_000;
    const index = { user_id: "u", tenant: null };
    const result = await store.write("a", one, { expect: "absent", expiresAt, index });
    expect(await collection.findOne({}, { promoteBuffers: true })).toEqual({
      _id: "app:a",
      payload: Buffer.from(one),
      version: result.ok && result.version,
      expiresAt: new Date(expiresAt),
      by_user_id: "u",
    });
    await store.write("a", one, { expect: "any", expiresAt, index: { user_id: null, tenant: "t" } });
    expect(Object.keys((await collection.findOne({})) ?? {}).sort()).toEqual(
      ["_id", "by_tenant", "expiresAt", "payload", "version"].sort(),
    );
  });

  it("forgets by what an expired session was found, when another takes its place", async () => {
    const clock = fakeClock();
    const store = mongodbStore({ client, database, collection: "anew", clock });
    const index = { user_id: "u" };
    await store.write("a", one, { expect: "absent", expiresAt: clock() + 1000, index });
    clock.advance(1000);
    expect(await store.write("a", one, { expect: "absent", expiresAt: clock() + 1000 })).toMatchObject({
      ok: true,
    });
    expect(await keysOf(store, "u")).toEqual([]);
  });

  it("works with the server's TTL index, and finds by an index", async () => {
    const collection = client.db(database).collection("indexed");
    await collection.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
    await collection.createIndex({ by_user_id: 1 }, { sparse: true });
    const store = mongodbStore({ client, database, collection: "indexed" });
    await store.write("a", one, { ...soon(), expect: "absent", index: { user_id: "u" } });
    await store.write("b", one, { ...soon(), expect: "absent", index: { user_id: null } });
    expect(await keysOf(store, "u")).toEqual(["a"]);
  });

  it("finds its own live sessions alone, whatever else in the collection has the value", async () => {
    const clock = fakeClock();
    const options = { client, database, collection: "own", clock };
    const store = mongodbStore({ ...options, prefix: "mine:" });
    const other = mongodbStore({ ...options, prefix: "other:" });
    const login = (where: SessionStore, key: string, lifetime: number) =>
      where.write(key, one, { expect: "absent", expiresAt: clock() + lifetime, index: { user_id: "ada" } });
    await login(store, "app.one", 60_000);
    await login(store, "app.two", 60_000);
    await login(store, "app.ended", 1000);
    await login(store, "another.one", 60_000);
    await login(other, "app.three", 60_000);
    const foreign = client.db(database).collection<{ _id: string; by_user_id: string }>("own");
    await foreign.insertOne({ _id: "mine:app.foreign", by_user_id: "ada" });
    clock.advance(1000);
    const wanted = { application: "app", bytes: 64 };
    const found: Record<"whole" | "beginnings", string[]> = { whole: [], beginnings: [] };
    for await (const page of store.findByIndex?.("user_id", "ada", wanted) ?? [])
      found.whole.push(...page.map(({ key }) => key));
    for await (const page of store.findBeginnings?.("user_id", "ada", wanted) ?? [])
      found.beginnings.push(...page.map(({ key }) => key));
    expect(found.whole.sort()).toEqual(["app.one", "app.two"]);
    expect(found.beginnings.sort()).toEqual(["app.one", "app.two"]);
  });

  it("sweeps more than one batch, and only its own prefix", async () => {
    const clock = fakeClock();
    const options = { client, database, collection: "sweep", clock };
    const mine = mongodbStore({ ...options, prefix: "mine:" });
    const other = mongodbStore({ ...options, prefix: "other:" });
    const write = { expect: "absent", expiresAt: clock() + 1000 } as const;
    await Promise.all(Array.from({ length: 620 }, (_, number) => mine.write(`k${number}`, one, write)));
    await other.write("a", one, write);
    clock.advance(1000);
    expect(await mine.sweep?.({ limit: 0 })).toBe(0);
    expect(await mine.sweep?.({ limit: 510 })).toBe(510);
    expect(await mine.sweep?.()).toBe(110);
    expect(await other.sweep?.()).toBe(1);
  });

  it("lets concurrent writes of whatever is there all succeed", async () => {
    const store = mongodbStore({ client, database, collection: "upserts" });
    for (let round = 0; round < 5; round += 1) {
      const writes = Array.from({ length: 20 }, () => store.write(`k${round}`, one, soon()));
      expect((await Promise.all(writes)).every(({ ok }) => ok)).toBe(true);
    }
  });

  it("sees a foreign document as no session, and leaves it alone", async () => {
    const collection = client.db(database).collection<{ _id: string; hello: string }>("foreign");
    const store = mongodbStore({ client, database, collection: "foreign" });
    await collection.insertOne({ _id: "a", hello: "world" });
    expect(await store.read("a")).toBeUndefined();
    expect(await store.touch("a", Date.now() + 60_000)).toBe("gone");
    expect(await store.remove("a")).toBe(false);
    expect(await store.sweep?.()).toBe(0);
    expect(await store.write("a", one, { ...soon(), expect: "absent" })).toEqual({
      ok: false,
      current: undefined,
    });
    expect(await collection.findOne({})).toEqual({ _id: "a", hello: "world" });
  });

  it("is not led astray by options of the application's client", async () => {
    const odd = new MongoClient(url, {
      promoteValues: false,
      promoteBuffers: false,
      readPreference: "secondary",
    });
    const store = mongodbStore({ client: odd, database, collection: "odd" });
    await store.write("a", one, soon());
    expect(await store.read("a")).toMatchObject({ payload: Buffer.from(one) });
    await odd.close();
  });

  it("stops a lookup that its reader leaves, and one past its deadline", async () => {
    const store = mongodbStore({ url, database, collection: "lookup" });
    const keys = Array.from({ length: 250 }, (_, number) => `k${number}`);
    await Promise.all(keys.map((key) => store.write(key, one, { ...soon(), index: { user_id: "u" } })));
    for await (const [first] of store.findByIndex?.("user_id", "u", { application: "" }) ?? []) {
      expect(keys).toContain(first?.key);
      break;
    }
    const abort = new AbortController();
    const reading = (async () => {
      const options = { application: "", signal: abort.signal };
      for await (const _ of store.findByIndex?.("user_id", "u", options) ?? []) abort.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: "store/timeout" });
    await store.close();
  });

  it("lets operations under way finish before it closes", async () => {
    const store = mongodbStore({ url, database, collection: "close" });
    const writes = Array.from({ length: 20 }, (_, number) => store.write(`k${number}`, one, soon()));
    await store.close();
    expect((await Promise.all(writes)).every(({ ok }) => ok)).toBe(true);
  });

  it.each(["a b'\"`;", "ä€😀", "a.b", "x".repeat(150)])("takes the collection %s", async (collection) => {
    const store = mongodbStore({ client, database, collection });
    expect((await store.write("a", one, soon())).ok).toBe(true);
    expect(await store.read("a")).toMatchObject({ payload: Buffer.from(one) });
  });

  it.each(["'\"", "a.b$c", "ä€😀\u0000", "x".repeat(300)])("takes the prefix %s", async (prefix) => {
    const store = mongodbStore({ client, database, collection: "prefixes", prefix });
    expect((await store.write("a", one, { ...soon(), index: { user_id: "u" } })).ok).toBe(true);
    expect(await keysOf(store, "u")).toEqual(["a"]);
  });

  it.each([
    { collection: "a$b" },
    { collection: "" },
    { collection: "x".repeat(300) },
    { database: "a/b" },
    { database: "a.b" },
    { database: "x".repeat(70) },
  ])("says that the server takes no name like %o", async (names) => {
    const store = mongodbStore({ client, database, ...names });
    await expect(store.write("a", one, soon())).rejects.toMatchObject({
      code: "store/not-migrated",
      message: expect.stringContaining("name"),
    });
  });

  it("a unique index on a field of the session's: store/not-migrated", async () => {
    await client.db(database).collection("unique").createIndex({ by_user_id: 1 }, { unique: true });
    const store = mongodbStore({ client, database, collection: "unique" });
    const index = { user_id: "u" };
    expect((await store.write("a", one, { ...soon(), expect: "absent", index })).ok).toBe(true);
    const other = await store.write("c", one, { ...soon(), index: { user_id: "other" } });
    for (const expected of ["absent", "any", other.ok ? other.version : ""]) {
      const write = store.write(expected === "absent" ? "b" : "c", one, {
        ...soon(),
        expect: expected,
        index,
      });
      await expect(write).rejects.toMatchObject({ code: "store/not-migrated" });
    }
  });

  it("a collection that validates other documents: store/not-migrated", async () => {
    const validator = { $jsonSchema: { bsonType: "object", properties: { version: { bsonType: "int" } } } };
    await client.db(database).createCollection("validated");
    // FerretDB has no ear for a validator in createCollection.
    await client.db(database).command({ collMod: "validated", validator });
    const store = mongodbStore({ client, database, collection: "validated" });
    const write = store.write("a", one, { ...soon(), expect: "absent" });
    await expect(write).rejects.toMatchObject({ code: "store/not-migrated" });
  });

  it.each([
    ["nearly 16 MiB", 16 * 1024 * 1024 - 20],
    ["more than the driver can encode", 20_000_000],
  ])("%s: store/too-large", async (_, size) => {
    const store = mongodbStore({ client, database, collection: "large" });
    const payload = new Uint8Array(size);
    for (const expected of ["absent", "any"] as const) {
      const write = store.write("a", payload, { ...soon(), expect: expected });
      await expect(write).rejects.toMatchObject({ code: "store/too-large" });
    }
    expect(await store.read("a")).toBeUndefined();
  });

  it("wrong credentials: store/denied, and nothing of them in the message", async () => {
    const wrong = new URL(url);
    wrong.username ||= "nobody";
    wrong.password = "not-the-password";
    const store = mongodbStore({ url: wrong.href, database });
    const error = await store.read("a").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "store/denied", status: 503 });
    expect(String(error)).not.toContain("not-the-password");
    await store.close();
  });
});

describe.skipIf(url === "")("a lookup whose connection is lost", () => {
  /** More than come at once. */
  const SESSIONS = 450;

  it.each<[string, { given: { command: string; cuts: number }; want: number | string }]>([
    // The driver repeats it once by itself.
    ["as it begins: begins anew", { given: { command: "find", cuts: 2 }, want: SESSIONS }],
    ["between two pages: says so", { given: { command: "getMore", cuts: 1 }, want: "store/unavailable" }],
  ])("%s, and never leaves anything out", async (_name, { given, want }) => {
    collections += 1;
    const collection = `cut${collections}`;
    const admin = new MongoClient(url);
    const expiresAt = new Date(Date.now() + 600_000);
    const documents = Array.from({ length: SESSIONS }, (_, number) => ({
      ...{ _id: `k${number}` as never, payload: Buffer.of(1), version: "1", expiresAt, by_user_id: "u" },
    }));
    await admin.db(database).collection(collection).insertMany(documents);
    const store = mongodbStore({ url: await cutting(url, given.command, given.cuts), database, collection });
    const found = await keysOf(store, "u").catch((error) => error.code);
    expect(typeof found === "string" ? found : found.length).toBe(want);
    await store.close();
    await admin.db(database).collection(collection).drop();
    await admin.close();
  });
});

describe("a mongodb store that cannot connect", () => {
  it("nobody there: store/unavailable before the deadline", async () => {
    const store = mongodbStore({ url: "mongodb://127.0.0.1:1" });
    const signal = AbortSignal.timeout(20_000);
    await expect(store.read("a", { signal })).rejects.toMatchObject({
      code: "store/unavailable",
      status: 503,
    });
    await store.close();
  });

  it("heeds timeouts in the url", async () => {
    const store = mongodbStore({ url: "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50" });
    const signal = AbortSignal.timeout(10_000);
    await expect(store.read("a", { signal })).rejects.toMatchObject({ code: "store/unavailable" });
    await store.close();
  });

  it("a url that is none: store/unavailable, without the password in it", async () => {
    for (const wrong of [
      "mongodb://me:secret@",
      "http://me:secret@127.0.0.1",
      "mongodb://me:sec/ret@127.0.0.1",
    ]) {
      const error: unknown = await mongodbStore({ url: wrong })
        .read("a")
        .catch((thrown: unknown) => thrown);
      expect(error, wrong).toMatchObject({ code: "store/unavailable" });
      expect(error).not.toHaveProperty("cause");
      expect(String(error)).not.toContain("sec");
    }
    await expect(mongodbStore({}).read("a")).rejects.toMatchObject({ code: "store/unavailable" });
  });
});

it("without the driver: store/missing-driver", async () => {
  vi.doMock("mongodb", () => {
    throw new Error("Cannot find package 'mongodb'");
  });
  vi.resetModules();
  try {
    const fresh = await import("../../../src/stores/mongodb/index.js");
    await expect(fresh.mongodbStore({ url: "mongodb://127.0.0.1:1" }).read("a")).rejects.toMatchObject({
      code: "store/missing-driver",
      message: expect.stringContaining("The package mongodb is not installed"),
    });
  } finally {
    vi.doUnmock("mongodb");
    vi.resetModules();
  }
});

// Needs servers of its own: with an address in MONGODB_URL and nothing to start one with, the table says so.
describe.skipIf(url === "" || !canStart(mongodb))("a MongoDB that fails", () => {
  it("is slow: store/timeout at the deadline, and all is well afterwards", async () => {
    const { running: server } = await startOwn(mongodb);
    const store = mongodbStore({ url: server.url });
    try {
      const expiresAt = Date.now() + 60_000;
      await store.write("a", one, { expect: "absent", expiresAt });
      server.freeze();
      const operations: ((deadline: Deadline) => Promise<unknown>)[] = [
        (deadline) => store.read("a", deadline),
        (deadline) => store.write("a", one, deadline.and({ expect: "any", expiresAt })),
        (deadline) => store.touch("a", expiresAt, deadline),
        (deadline) => store.remove("nobody", deadline),
        (deadline) => keysOf(store, "u", deadline.signal),
        async (deadline) => store.sweep?.(deadline),
      ];
      for (const operate of operations) {
        await expect(byDeadline(store, 50, operate)).rejects.toMatchObject({ code: "store/timeout" });
      }
      server.thaw();
      expect(await store.read("a", { signal: AbortSignal.timeout(20_000) })).toMatchObject({ expiresAt });
    } finally {
      server.thaw();
      await store.close();
      await server.stop();
    }
  });

  it("asks for credentials that the url has not: store/denied", async () => {
    const { running: server } = await startOwn(mongodb);
    const anonymous = new URL(server.url);
    anonymous.username = anonymous.password = "";
    const store = mongodbStore({ url: anonymous.href });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/denied" });
    const write = store.write("a", one, { expect: "any", expiresAt: Date.now() + 60_000 });
    await expect(write).rejects.toMatchObject({ code: "store/denied" });
    await store.close();
    await server.stop();
  });

  it("is killed and started again under load: no acknowledged write is lost, and the store reconnects", async () => {
    const { running } = await startOwn(mongodb);
    // A container cannot be killed and keep its data.
    if (!("restart" in running)) return running.stop();
    const server = running as RunningProgram;
    const store = mongodbStore({ url: server.url });
    const acknowledged = new Map<string, string>();
    let stopped = false;
    const writer = async (name: string): Promise<void> => {
      for (let number = 0; !stopped; number += 1) {
        const key = `${name}-${number}`;
        try {
          const created = await byDeadline(store, 20_000, (deadline) =>
            store.write(key, one, deadline.and({ expect: "absent", expiresAt: Date.now() + 60_000 })),
          );
          // Nobody else writes that key: a refusal would be of the writer's own work.
          expect(created.ok).toBe(true);
          if (created.ok) acknowledged.set(key, created.version);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^store\/(unavailable|timeout)$/) });
        }
      }
    };
    try {
      const writers = ["a", "b", "c"].map(writer);
      await expect.poll(() => acknowledged.size).toBeGreaterThan(50);
      await server.restart();
      const before = acknowledged.size;
      await expect.poll(() => acknowledged.size).toBeGreaterThan(before + 50);
      stopped = true;
      await Promise.all(writers);
      for (const [key, version] of acknowledged)
        expect(await store.read(key), key).toMatchObject({ version });
    } finally {
      stopped = true;
      await store.close();
      await server.stop();
    }
  });

  it("is on a full disk: store/full, and all is well when there is room", async ({ skip }) => {
    if (!isFerretdb) return skip("a MongoDB itself ends on a full disk");
    if (!canMount) return skip("only root may mount a small disk");
    await mongodb.install();
    const disk = smallDisk("4m", NOBODY);
    const server = await startOnFerretdb({ documents: disk.folder });
    const store = mongodbStore({ url: server.url });
    try {
      await tryFullDisk(store, disk);
    } finally {
      await store.close();
      await server.stop();
      disk.remove();
    }
  });

  // Only below a FerretDB is there something to make read-only without a replica set.
  it.runIf(isFerretdb && isDebianAsRoot())("is read-only: store/read-only", async () => {
    await mongodb.install();
    const server = await startOnFerretdb({ settings: ["default_transaction_read_only=on"] });
    const store = mongodbStore({ url: server.url });
    try {
      const expiresAt = Date.now() + 60_000;
      await store.write("a", one, { expect: "any", expiresAt });
      await server.restart();
      expect(await store.read("a")).toMatchObject({ expiresAt });
      const operations = [
        () => store.write("a", one, { expect: "any", expiresAt }),
        () => store.write("b", one, { expect: "absent", expiresAt }),
        () => store.touch("a", expiresAt + 1),
        () => store.remove("a"),
      ];
      for (const operation of operations) {
        await expect(operation()).rejects.toMatchObject({ code: "store/read-only" });
        expect(await store.read("a")).toMatchObject({ expiresAt });
      }
    } finally {
      await store.close();
      await server.stop();
    }
  });
});
