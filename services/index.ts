// Written by `npm run registries` from what is beside this file. Do not edit.
import { chromium } from "./chromium.js";
import { dynamodb } from "./dynamodb.js";
import { mariadb } from "./mariadb.js";
import { memcached } from "./memcached.js";
import { mongodb } from "./mongodb.js";
import { mysql } from "./mysql.js";
import { postgres } from "./postgres.js";
import { redis } from "./redis.js";
import { redis8 } from "./redis-8.js";
import { redisCluster } from "./redis-cluster.js";
import type { Recipe } from "./service.js";
import { valkey } from "./valkey.js";

/** Every server the tests use. */
export const recipes: readonly Recipe[] = [
  chromium,
  dynamodb,
  mariadb,
  memcached,
  mongodb,
  mysql,
  postgres,
  redis,
  redis8,
  redisCluster,
  valkey,
];
