import { join } from "node:path";
import type { SessionStore } from "../runtime/src/index.js";
import { dynamodbStore } from "../runtime/src/stores/dynamodb/index.js";
import { fileStore } from "../runtime/src/stores/file/index.js";
import { lmdbStore } from "../runtime/src/stores/lmdb/index.js";
import { memcachedStore } from "../runtime/src/stores/memcached/index.js";
import { memoryStore } from "../runtime/src/stores/memory/index.js";
import { mongodbStore } from "../runtime/src/stores/mongodb/index.js";
import { mysqlStore } from "../runtime/src/stores/mysql/index.js";
import { postgresStore } from "../runtime/src/stores/postgres/index.js";
import { redisStore } from "../runtime/src/stores/redis/index.js";
import { sqliteStore } from "../runtime/src/stores/sqlite/index.js";

/** Where one run keeps its sessions: all that its processes need to know. */
export interface Target {
  /** The server's address. */
  readonly url: string;
  /** A table, a collection, a prefix, … of the run's own. */
  readonly name: string;
  /** A folder of the run's own, for what is kept on disk. */
  readonly folder: string;
}

/** A store that can be hammered. */
export interface HammerStore {
  /** Its server in services/index.ts. */
  readonly service?: string;
  /** Lives in one process alone. */
  readonly local?: boolean;
  /** Sessions cannot be found by a field. */
  readonly noIndex?: boolean;
  open(target: Target): SessionStore;
}

/** By the names that `--store` takes. Where they need a table, tables.ts makes it. */
export const hammerStores: Readonly<Record<string, HammerStore>> = {
  memory: { local: true, open: () => memoryStore() },
  file: { open: ({ folder }) => fileStore({ directory: join(folder, "sessions") }) },
  sqlite: {
    open: ({ folder }) => sqliteStore({ file: join(folder, "sessions.db"), busyTimeout: 10_000 }),
  },
  lmdb: { open: ({ folder }) => lmdbStore({ path: join(folder, "sessions") }) },
  redis: { service: "redis", open: openRedis },
  valkey: { service: "valkey", open: openRedis },
  "redis-cluster": {
    service: "redis-cluster",
    open: ({ url, name }) => redisStore({ nodes: [url], prefix: `${name}:` }),
  },
  memcached: {
    service: "memcached",
    noIndex: true,
    open: ({ url, name }) => memcachedStore({ servers: url, prefix: `${name}:` }),
  },
  mongodb: { service: "mongodb", open: ({ url, name }) => mongodbStore({ url, database: name }) },
  dynamodb: { service: "dynamodb", open: ({ url, name }) => dynamodbStore({ endpoint: url, table: name }) },
  postgres: { service: "postgres", open: ({ url, name }) => postgresStore({ url, table: name }) },
  mysql: { service: "mysql", open: openMysql },
  mariadb: { service: "mariadb", open: openMysql },
};

function openRedis({ url, name }: Target): SessionStore {
  return redisStore({ url, prefix: `${name}:` });
}

function openMysql({ url, name }: Target): SessionStore {
  return mysqlStore({ url, table: name });
}
