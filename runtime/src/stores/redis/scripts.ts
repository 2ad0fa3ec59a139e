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

/**
 * Runs a script by its hash, and by its text where the server does not know it (any more).
 * @param read - makes of the reply what is given back; the reply itself unless given
 */
export function runScript<T = unknown>(
  connection: RedisConnection,
  { text, sha }: Script,
  keys: readonly [string, ...string[]],
  args: readonly RedisArgument[],
  read: (reply: unknown) => T = asItIs,
): Promise<T> {
  const count = String(keys.length);
  return connection.send("evalsha", keys[0], [sha, count, ...keys, ...args]).then(read, (error: unknown) => {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return connection.send("eval", keys[0], [text, count, ...keys, ...args]).then(read);
  });
}

function asItIs<T>(reply: unknown): T {
  return reply as T;
}

/**
 * Whether a record (or its first 17 bytes) has expired by the caller's clock. The server deletes it
 * up to a millisecond later, or more where clocks differ; no operation may see it in between.
 */
const expired = `
local function expired(record, now)
  return #record >= 17 and struct.unpack(">d", record, 10) <= now
end
`;

/**
 * Milliseconds to live until an expiry, given as its 8 bytes: whole ones, and none below one, as
 * Redis takes them.
 */
const timeToLive = `
local function timeToLive(expiry, now)
  return math.max(1, math.ceil(struct.unpack(">d", expiry) - now))
end
`;

/**
 * The terms that stand in a record's header, as of `encodeEnvelope`: of a whole record, or of the
 * one under a name. What is none has none.
 */
const terms = `
local function listed(length, text)
  local terms, at = {}, 1
  while at <= length do
    local size = struct.unpack(">H", text, at)
    terms[string.sub(text, at + 2, at + 1 + size)] = true
    at = at + 2 + size
  end
  return terms
end
local function termsOf(record)
  if not record or #record < 19 or string.byte(record) ~= 2 then return {} end
  local length = struct.unpack(">H", record, 18)
  return listed(length, string.sub(record, 20, 19 + length))
end
local function termsAt(name)
  local head = redis.call("GETRANGE", name, 0, 18)
  if #head < 19 or string.byte(head) ~= 2 then return {} end
  local length = struct.unpack(">H", head, 18)
  return listed(length, redis.call("GETRANGE", name, 19, 18 + length))
end
`;

/**
 * How much longer a set lives than its last member, in milliseconds: a server that evicts what ends
 * soonest keeps the sets.
 */
const LONGER = 86_400_000;

/**
 * For how many seconds an entry stays that has expired by the clock of its node: those of a
 * cluster's nodes differ.
 */
const GRACE = 60;

/**
 * From what age on, in seconds, an entry belongs to no write under way that has entered its session
 * and not written it yet.
 */
const SETTLED = 60;

/**
 * Enters a session into the set of a value. The member is its key; the score is the second of the
 * server's time at which the session ends, never moved ahead (the flag GT of ZADD needs Redis 6.2).
 * Its fraction says when the entry was made, in seconds modulo 1024, and for which version: that is
 * what tells an entry that nothing stands behind from one whose session is about to be written, and
 * from another state's.
 *
 * Members that have expired go, and the set itself with the last one. All by the server's clock: no
 * process whose clock is ahead takes others' entries away. ZADD is first, for Redis refuses a
 * script for want of memory only at its first change, and only if that is one that adds.
 */
const entries = `
local function markOf(version) return struct.unpack(">H", version) % 1024 end
local function marks(score)
  local fraction = math.floor((score - math.floor(score)) * 1048576 + 0.5)
  return math.floor(fraction / 1024), fraction % 1024
end
local function seconds() return tonumber(redis.call("TIME")[1]) end
local function enter(set, key, lifetime, mark)
  local time = seconds()
  local ends = math.min(time + math.ceil(lifetime / 1000) + 1, 4294967295)
  local score = tonumber(redis.call("ZSCORE", set, key) or nil)
  if score then
    ends = math.max(ends, math.floor(score))
    if not mark then local _, its = marks(score); mark = its end
  end
  score = ends + ((time % 1024) * 1024 + (mark or 0)) / 1048576
  redis.call("ZADD", set, string.format("%.17g", score), key)
  redis.call("ZREMRANGEBYSCORE", set, "-inf", time - ${GRACE})
  local last = redis.call("ZREVRANGE", set, 0, 0, "WITHSCORES")[2]
  if last then redis.call("PEXPIRE", set, string.format("%.0f", (math.floor(last) - time) * 1000 + ${LONGER})) end
end
local function leave(sets, terms, key, kept)
  for term in pairs(terms) do
    if not kept[term] then redis.call("ZREM", sets .. term, key) end
  end
end
`;

