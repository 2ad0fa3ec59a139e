import { identityOf, indexNotesKey, writeIndexNotes } from "@sessgen/runtime";
import { mongodbStore } from "@sessgen/runtime/stores/mongodb";
import { foundKeys } from "@sessgen/runtime/testing";
import { type Collection, type Db, type Filter, type FindOptions, MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { isDebianAsRoot } from "../../../../services/machine.js";
import { mongodb, startOnFerretdb } from "../../../../services/mongodb.js";
import type { Sessions } from "../../../src/backends/mongodb/connection.js";
import { refill } from "../../../src/backends/mongodb/refill.js";
import { deniedBy } from "../../../src/backends/mongodb/verify.js";
import { catalog } from "../../../src/cli/catalog.js";
import { loadTarget } from "../../../src/live/target.js";
import { application, config, type Project, project, runIn } from "../../support/project.js";
import { quiet } from "../../support/quiet.js";

const url = await serviceUrl("mongodb");
const isFerretdb = url !== "" && (await mongodb.probe(url)).startsWith("FerretDB");
const schema = "user: z.object({ id: z.string() }).optional(), tenant: z.string().optional()";
const byBoth = 'fields: { "user.id": { index: true }, tenant: { index: true } }';
const hour = 3_600_000;
const asItShouldBe = { code: 0, out: "The backend mongodb is as it should be\n", err: "" };

type Documents = Collection<{ _id: string }>;

/** A session in a form that can be read without the emitted module. */
const payload = (fields: object): Uint8Array =>
  Buffer.from(JSON.stringify({ $createdAt: Date.now(), ...fields }));

/** A project whose sessions are in a database of the test's own. */
interface Place {
  readonly user: Project;
  readonly db: Db;
  readonly documents: Documents;
  /** Writes the config, and what is emitted from it. */
  configure(fields?: string, options?: string): Promise<void>;
}

let databases = 0;

function placeOn(client: MongoClient, address: string): Place {
  databases += 1;
  const db = client.db(`sessgen_live_${process.pid}_${databases}`);
  onTestFinished(async () => {
    await db.dropDatabase();
  });
  const made = project();
  // The address may have a password, which no config may hold.
  const env = { MONGODB_OF_TEST: address };
  const user: Project = { ...made, run: (...argv) => runIn(made.root, argv, { env }) };
  return {
    user,
    db,
    documents: db.collection("sessions", { promoteBuffers: true }),
    async configure(fields = byBoth, options = "") {
      const backend = `backend: { kind: "mongodb", url: env("MONGODB_OF_TEST"), database: "${db.databaseName}"${options} }`;
      user.write({ "session.config.ts": config(schema, fields === "" ? backend : `${fields}, ${backend}`) });
      expect(await user.run()).toMatchObject({ code: 0, err: "" });
    },
  };
}

const { tag } = identityOf({ application });

/** The key of a session of the application that every project is. */
const own = (name: string): string => `${tag}.${name}`;

/** The keys found, of that application. */
async function found(place: Place, value: string, index = "user_id", prefix = ""): Promise<string[]> {
  const store = mongodbStore({ client: place.db.client, database: place.db.databaseName, prefix });
  return (await foundKeys(store, index, value, { application: tag })).sort();
}

/** The collection, on which something happens as soon as the first sessions were read. */
function disturbed(documents: Documents, meanwhile: () => Promise<void>): Documents {
  let first = true;
  const find = (...args: [Filter<{ _id: string }>, FindOptions]) => {
    const cursor = documents.find(...args);
    const toArray = async () => {
      const read = await cursor.toArray();
      if (first) await meanwhile();
      first = false;
      return read;
    };
    return Object.assign(Object.create(cursor), { toArray });
  };
  return Object.assign(Object.create(documents), { find });
}

// Without a server the table at the end of `npm test` says so, and with CI=true that is a failure.
describe.skipIf(url === "")("a MongoDB as it runs", () => {
  let client: MongoClient;
  beforeAll(() => {
    client = new MongoClient(url);
  });
  afterAll(() => client.close());

  const all = [
    "collection sessions",
    "index expiresAt_1",
    "index by_user_id",
    "index by_tenant",
    "validator",
  ];
  const lines = (state: string, names: readonly string[]) =>
    names.map((name) => `${state}: ${name}\n`).join("");

  it("is brought to what the config asks for, once", async () => {
    const place = placeOn(client, url);
    await place.configure();
    const { user } = place;
    expect((await user.run("migrate", "--status")).out).toBe(lines("pending", all));
    expect((await user.run("migrate", "--dry-run")).out).toBe(lines("Would be applied", all));
    expect(await user.run("verify")).toMatchObject({
      code: 6,
      err: expect.stringContaining("There is no collection sessions [verify/missing-table]"),
    });
    expect(await place.db.listCollections().toArray()).toEqual([]);
    expect(await user.run("migrate")).toEqual({ code: 0, out: lines("applied", all), err: "" });
    expect(await user.run("verify")).toMatchObject(asItShouldBe);
    expect((await user.run("migrate")).out).toBe("Nothing is pending\n");
    expect((await user.run("migrate", "--status")).out).toBe(lines("applied", all));
    expect(JSON.parse((await user.run("migrate", "--json")).out)).toMatchObject({ migrations: [] });
    expect(JSON.parse((await user.run("verify", "--json")).out)).toMatchObject({ drift: [] });
    const store = mongodbStore({ client, database: place.db.databaseName });
    const write = {
      expect: "absent",
      expiresAt: Date.now() + hour,
      index: { user_id: "u", tenant: null },
    } as const;
    expect((await store.write(own("a"), Uint8Array.of(1), write)).ok).toBe(true);
    expect(await found(place, "u")).toEqual([own("a")]);
    await expect(place.documents.insertOne({ _id: "b" })).rejects.toThrow(/failed validation/);
  });

  it("is what the emitted setup makes, too", async () => {
    const place = placeOn(client, url);
    await place.configure();
    const { setupSessions } = (await import(`${place.user.root}/session-infra/mongodb/setup.ts`)) as {
      setupSessions: (db: Db) => Promise<void>;
    };
    await setupSessions(place.db);
    expect(await place.user.run("verify")).toMatchObject(asItShouldBe);
    expect((await place.user.run("migrate")).out).toBe("Nothing is pending\n");
    await setupSessions(place.db);
  });

  it("takes names that the environment has", async () => {
    const place = placeOn(client, url);
    const rest = `${byBoth}, backend: { kind: "mongodb", url: env("URL"), database: env("DB_NAME"), collection: env("NAME") }`;
    place.user.write({ "session.config.ts": config(schema, rest) });
    await place.user.run();
    const env = { URL: url, DB_NAME: place.db.databaseName, NAME: 'web."sessions" \'ä€😀' };
    expect((await runIn(place.user.root, ["migrate"], { env })).code).toBe(0);
    expect(await runIn(place.user.root, ["verify"], { env })).toMatchObject(asItShouldBe);
    expect((await place.db.listCollections().toArray()).map(({ name }) => name)).toEqual([env.NAME]);
    expect(await place.user.run("migrate")).toMatchObject({
      code: 5,
      err: expect.stringContaining("env-missing"),
    });
  });

  it("comes to no harm by several migrations at once, on nothing and on what differs", async () => {
    const place = placeOn(client, url);
    await place.configure();
    const { user, documents } = place;
    const together = () => Promise.all(Array.from({ length: 4 }, () => user.run("migrate")));
    for (const { code, err } of await together()) expect({ code, err }).toEqual({ code: 0, err: "" });
    await documents.dropIndexes();
    await documents.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 9 });
    await documents.createIndex({ tenant: 1 }, { name: "by_user_id" });
    for (const { code, err } of await together()) expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(await user.run("verify")).toMatchObject(asItShouldBe);
  });

  describe("that has drifted", () => {
    const ttl = (documents: Documents, key: Record<string, 1>, more: object) =>
      documents.dropIndex("expiresAt_1").then(() => documents.createIndex(key, more));
    const lookup = (documents: Documents, key: Record<string, 1>, more: object) =>
      documents.dropIndex("by_user_id").then(() => documents.createIndex(key, more));
    const off = "[verify/ttl-off]";
    const wrong = "[verify/ttl-wrong-attribute]";
    const missing = "[verify/missing-index]";

    it.each<[string, string, (documents: Documents, db: Db) => Promise<unknown>]>([
      ["has no TTL index", off, (documents) => documents.dropIndex("expiresAt_1")],
      ["has an index without TTL", off, (documents) => ttl(documents, { expiresAt: 1 }, {})],
      [
        "has a TTL of an hour",
        wrong,
        (documents) => ttl(documents, { expiresAt: 1 }, { expireAfterSeconds: 3600 }),
      ],
      [
        "has a TTL index for some sessions",
        wrong,
        (documents) =>
          ttl(
            documents,
            { expiresAt: 1 },
            { expireAfterSeconds: 0, partialFilterExpression: { by_tenant: "a" } },
          ),
      ],
      [
        "has a TTL index on another field",
        wrong,
        (documents) => ttl(documents, { createdAt: 1 }, { expireAfterSeconds: 0 }),
      ],
      [
        "has another index under the name of the TTL index",
        wrong,
        (documents) => ttl(documents, { createdAt: 1 }, { expireAfterSeconds: 9, name: "expiresAt_1" }),
      ],
      ["has no index for a lookup", missing, (documents) => documents.dropIndex("by_user_id")],
      [
        "has another index under the name of a lookup's",
        missing,
        (documents) => lookup(documents, { tenant: 1 }, { name: "by_user_id" }),
      ],
      [
        "has a unique index",
        `${missing} [verify/unique-index]`,
        (documents) => lookup(documents, { by_user_id: 1 }, { unique: true, sparse: true }),
      ],
      [
        "has an index of some sessions",
        missing,
        (documents) => lookup(documents, { by_user_id: 1 }, { partialFilterExpression: { by_tenant: "a" } }),
      ],
      [
        "has an index that is hidden",
        missing,
        (_, db) => db.command({ collMod: "sessions", index: { name: "by_user_id", hidden: true } }),
      ],
    ])("%s: %s, which migrate mends", async (_, codes, drift) => {
      const place = placeOn(client, url);
      await place.configure();
      const { user, documents, db } = place;
      await user.run("migrate");
      await drift(documents, db);
      const before = await documents.indexes();
      const verified = await user.run("verify");
      expect(verified.code).toBe(6);
      expect(verified.err.match(/\[verify\/\S+\]/g)).toEqual(codes.split(" "));
      expect(JSON.parse((await user.run("verify", "--json")).out)).toMatchObject({
        drift: codes.split(" ").map((code) => ({ id: code.slice(1, -1) })),
      });
      expect(await documents.indexes()).toEqual(before);
      const { out, code: exit } = await user.run("migrate");
      expect(exit).toBe(0);
      expect(out.match(/^applied: index /gm)).toHaveLength(1);
      expect(await user.run("verify")).toMatchObject(asItShouldBe);
    });

    it.each([
      ["no validator", {}, "strict"],
      ["another validator", { $jsonSchema: { bsonType: "object", required: ["payload"] } }, "strict"],
      ["a validator of another level", undefined, "moderate"],
    ])("has %s: a warning", async (_, validator, validationLevel) => {
      const place = placeOn(client, url);
      await place.configure();
      await place.user.run("migrate");
      const [found] = await place.db.listCollections().toArray();
      const { options } = found as { options?: { validator?: object } };
      const wanted = validator ?? options?.validator;
      await place.db.command({ collMod: "sessions", validator: wanted, validationLevel });
      expect(await place.user.run("verify")).toMatchObject({
        code: 0,
        err: expect.stringContaining("[verify/missing-validator]"),
      });
      expect((await place.user.run("migrate")).out).toBe("applied: validator\n");
      expect(await place.user.run("verify")).toMatchObject(asItShouldBe);
    });

    it("has an index of more fields, or of another name, that does as well", async () => {
      const place = placeOn(client, url);
      await place.configure();
      await place.documents.createIndex({ expiresAt: -1 }, { expireAfterSeconds: 0, name: "mine" });
      await place.documents.createIndex({ by_user_id: 1, expiresAt: 1 });
      await place.documents.createIndex({ by_tenant: 1 }, { name: "also mine" });
      expect((await place.user.run("migrate")).out).toBe("applied: validator\n");
      expect(await place.user.run("verify")).toMatchObject(asItShouldBe);
      expect(await place.documents.indexes()).toHaveLength(4);
    });

    // FerretDB makes a collection where MongoDB makes a view.
    it.skipIf(isFerretdb)("is a view: no place for sessions", async () => {
      const place = placeOn(client, url);
      await place.configure();
      await place.db.createCollection("sessions", { viewOn: "others", pipeline: [] });
      expect(await place.user.run("verify")).toMatchObject({
        code: 6,
        err: expect.stringContaining("is a view"),
      });
      expect(await place.user.run("migrate")).toMatchObject({
        code: 5,
        err: expect.stringContaining("is a view"),
      });
    });

    it("has a clock that is off: a warning", async () => {
      const place = placeOn(client, url);
      await place.configure();
      await place.user.run("migrate");
      const late = Date.now() + 10_000;
      vi.useFakeTimers({ toFake: ["Date"], now: late, shouldAdvanceTime: true });
      onTestFinished(() => {
        vi.useRealTimers();
      });
      const { code, err } = await place.user.run("verify");
      expect(err).toMatch(/clocks? .* are (9|10) seconds apart \[verify\/clock-skew\]/);
      expect(code).toBe(0);
    });
  });

  describe("with sessions from before an index", () => {
    const session = (_id: string, fields: object, more: object = {}) => ({
      _id,
      payload: Buffer.from(payload(fields)),
      version: `v-${_id}`,
      expiresAt: new Date(Date.now() + hour),
      ...more,
    });

    it("has them found by it, all of its own", async () => {
      const place = placeOn(client, url);
      await place.configure("", ', prefix: "app:"');
      await place.user.run("migrate");
      const { documents, user } = place;
      const many = Array.from({ length: 1203 }, (_, number) =>
        session(`app:${own(`k${number}`)}`, { user: { id: `u${number % 3}` } }),
      );
      await documents.insertMany([
        ...many,
        session(`app:${own("anonymous")}`, {}),
        session(`app:${own("odd")}`, { user: { id: "" }, tenant: "\0 'ä😀" }),
        session(`app:${own("unreadable")}`, {}, { payload: Buffer.of(0xc1, 1) }),
        session(`app:${own("expired")}`, { user: { id: "u1" } }, { expiresAt: new Date(Date.now() - 1) }),
        session(`other:${own("k")}`, { user: { id: "u1" } }),
        session("app:k", { user: { id: "u1" } }),
      ]);
      await place.configure(byBoth, ', prefix: "app:"');
      const title = "by_user_id, by_tenant of sessions filled in";
      expect((await user.run("migrate", "--status")).out).toContain(`pending: ${title}\n`);
      expect((await user.run("migrate", "--dry-run")).out).toContain(`Would be applied: ${title}\n`);
      expect(await found(place, "u1", "user_id", "app:")).toEqual([]);
      const { out, err } = await user.run("migrate");
      expect(err).toBe("");
      expect(out).toContain(`${title}: 1204 of 1206 sessions, 1 cannot be read\n`);
      expect(out).toContain(`applied: ${title}\napplied: index by_user_id\napplied: index by_tenant\n`);
      expect(await found(place, "u1", "user_id", "app:")).toHaveLength(401);
      expect(await found(place, "", "user_id", "app:")).toEqual([own("odd")]);
      expect(await found(place, "\0 'ä😀", "tenant", "app:")).toEqual([own("odd")]);
      expect(
        await documents.findOne({ _id: `app:${own("k0")}` }, { projection: { payload: 0, expiresAt: 0 } }),
      ).toEqual({
        _id: `app:${own("k0")}`,
        version: `v-app:${own("k0")}`,
        by_user_id: "u0",
      });
      expect((await user.run("migrate")).out).toBe("Nothing is pending\n");
      const { code, err: warned } = await user.run("verify");
      expect(code).toBe(0);
      expect(warned).toContain("The index on user.id is filled, not final");
    });

    it("goes on where a migration was interrupted", async () => {
      const place = placeOn(client, url);
      await place.configure("");
      await place.user.run("migrate");
      const fields = { user: { id: "u" }, tenant: "t" };
      await place.documents.insertMany([
        session(own("a"), fields, { by_user_id: "u", by_tenant: "t" }),
        session(own("b"), fields, { by_user_id: "u" }),
        session(own("c"), fields),
      ]);
      await place.configure();
      expect((await place.user.run("migrate")).out).toContain("filled in: 2 of 2 sessions\n");
      expect(await found(place, "t", "tenant")).toEqual(["a", "b", "c"].map(own));
    });

    it("has what an older deploy wrote meanwhile looked at again, after the deploy", async () => {
      const place = placeOn(client, url);
      await place.configure();
      await place.user.run("migrate");
      await place.documents.insertMany([
        session(own("late"), { user: { id: "new" } }),
        session(own("stale"), { user: { id: "new" } }, { by_user_id: "old", by_tenant: "gone" }),
      ]);
      const store = mongodbStore({ client, database: place.db.databaseName });
      const notes = [
        ["user_id", { of: "user.id", state: "filled" }],
        ["tenant", { of: "tenant", state: "filled" }],
      ] as const;
      await store.write(indexNotesKey(tag), writeIndexNotes(Object.fromEntries(notes)), {
        expect: "any",
        expiresAt: Date.now() + hour,
      });
      expect((await place.user.run("migrate")).out).toBe("Nothing is pending\n");
      const { out } = await place.user.run("migrate", "--after-deploy");
      expect(out).toContain("by_user_id, by_tenant of sessions filled in: 2 of 2 sessions\n");
      expect(await found(place, "new")).toEqual(["late", "stale"].map(own));
      expect(await found(place, "old")).toEqual([]);
      expect(await found(place, "gone", "tenant")).toEqual([]);
    });

    it("loses nothing of what is written, and brings nothing back that is removed, meanwhile", async () => {
      const place = placeOn(client, url);
      await place.configure();
      await place.user.run("migrate");
      const { documents, db, user } = place;
      const keys = ["left", "older", "newer", "removed"].map(own);
      await documents.insertMany(keys.map((key) => session(key, { user: { id: "before" } })));
      const store = mongodbStore({ client, database: db.databaseName });
      const write = { expect: "any", expiresAt: Date.now() + hour } as const;
      const after = payload({ user: { id: "after" } });
      const meanwhile = async () => {
        await store.write(own("older"), after, write);
        await store.write(own("newer"), after, { ...write, index: { user_id: "after", tenant: null } });
        await store.remove(own("removed"));
      };
      const { io, report } = quiet(user.root, { MONGODB_OF_TEST: url });
      const target = await loadTarget({ cwd: user.root }, io, report, catalog);
      const said: string[] = [];
      await refill(
        target,
        { db, collection: disturbed(documents, meanwhile) as unknown as Sessions["collection"], prefix: "" },
        { title: "done", missing: ["by_user_id"] },
        { direction: "up", dryRun: false, progress: (line) => said.push(line) },
      );
      expect(said).toEqual(["done: 2 of 4 sessions"]);
      expect(await found(place, "before")).toEqual([own("left")]);
      expect(await found(place, "after")).toEqual(["newer", "older"].map(own));
      expect(await store.read(own("removed"))).toBeUndefined();
    });

    it("needs the emitted module for that", async () => {
      const place = placeOn(client, url);
      await place.configure("");
      await place.user.run("migrate");
      await place.documents.insertOne(session(own("a"), { user: { id: "u" } }));
      const backend = `backend: { kind: "mongodb", url: env("MONGODB_OF_TEST"), database: "${place.db.databaseName}" }`;
      place.user.write({ "session.config.ts": config(schema, `${byBoth}, ${backend}`) });
      expect(await place.user.run("migrate")).toMatchObject({
        code: 5,
        err: expect.stringContaining("Run `npx sessgen` first"),
      });
    });
  });

  it("lets nobody in with wrong credentials, and says nothing of them", async () => {
    const wrong = new URL(url);
    wrong.username ||= "nobody";
    wrong.password = "not-the-password";
    const place = placeOn(client, wrong.href);
    await place.configure();
    for (const command of ["migrate", "verify"]) {
      const { code, err } = await place.user.run(command);
      expect({ code, err }).toMatchObject({ code: 5, err: expect.stringContaining("[backend/unavailable]") });
      expect(err).not.toContain("not-the-password");
    }
  });

  // FerretDB lets every account do everything.
  it.skipIf(isFerretdb)("says what the account may not do", async () => {
    const place = placeOn(client, url);
    await place.configure();
    await place.user.run("migrate");
    await place.db.command({ createUser: "reader", pwd: "for-tests-only", roles: ["read", "dbAdmin"] });
    await place.db.command({ createUser: "nobody", pwd: "for-tests-only", roles: [] });
    onTestFinished(async () => {
      await place.db.command({ dropAllUsersFromDatabase: 1 });
    });
    const as = (name: string) => {
      const address = new URL(url);
      [address.username, address.password, address.pathname] = [
        name,
        "for-tests-only",
        `/${place.db.databaseName}`,
      ];
      const rest = `${byBoth}, backend: { kind: "mongodb", url: "${address.href}" }`;
      place.user.write({ "session.config.ts": config(schema, rest) });
    };
    as("reader");
    expect(await place.user.run("verify")).toMatchObject({
      code: 6,
      err: expect.stringContaining("insert, remove, update [verify/missing-permission]"),
    });
    as("nobody");
    for (const command of ["migrate", "verify"]) {
      const denied = { code: 5, err: expect.stringContaining("[migrate/denied]") };
      expect(await place.user.run(command)).toMatchObject(denied);
    }
  });
});

