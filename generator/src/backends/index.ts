// Written by `npm run registries` from what is beside this file. Do not edit.
import type { Backend } from "./backend.js";
import { cookie } from "./cookie/index.js";
import { dynamodb } from "./dynamodb/index.js";
import { expressStore } from "./express-store/index.js";
import { file } from "./file/index.js";
import { keyv } from "./keyv/index.js";
import { lmdb } from "./lmdb/index.js";
import { memcached } from "./memcached/index.js";
import { memory } from "./memory/index.js";
import { mongodb } from "./mongodb/index.js";
import { mysql } from "./mysql/index.js";
import { postgres } from "./postgres/index.js";
import { redis } from "./redis/index.js";
import { sqlite } from "./sqlite/index.js";
import { unstorage } from "./unstorage/index.js";

const descriptors: readonly Backend[] = [
  cookie,
  dynamodb,
  expressStore,
  file,
  keyv,
  lmdb,
  memcached,
  memory,
  mongodb,
  mysql,
  postgres,
  redis,
  sqlite,
  unstorage,
];

/** Every backend, by its kind. */
export const backends: ReadonlyMap<string, Backend> = new Map(
  descriptors.map((descriptor) => [descriptor.kind, descriptor]),
);
