import { createHash } from "node:crypto";
import type { RedisArgument, RedisConnection } from "./connection.js";
import { requestParts } from "./request.js";

/** A script, and the name the server knows it by once it was run. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

/** Runs a script by its hash, and by its text where the server does not know it (any more). */
export function runScript(
  connection: RedisConnection,
  { text, sha }: Script,
  keys: readonly [string, ...string[]],
  args: readonly RedisArgument[],
): Promise<unknown> {
  const count = String(keys.length);
  return connection.send("evalsha", keys[0], [sha, count, ...keys, ...args]).catch((error: unknown) => {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return connection.send("eval", keys[0], [text, count, ...keys, ...args]);
  });
}

/**
 * Whether a record (or its first 17 bytes) has expired by the caller's clock. The server deletes it up to a millisecond later,
 * or more where clocks differ; no operation may see it in between.
 */
const expired = `
local function expired(record, now)
  return #record >= 17 and struct.unpack(">d", record, 10) <= now
end
`;

/** Milliseconds to live until an expiry, given as its 8 bytes: whole ones, and none below one, as Redis takes them. */
const timeToLive = `
local function timeToLive(expiry, now)
  return math.max(1, math.ceil(struct.unpack(">d", expiry) - now))
end
`;

/** How much longer a set lives than its last member, in milliseconds: a server that evicts what ends soonest keeps the sets. */
const LONGER = 86_400_000;

/**
 * Enters a session into the set of a value: the member is its key, the score its expiry, which is never moved ahead (the flag GT
 * of ZADD needs Redis 6.2). Members that have expired go, and the set itself with the last one; a time to live instead of a
 * time keeps that right where the server's clock differs. ZADD is first, for Redis refuses a script for want of memory only at
 * its first change, and only if that is one that adds.
 */
const hint = `
local function hint(set, now, key, expiresAt)
  local score = redis.call("ZSCORE", set, key)
  if not score or tonumber(score) < tonumber(expiresAt) then score = expiresAt end
  redis.call("ZADD", set, score, key)
  redis.call("ZREMRANGEBYSCORE", set, "-inf", now)
  local last = redis.call("ZREVRANGE", set, 0, 0, "WITHSCORES")[2]
  if last then redis.call("PEXPIRE", set, math.ceil(last - now) + ${LONGER}) end
end
`;

/**
 * KEYS: the session's, then the sets it is to be found in. ARGV: a request with the record, the session's key in the sets, its expiry.
 */
export const writeScript: Script = script(`${expired}${timeToLive}${hint}${requestParts}
local current = redis.call("GET", KEYS[1])
if current and expired(current, now) then current = false end
if expected == ABSENT then
  if current then return current end
elseif expected ~= ANY then
  if not current or string.sub(current, 2, 9) ~= version then return current end
end
for i = 2, #KEYS do hint(KEYS[i], now, ARGV[2], ARGV[3]) end
redis.call("SET", KEYS[1], body, "PX", timeToLive(string.sub(body, 10, 17), now))
return 1
`);

/** KEYS: as for a write. ARGV: a request with the 8 bytes of the expiry, the session's key in the sets, its expiry. */
export const touchScript: Script = script(`${expired}${timeToLive}${hint}${requestParts}
local header = redis.call("GETRANGE", KEYS[1], 0, 16)
if #header < 17 or expired(header, now) then return 0 end
if expected ~= ANY and string.sub(header, 2, 9) ~= version then return 2 end
for i = 2, #KEYS do hint(KEYS[i], now, ARGV[2], ARGV[3]) end
redis.call("SETRANGE", KEYS[1], 9, body)
redis.call("PEXPIRE", KEYS[1], timeToLive(body, now))
return 1
`);

/** KEYS: the session's. ARGV: a request. */
export const removeScript: Script = script(`${expired}${requestParts}
local header = redis.call("GETRANGE", KEYS[1], 0, 16)
if expected ~= ANY and string.sub(header, 2, 9) ~= version then return 0 end
local removed = redis.call("DEL", KEYS[1])
if expired(header, now) then return 0 end
return removed
`);

/** KEYS: a set. ARGV: now, the session's key, its expiry. */
export const hintScript: Script = script(`${hint}
hint(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
return 1
`);

/**
 * A page of a set, as key, score, key, score. KEYS: the set. ARGV: the scores that are passed over, the most members to return;
 * after the first page, the last key and its score. A last one that has moved away since costs its equals a second look.
 */
export const pageScript: Script = script(`
local first = redis.call("ZCOUNT", KEYS[1], "-inf", ARGV[1])
if ARGV[3] and redis.call("ZSCORE", KEYS[1], ARGV[3]) == ARGV[4] then
  first = redis.call("ZRANK", KEYS[1], ARGV[3]) + 1
end
return redis.call("ZRANGE", KEYS[1], first, first + ARGV[2] - 1, "WITHSCORES")
`);