/**
 * Fails, where one of the sets is on another node, before anything is changed.
 */
const reach = `
local function reach(sets, terms, key)
  for term in pairs(terms) do redis.call("ZSCORE", sets .. term, key) end
end
`;

/**
 * What a state leaves behind that could not be taken out of its sets here: its version, then the
 * terms.
 */
const leftBy = `
local function leftBy(record, terms, kept)
  local left = { string.sub(record, 2, 9) }
  for term in pairs(terms) do
    if not kept[term] then table.insert(left, term) end
  end
  return #left > 1 and left or 1
end
`;

/**
 * KEYS: the session's. ARGV: a request with the record; where the sets are on the same server, the
 * session's key in them and what their names begin with, too. Gives 1, what {@link leftBy} gives,
 * or what is there instead.
 */
export const writeScript: Script =
  script(`${expired}${timeToLive}${terms}${entries}${reach}${leftBy}${requestParts}
local current = redis.call("GET", KEYS[1])
local live = current and not expired(current, now) and current
if expected == ABSENT then
  if live then return live end
elseif expected ~= ANY then
  if not live or string.sub(live, 2, 9) ~= version then return live end
end
local lifetime = timeToLive(string.sub(body, 10, 17), now)
local before, after, left = {}, {}, 1
if keeps then
  if live and #live >= 19 and string.byte(live) == 2 then
    local last = 19 + struct.unpack(">H", live, 18)
    body = "\\2" .. string.sub(body, 2, 17) .. string.sub(live, 18, last) .. string.sub(body, 18)
  end
else
  before, after = termsOf(current), termsOf(body)
  if ARGV[3] then
    reach(ARGV[3], before, ARGV[2])
    reach(ARGV[3], after, ARGV[2])
    for term in pairs(after) do enter(ARGV[3] .. term, ARGV[2], lifetime, markOf(string.sub(body, 2, 3))) end
    leave(ARGV[3], before, ARGV[2], after)
  elseif current then
    left = leftBy(current, before, after)
  end
end
redis.call("SET", KEYS[1], body, "PX", lifetime)
return left
`);

/**
 * KEYS: the session's. ARGV: a request with the 8 bytes of the expiry, then as for a write. Gives
 * 0: gone, 1: done, 2: another version.
 */
export const touchScript: Script = script(`${expired}${timeToLive}${terms}${entries}${reach}${requestParts}
local header = redis.call("GETRANGE", KEYS[1], 0, 16)
if #header < 17 or expired(header, now) then return 0 end
if expected ~= ANY and string.sub(header, 2, 9) ~= version then return 2 end
local lifetime = timeToLive(body, now)
if ARGV[3] then
  local found = termsAt(KEYS[1])
  reach(ARGV[3], found, ARGV[2])
  for term in pairs(found) do enter(ARGV[3] .. term, ARGV[2], lifetime, markOf(string.sub(header, 2, 3))) end
end
redis.call("SETRANGE", KEYS[1], 9, body)
redis.call("PEXPIRE", KEYS[1], lifetime)
return 1
`);

/**
 * KEYS, ARGV: as for a write. Gives 0 where there was nothing to remove, 1, or what {@link leftBy}
 * gives.
 */
export const removeScript: Script = script(`${expired}${terms}${entries}${reach}${leftBy}${requestParts}
local header = redis.call("GETRANGE", KEYS[1], 0, 16)
if expected ~= ANY and string.sub(header, 2, 9) ~= version then return 0 end
local found, left = termsAt(KEYS[1]), 1
if ARGV[3] then
  reach(ARGV[3], found, ARGV[2])
  leave(ARGV[3], found, ARGV[2], {})
else
  left = leftBy(header, found, {})
end
local removed = redis.call("DEL", KEYS[1])
if removed == 0 or expired(header, now) then return 0 end
return left
`);