describe("a MongoDB that cannot be worked on", () => {
  const configured = (address: string): Project => {
    const backend = 'backend: { kind: "mongodb", url: env("MONGODB_OF_TEST") }';
    const made = project({ "session.config.ts": config(schema, `${byBoth}, ${backend}`) });
    const env = { MONGODB_OF_TEST: address };
    return { ...made, run: (...argv) => runIn(made.root, argv, { env }) };
  };

  it("is not there", async () => {
    const user = configured("mongodb://me:secret@127.0.0.1:1/?serverSelectionTimeoutMS=100");
    for (const command of ["migrate", "verify"]) {
      const { code, err } = await user.run(command);
      expect(code).toBe(5);
      expect(err).toContain("[backend/unavailable]");
      expect(err).not.toContain("secret");
    }
  });

  it.each(["mongodb://me:secret@", "http://me:secret@127.0.0.1"])("has no url like %s", async (address) => {
    const { code, err } = await configured(address).run("verify");
    expect(code).toBe(5);
    expect(err).toContain("[backend/unavailable]");
    expect(err).not.toContain("secret");
  });

  it.each(["--down", "--baseline"])("has nothing for %s to do", async (flag) => {
    expect(await configured("mongodb://127.0.0.1:1").run("migrate", flag)).toMatchObject({
      code: 2,
      err: expect.stringContaining("[migrate/unsupported]"),
    });
  });
});

