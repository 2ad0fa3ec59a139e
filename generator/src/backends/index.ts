import { SessgenError } from "../errors.js";
import type { Backend } from "./backend.js";
import { cookie } from "./cookie.js";
import { dynamodb } from "./dynamodb.js";
import { expressStore } from "./express-store.js";
import { file } from "./file.js";
import { keyv } from "./keyv.js";
import { lmdb } from "./lmdb.js";
import { memcached } from "./memcached.js";
import { memory } from "./memory.js";
import { mongodb } from "./mongodb.js";
import { mysql } from "./mysql.js";
import { postgres } from "./postgres.js";
import { redis } from "./redis.js";
import { sqlite } from "./sqlite.js";
import { unstorage } from "./unstorage.js";

/** Every backend, by its kind. To add one: its descriptor, and a line here. */
export const backends: ReadonlyMap<string, Backend> = new Map(
  [
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
  ].map((descriptor) => [descriptor.kind, descriptor]),
);

/** The descriptor of a kind that the config's validation has let through. */
export function backend(kind: string): Backend {
  const found = backends.get(kind);
  if (found === undefined) throw new SessgenError("internal/bug", `There is no backend ${kind}`);
  return found;
}