/**
 * Where sets are on other nodes. KEYS: a set. ARGV: the session's key, its time to live in
 * milliseconds, the first bytes of its version, if known.
 */
export const enterScript: Script = script(`${entries}
enter(KEYS[1], ARGV[1], ARGV[2], ARGV[3] and markOf(ARGV[3]))
return 1
`);

/**
 * Where sets are on other nodes. KEYS: a set. ARGV: the session's key, the first bytes of the
 * version that has left.
 */
export const leaveScript: Script = script(`${entries}
local score = redis.call("ZSCORE", KEYS[1], ARGV[1])
if not score then return 0 end
local _, mark = marks(tonumber(score))
if mark ~= markOf(ARGV[2]) then return 0 end
return redis.call("ZREM", KEYS[1], ARGV[1])
`);

const page = `
local function after(set, key, score)
  if not key then return 0 end
  if redis.call("ZSCORE", set, key) == score then return redis.call("ZRANK", set, key) + 1 end
  return redis.call("ZCOUNT", set, "-inf", "(" .. score)
end
local function page(set, count, key, score)
  local first = after(set, key, score)
  return redis.call("ZRANGE", set, first, first + count - 1, "WITHSCORES")
end
`;

/**
 * A page of a set, as key, score, key, score. KEYS: the set. ARGV: the most members to return;
 * after the first page, the last key and its score. A last one that has moved away since costs its
 * equals a second look.
 */
export const pageScript: Script = script(`${page}
return page(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
`);

/**
 * The same, and the sessions with it, of one moment, as key, score, record, key, score, record.
 * ARGV: what names of sessions begin with, then as before.
 */
export const pageOfSessionsScript: Script = script(`${page}
local members, sessions = page(KEYS[1], ARGV[2], ARGV[3], ARGV[4]), {}
for i = 1, #members, 2 do
  table.insert(sessions, members[i])
  table.insert(sessions, members[i + 1])
  table.insert(sessions, redis.call("GET", ARGV[1] .. members[i]))
end
return sessions
`);

/**
 * The first page with no more than the beginnings of records, as MessagePack, which Redis makes and
 * reads faster than many replies: the keys, and the beginnings. ARGV: the most members to return,
 * what names of sessions begin with, how many bytes of each.
 */
export const pageOfBeginningsScript: Script = script(`
local set, prefix, last, call = KEYS[1], ARGV[2], ARGV[3] - 1, redis.call
local members, records = call("ZRANGE", set, 0, ARGV[1] - 1), {}
for i = 1, #members do records[i] = call("GETRANGE", prefix .. members[i], 0, last) end
return cmsgpack.pack(members, records)
`);

/** The beginnings alone. KEYS: names of sessions. ARGV: how many bytes of each. */
export const beginningsScript: Script = script(`
local last, call, records = ARGV[1] - 1, redis.call, {}
for i = 1, #KEYS do records[i] = call("GETRANGE", KEYS[i], 0, last) end
return cmsgpack.pack(records)
`);

/**
 * Takes members out of a set behind which there is no session of that value. KEYS: the set. ARGV:
 * what names of sessions begin with, the term, then keys.
 */
export const purgeScript: Script = script(`${terms}
for i = 3, #ARGV do
  if not termsAt(ARGV[1] .. ARGV[i])[ARGV[2]] then redis.call("ZREM", KEYS[1], ARGV[i]) end
end
return 1
`);

/**
 * The same where sessions are on other nodes, and were looked at before. KEYS: the set. ARGV: key,
 * score, key, score.
 */
export const purgeSettledScript: Script = script(`${entries}
local time = seconds()
for i = 1, #ARGV, 2 do
  if redis.call("ZSCORE", KEYS[1], ARGV[i]) == ARGV[i + 1] then
    local made = marks(tonumber(ARGV[i + 1]))
    if (time - made) % 1024 >= ${SETTLED} then redis.call("ZREM", KEYS[1], ARGV[i]) end
  end
end
return 1
`);
