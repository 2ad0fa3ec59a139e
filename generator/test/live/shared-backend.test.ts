import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { type IdentityNames, identityOf, quarantineKey, type SessionStore, storeKey } from "@sessgen/runtime";
import { dynamodbStore } from "@sessgen/runtime/stores/dynamodb";
import { mongodbStore } from "@sessgen/runtime/stores/mongodb";
import { mysqlStore } from "@sessgen/runtime/stores/mysql";
import { postgresStore } from "@sessgen/runtime/stores/postgres";
import { redisStore } from "@sessgen/runtime/stores/redis";
import { sqliteStore } from "@sessgen/runtime/stores/sqlite";
import { foundKeys } from "@sessgen/runtime/testing";
import { MongoClient } from "mongodb";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { serviceUrl } from "../../../services/client.js";
import { dynamodbClient } from "../../../services/dynamodb.js";
import { eventually } from "../../../services/machine.js";
import { newLock } from "../../src/lock/lock.js";
import { printLock } from "../../src/lock/text.js";
import { application, config, type Project, project, runIn } from "../support/project.js";

const schema = "user: z.object({ id: z.string() }).optional()";
const shop: IdentityNames = { application };
const forum: IdentityNames = { application: "other-application-id22" };
/** The shop, installed once more. */
const staging: IdentityNames = { application, realm: "staging" };

const others: readonly (readonly [string, IdentityNames])[] = [
  ["another application", forum],
  ["another realm of the application", staging],
];

/** A backend that applications share. */
interface Shared {
  /** As it stands in the config of each. */
  readonly code: string;
  readonly env?: Readonly<Record<string, string>>;
  open(): SessionStore;
}

let count = 0;
const name = (): string => {
  count += 1;
  return `shared_${process.pid}_${count}`;
};

const backends: readonly (readonly [string, string, (url: string) => Promise<Shared>])[] = [
  [
    "sqlite",
    "file",
    async () => {
      const path = `${project().root}/s.db`;
      return {
        code: `{ kind: "sqlite", file: ${JSON.stringify(path)} }`,
        open: () => sqliteStore({ file: path, cleanup: 0 }),
      };
    },
  ],
  [
    "postgres",
    await serviceUrl("postgres"),
    async (url) => {
      const database = name();
      const admin = new pg.Pool({ connectionString: url, max: 1 });
      await admin.query(`CREATE DATABASE ${database}`);
      onTestFinished(async () => {
        await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
        await admin.end();
      });
      const own = new URL(url);
      own.pathname = `/${database}`;
      return {
        code: `{ kind: "postgres", url: "${own.href}" }`,
        open: () => postgresStore({ url: own.href, cleanup: 0 }),
      };
    },
  ],
  [
    "mariadb",
    await serviceUrl("mariadb"),
    async (url) => {
      const database = name();
      const admin = await createConnection({ uri: url });
      await admin.query(`CREATE DATABASE ${database}`);
      onTestFinished(async () => {
        await admin.query(`DROP DATABASE ${database}`);
        await admin.end();
      });
      const own = new URL(url);
      own.pathname = `/${database}`;
      return {
        code: `{ kind: "mysql", url: "${own.href}" }`,
        open: () => mysqlStore({ url: own.href }),
      };
    },
  ],
  [
    "redis",
    await serviceUrl("redis"),
    async (url) => {
      const prefix = `${name()}:`;
      return {
        code: `{ kind: "redis", url: "${url}", prefix: "${prefix}" }`,
        open: () => redisStore({ url, prefix }),
      };
    },
  ],
  [
    "mongodb",
    await serviceUrl("mongodb"),
    async (url) => {
      const database = name();
      onTestFinished(async () => {
        const client = new MongoClient(url);
        await client.db(database).dropDatabase();
        await client.close();
      });
      return {
        // Its address may have a password.
        code: `{ kind: "mongodb", url: env("MONGODB_OF_TEST"), database: "${database}" }`,
        env: { MONGODB_OF_TEST: url },
        open: () => mongodbStore({ url, database }),
      };
    },
  ],
  [
    "dynamodb",
    await serviceUrl("dynamodb"),
    async (endpoint) => {
      const table = name();
      const client = dynamodbClient(endpoint);
      onTestFinished(async () => {
        await client.send(new DeleteTableCommand({ TableName: table })).catch(() => {});
        client.destroy();
      });
      return {
        code: `{ kind: "dynamodb", endpoint: "${endpoint}", table: "${table}" }`,
        open: () => dynamodbStore({ client, table }),
      };
    },
  ],
];

