import { readFileSync } from "node:fs";
import { Redis } from "ioredis-5";
import { MongoClient } from "mongodb-6";
import { createClient } from "redis-5";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { type MongodbStoreOptions, mongodbStore } from "../../../src/stores/mongodb/index.js";
import { type RedisClient, redisStore } from "../../../src/stores/redis/index.js";
import { testStore } from "../../../src/testing/index.js";

const mongodbUrl = await serviceUrl("mongodb");
const redisUrl = await serviceUrl("redis");
const advance = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds + 5));
let prefixes = 0;

function freshPrefix(): string {
  prefixes += 1;
  return `older:${process.pid}:${prefixes}:`;
}

describe.skipIf(mongodbUrl === "")("mongodb 6", () => {
  const database = `sessgen_older_${process.pid}`;
  const client = new MongoClient(mongodbUrl);
  afterAll(async () => {
    await client.db(database).dropDatabase();
    await client.close();
  });
  testStore({ describe, it }, "mongodb 6 (a client of the application's own)", () => {
    // To the types, a client of another major version is another class.
    const own = client as unknown as NonNullable<MongodbStoreOptions["client"]>;
    const options = { client: own, database, prefix: freshPrefix() };
    return {
      store: mongodbStore(options),
      now: Date.now,
      advance,
      another: () => mongodbStore(options),
    };
  });
});

const redisClients: [string, (url: string) => Promise<{ client: object; end(): void }>][] = [
  [
    "ioredis 5",
    async (url) => {
      const client = new Redis(url);
      return { client, end: () => client.disconnect() };
    },
  ],
  [
    "redis 5",
    async (url) => {
      const client = await createClient({ url }).connect();
      return { client, end: () => client.destroy() };
    },
  ],
];

describe.skipIf(redisUrl === "").each(redisClients)("%s", (name, connect) => {
  let own: { client: object; end(): void };
  beforeAll(async () => {
    own = await connect(redisUrl);
  });
  afterAll(() => own.end());
  testStore(
    { describe, it },
    `${name} (a client of the application's own)`,
    () => {
      const options = { client: own.client as RedisClient, prefix: freshPrefix() };
      return {
        store: redisStore(options),
        now: Date.now,
        advance,
        another: () => redisStore(options),
      };
    },
    { sweep: "the server deletes expired keys itself" },
  );
});

it("the drivers are asked for in the major versions that are tested, and no others", () => {
  const { devDependencies, peerDependencies } = JSON.parse(
    readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
  ) as Record<"devDependencies" | "peerDependencies", Record<string, string>>;
  const majors = Object.entries(devDependencies).map(
    ([name, range]) => [name.replace(/-\d+$/, ""), `^${/\^(\d+)/.exec(range)?.[1]}`] as const,
  );
  for (const driver of ["ioredis", "mongodb", "mysql2", "pg", "redis"]) {
    const tested = majors.filter(([name]) => name === driver).map(([, major]) => major);
    expect(peerDependencies[driver], driver).toBe(tested.sort().join(" || "));
  }
});