// Validators have to be switched on below a FerretDB.
it.runIf(isFerretdb && isDebianAsRoot())(
  "a server without validators is brought to the rest",
  async () => {
    await mongodb.install();
    const server = await startOnFerretdb({ settings: ["documentdb.enableSchemaValidation=false"] });
    onTestFinished(() => server.stop());
    await server.restart();
    const client = new MongoClient(server.url);
    onTestFinished(() => client.close());
    const place = placeOn(client, server.url);
    await place.configure();
    const { code, out, err } = await place.user.run("migrate");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("This server has no validators");
    expect(await place.user.run("verify")).toMatchObject({
      code: 0,
      err: expect.stringContaining("[verify/missing-validator]"),
    });
  },
  120_000,
);

describe("what MongoDB says that an account may do", () => {
  const actions = ["find", "insert", "remove", "update"];
  const on = (db: string, collection: string, granted: readonly string[] = actions) => ({
    resource: { db, collection },
    actions: granted,
  });
  it.each([
    ["the emitted role", [on("web", "sessions")], []],
    ["readWrite on the database", [on("web", ""), on("web", "system.js")], []],
    ["readWriteAnyDatabase", [on("", "")], []],
    ["everything", [{ resource: { anyResource: true }, actions: ["anyAction"] }], []],
    ["read", [on("web", "", ["find", "listIndexes"])], ["insert", "remove", "update"]],
    ["another collection", [on("web", "others"), on("other", "sessions")], actions],
    ["the cluster", [{ resource: { cluster: true }, actions }], actions],
  ])("%s", (_, privileges, denied) => {
    expect(deniedBy(privileges, "web", "sessions")).toEqual(denied);
  });
});