/** One of the applications. */
function projectOf({ application: id, realm }: IdentityNames, { code, env = {} }: Shared) {
  const user: Project = project({ "sessgen.lock.json": printLock(newLock(id)) });
  const run = async (...argv: string[]): Promise<string> => {
    const { code: exit, out, err } = await runIn(user.root, argv, { env });
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    return out;
  };
  return {
    user,
    run,
    async generate(isIndexed: boolean): Promise<void> {
      const fields = isIndexed ? ', fields: { "user.id": { index: true } }' : "";
      const rest = realm === undefined ? "" : `, realm: "${realm}"`;
      user.write({ "session.config.ts": config(schema, `backend: ${code}${fields}${rest}`) });
      await run();
    },
  };
}

/** A session of that user, in a form that can be read without the emitted module. */
const session = (id: string): Uint8Array =>
  Buffer.from(JSON.stringify({ $createdAt: Date.now(), user: { id } }));

/** What an application has beside its sessions, under keys of its own. */
const besides = (names: IdentityNames): readonly string[] => {
  const key = storeKey("any", names);
  const tag = identityOf(names).tag;
  return [quarantineKey(key), key.replace(".", ".lock-"), `${tag}.epoch`];
};

describe.each(backends.map(([kind, url, make]) => [kind, { url, make }] as const))(
  "migrate, where applications share %s",
  (kind, { url, make }) => {
    // To every backend a realm is what an application is: another tag.
    it.skipIf(url === "").each(kind === "sqlite" ? others : others.slice(0, 1))(
      "fills in its own sessions alone, beside %s",
      async (_name, other) => {
        const shared = await make(url);
        const [ours, theirs] = [projectOf(shop, shared), projectOf(other, shared)];
        for (const one of [ours, theirs]) {
          await one.generate(false);
          await one.run("migrate");
        }
        const store = shared.open();
        onTestFinished(() => store.close());
        const write = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;
        const find = async (value: string, names: IdentityNames) =>
          (await foundKeys(store, "user_id", value, { application: identityOf(names).tag })).sort();
        const [our, their] = [storeKey("one", shop), storeKey("one", other)];
        for (const key of [our, their, ...besides(shop), ...besides(other), "none.of them", "untagged"])
          await store.write(key, session("ann"), write);

        await ours.generate(true);
        expect(await ours.run("migrate")).toContain("1 of 1 sessions");
        await eventually(async () => expect(await find("ann", shop)).toEqual([our]));
        expect(await find("ann", other)).toEqual([]);
        expect(await ours.run("migrate", "--status")).not.toContain("pending");

        // Theirs are found by what their own schema says, and ours by what ours does.
        const index = { user_id: "kept" };
        const [kept, late] = [storeKey("two", other), storeKey("two", shop)];
        await store.write(kept, session("bob"), { ...write, index });
        await store.write(late, session("bob"), write);
        expect(await ours.run("migrate", "--after-deploy")).toMatch(/[12] of 2 sessions/);
        await eventually(async () => expect(await find("bob", shop)).toEqual([late]));
        expect(await find("bob", other)).toEqual([]);
        await eventually(async () => expect(await find("kept", other)).toEqual([kept]));

        // What is done for us is not done for them.
        await store.write(our, session("ann"), { ...write, index });
        await theirs.generate(true);
        expect(await theirs.run("migrate", "--status")).toContain("pending");
        expect(await theirs.run("migrate")).toMatch(/[12] of 2 sessions/);
        await eventually(async () => expect(await find("ann", other)).toEqual([their]));
        await eventually(async () => expect(await find("bob", other)).toEqual([kept]));
        await eventually(async () => expect(await find("kept", shop)).toEqual([our]));
        expect(await find("ann", shop)).toEqual([]);
        expect(await theirs.run("migrate")).toContain("Nothing is pending\n");
        const verified = await runIn(theirs.user.root, ["verify"], { env: shared.env ?? {} });
        expect(verified.err).not.toContain("[verify/pending-migration]");
      },
    );
  },
);
