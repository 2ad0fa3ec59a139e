// Compiled with define-config.test-d.ts: the interfaces have every option below, no other, and let every value through.
import {
  type Backend,
  type CookieBackend,
  type DynamodbBackend,
  type ExpressStoreBackend,
  env,
  type FileBackend,
  type KeyvBackend,
  type LmdbBackend,
  type MemcachedBackend,
  type MemoryBackend,
  type MongodbBackend,
  type MysqlBackend,
  type PostgresBackend,
  type RedisBackend,
  type SqliteBackend,
  type UnstorageBackend,
} from "../../src/index.js";

/** Some values of each option: all there are where it is an enumeration, and `env()` where that is taken. */
type Values<One> = { readonly [Option in keyof One]-?: readonly NonNullable<One[Option]>[] };

const text = ["some-text", env("TEXT")] as const;
const count = [1, 1000] as const;

const values: { readonly [Kind in Backend["kind"]]: Values<Extract<Backend, { kind: Kind }>> } = {
  cookie: {
    kind: ["cookie"],
    secrets: [[env("SECRET")], [env("SECRET"), env("OLD_SECRET")]],
    mode: ["sealed", "signed"],
    maxChunks: [1, 5],
  } satisfies Values<CookieBackend>,
  dynamodb: {
    kind: ["dynamodb"],
    table: [...text, "arn:aws:dynamodb:eu-west-1:123456789012:table/sessions"],
    region: text,
    endpoint: text,
    client: ["./src/dynamodb.ts"],
    prefix: [...text, ""],
    partitionKey: text,
    ttlAttribute: text,
    consistentRead: [true, false],
    billing: ["on-demand", { read: 5, write: 5 }],
    pointInTimeRecovery: [true, false],
    encryption: ["aws-owned", "aws-managed", { kmsKeyArn: "arn:aws:kms:…" }, { kmsKeyArn: env("KEY_ARN") }],
  } satisfies Values<DynamodbBackend>,
  "express-store": {
    kind: ["express-store"],
    module: ["./src/session-store.ts"],
  } satisfies Values<ExpressStoreBackend>,
  file: {
    kind: ["file"],
    directory: text,
    maxEntries: count,
    mode: [0o600, 0o660],
  } satisfies Values<FileBackend>,
  keyv: { kind: ["keyv"], module: ["./src/keyv.ts"], prefix: text } satisfies Values<KeyvBackend>,
  lmdb: { kind: ["lmdb"], path: text, mapSize: count, prefix: text } satisfies Values<LmdbBackend>,
  memcached: {
    kind: ["memcached"],
    servers: [...text, ["a:11211", env("SERVER")]],
    client: ["./src/memcached.ts"],
    prefix: text,
  } satisfies Values<MemcachedBackend>,
  memory: { kind: ["memory"], maxEntries: count, maxBytes: count } satisfies Values<MemoryBackend>,
  mongodb: {
    kind: ["mongodb"],
    url: text,
    client: ["./src/mongodb.ts"],
    database: text,
    collection: text,
    prefix: text,
  } satisfies Values<MongodbBackend>,
  mysql: {
    kind: ["mysql"],
    url: text,
    client: ["./src/database.ts"],
    database: text,
    table: ["sessions"],
    poolSize: count,
    cleanup: [0, ...count],
  } satisfies Values<MysqlBackend>,
  postgres: {
    kind: ["postgres"],
    url: text,
    client: ["./src/database.ts"],
    driver: ["pg", "postgres"],
    schema: ["web"],
    table: ["sessions"],
    layout: ["natural", "identity"],
    unlogged: [true, false],
    poolSize: count,
    cleanup: [0, ...count],
  } satisfies Values<PostgresBackend>,
  redis: {
    kind: ["redis"],
    url: text,
    nodes: [["redis://a", env("NODE")]],
    sentinel: [
      { name: "main", nodes: ["redis://a", env("SENTINEL")] },
      { name: env("NAME"), nodes: ["redis://a"], username: env("USER_NAME"), password: env("PASSWORD") },
    ],
    ca: text,
    client: ["./src/redis.ts"],
    driver: ["ioredis", "redis"],
    prefix: [...text, ""],
  } satisfies Values<RedisBackend>,
  sqlite: {
    kind: ["sqlite"],
    file: text,
    driver: ["node:sqlite", "better-sqlite3", "libsql"],
    table: ["sessions"],
    busyTimeout: [1000],
    cleanup: [0, 500],
  } satisfies Values<SqliteBackend>,
  unstorage: {
    kind: ["unstorage"],
    module: ["./src/storage.ts"],
    prefix: text,
  } satisfies Values<UnstorageBackend>,
};

export default values;
