// Written by `npm run registries` from what is beside this file. Do not edit.
import type { CookieBackend } from "./cookie/options.js";
import type { DynamodbBackend } from "./dynamodb/options.js";
import type { ExpressStoreBackend } from "./express-store/options.js";
import type { FileBackend } from "./file/options.js";
import type { KeyvBackend } from "./keyv/options.js";
import type { LmdbBackend } from "./lmdb/options.js";
import type { MemcachedBackend } from "./memcached/options.js";
import type { MemoryBackend } from "./memory/options.js";
import type { MongodbBackend } from "./mongodb/options.js";
import type { MysqlBackend } from "./mysql/options.js";
import type { PostgresBackend } from "./postgres/options.js";
import type { RedisBackend } from "./redis/options.js";
import type { SqliteBackend } from "./sqlite/options.js";
import type { UnstorageBackend } from "./unstorage/options.js";

export type { CookieBackend } from "./cookie/options.js";
export type { DynamodbBackend } from "./dynamodb/options.js";
export type { ExpressStoreBackend } from "./express-store/options.js";
export type { FileBackend } from "./file/options.js";
export type { KeyvBackend } from "./keyv/options.js";
export type { LmdbBackend } from "./lmdb/options.js";
export type { MemcachedBackend } from "./memcached/options.js";
export type { MemoryBackend } from "./memory/options.js";
export type { MongodbBackend } from "./mongodb/options.js";
export type { MysqlBackend } from "./mysql/options.js";
export type { PostgresBackend } from "./postgres/options.js";
export type { RedisBackend, RedisSentinel } from "./redis/options.js";
export type { SqliteBackend } from "./sqlite/options.js";
export type { UnstorageBackend } from "./unstorage/options.js";

/** Where sessions are kept. */
export type Backend =
  | CookieBackend
  | DynamodbBackend
  | ExpressStoreBackend
  | FileBackend
  | KeyvBackend
  | LmdbBackend
  | MemcachedBackend
  | MemoryBackend
  | MongodbBackend
  | MysqlBackend
  | PostgresBackend
  | RedisBackend
  | SqliteBackend
  | UnstorageBackend;
