// Written by `npm run registries` from what is beside this file. Do not edit.
import { dynamodb } from "./dynamodb.js";
import { file } from "./file.js";
import { lmdb } from "./lmdb.js";
import { mariadb } from "./mariadb.js";
import { memcached } from "./memcached.js";
import { memory } from "./memory.js";
import { mongodb } from "./mongodb.js";
import { mysql } from "./mysql.js";
import { postgres } from "./postgres.js";
import { redis } from "./redis.js";
import { redisCluster } from "./redis-cluster.js";
import { sqlite } from "./sqlite.js";
import type { HammerStore } from "./store.js";
import { valkey } from "./valkey.js";

/** By the names that `--store` takes. */
export const hammerStores: Readonly<Record<string, HammerStore>> = {
  dynamodb,
  file,
  lmdb,
  mariadb,
  memcached,
  memory,
  mongodb,
  mysql,
  postgres,
  redis,
  "redis-cluster": redisCluster,
  sqlite,
  valkey,
};
