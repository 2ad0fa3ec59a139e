import type { FieldIndex } from "../../model/model.js";

/** A command that the store needs a permission for. AUTH and HELLO need none. */
export interface RedisCommand {
  /** As in an ACL: `get`, `cluster|slots`. */
  readonly name: string;
  /**
   * Gives the command with arguments that change nothing, so that a reply other than NOPERM means
   * that it is allowed.
   */
  probe(key: string): readonly string[];
}

/** What is known of a Redis backend without its environment. */
export interface RedisUse {
  /** The options; what comes from the environment is no text. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly indexes: readonly FieldIndex[];
}

/** What the store and its scripts do with sessions; a script is allowed what its user is. */
const sessionCommands: readonly RedisCommand[] = [
  { name: "get", probe: (key) => ["GET", key] },
  { name: "evalsha", probe: (key) => ["EVALSHA", "0".repeat(40), "1", key] },
  { name: "eval", probe: (key) => ["EVAL", "return 1", "1", key] },
  { name: "set", probe: (key) => ["SET", key, "", "XX"] },
  { name: "getrange", probe: (key) => ["GETRANGE", key, "0", "0"] },
  { name: "setrange", probe: (key) => ["SETRANGE", key, "0", ""] },
  { name: "pexpire", probe: (key) => ["PEXPIRE", key, "1"] },
  { name: "del", probe: (key) => ["DEL", key] },
];

/** What they do with the sorted sets that sessions are found through. */
const indexCommands: readonly RedisCommand[] = [
  { name: "time", probe: () => ["TIME"] },
  { name: "zadd", probe: (key) => ["ZADD", key, "XX", "0", "a"] },
  { name: "zscore", probe: (key) => ["ZSCORE", key, "a"] },
  { name: "zrank", probe: (key) => ["ZRANK", key, "a"] },
  { name: "zcount", probe: (key) => ["ZCOUNT", key, "0", "0"] },
  { name: "zrange", probe: (key) => ["ZRANGE", key, "0", "0"] },
  { name: "zrevrange", probe: (key) => ["ZREVRANGE", key, "0", "0"] },
  { name: "zrem", probe: (key) => ["ZREM", key, "a"] },
  { name: "zremrangebyscore", probe: (key) => ["ZREMRANGEBYSCORE", key, "0", "0"] },
];

/** Reads many sessions at once, which in a cluster are on different nodes. */
const mget: RedisCommand = { name: "mget", probe: (key) => ["MGET", key] };
/** ioredis waits with it until a server that has just started has read its data. */
const info: RedisCommand = { name: "info", probe: () => ["INFO", "server"] };
const select: RedisCommand = { name: "select", probe: () => ["SELECT", "0"] };
/** Who holds which keys, and what goes before a command for a key that is moving. */
const clusterCommands: readonly RedisCommand[] = [
  { name: "cluster|slots", probe: () => ["CLUSTER", "SLOTS"] },
  { name: "asking", probe: () => ["ASKING"] },
];
/**
 * ioredis asks whether all slots are there, and marks the connection that it learns about the
 * cluster through.
 */
const ioredisClusterCommands: readonly RedisCommand[] = [
  { name: "cluster|info", probe: () => ["CLUSTER", "INFO"] },
  { name: "client|setname", probe: () => ["CLIENT", "SETNAME", "sessgen"] },
];

/** Gives the commands that the store and its client library send, and no others. */
export function commandsOf({ options, indexes }: RedisUse): readonly RedisCommand[] {
  const { client, driver, nodes, sentinel, url } = options;
  // Nobody knows what the application's own client is.
  const own = client !== undefined;
  const ioredis = own || driver !== "redis";
  const cluster = own || nodes !== undefined;
  const database = own || (nodes === undefined && sentinel === undefined && namesDatabase(url));
  return [
    ...sessionCommands,
    ...(indexes.length > 0 ? indexCommands : []),
    ...(indexes.length > 0 && nodes === undefined ? [mget] : []),
    ...(ioredis ? [info] : []),
    ...(database ? [select] : []),
    ...(cluster ? clusterCommands : []),
    ...(cluster && ioredis ? ioredisClusterCommands : []),
  ];
}

/** Whether a connection may begin with SELECT: an address that is not known may name a database. */
function namesDatabase(url: unknown): boolean {
  if (typeof url !== "string" || !URL.canParse(url)) return true;
  return !/^\/?0?$/.test(new URL(url).pathname);
}

/** What keys begin with unless the config says otherwise. */
export const PREFIX = "session:";

/** Gives what every key of the config's sessions begins with. */
export function prefixOf({ options }: Pick<RedisUse, "options">): string {
  return String(options["prefix"] ?? PREFIX);
}

/** Gives the pattern, of an ACL or of SCAN, that matches this text. */
export function keyPattern(prefix: string): string {
  // A rule ends at whitespace, which nothing can quote: `?` is any one byte.
  return `${prefix.replace(/[*?[\]\\]/g, "\\$&").replace(/[\s\0]/g, (space) => "?".repeat(Buffer.byteLength(space)))}`;
}
