import type { EnvReference } from "./resolved.js";

/** Sessions in the application's own memory: gone with the process, not shared. For development and tests. */
export interface MemoryBackend {
  readonly kind: "memory";
  /** The most sessions kept; the least recently used one goes first. Default 100 000. */
  readonly maxEntries?: number;
  /** The most bytes of payloads and keys kept. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** One file per session. Safe among several processes of one machine. */
export interface FileBackend {
  readonly kind: "file";
  /** The folder; made when missing, readable by this user alone. */
  readonly directory: string | EnvReference;
  /**
   * The most sessions kept; those written or touched longest ago go first, though their users are still there. Default: no bound, and
   * `sessgen sweep` deletes what has expired.
   */
  readonly maxEntries?: number;
  /** Permissions of the files. Default 0o600: anything wider lets other users of the machine read sessions. */
  readonly mode?: number;
}

/** An SQLite database: `node:sqlite` where Node has it, otherwise better-sqlite3 or libsql. For the processes of one machine. */
export interface SqliteBackend {
  readonly kind: "sqlite";
  /** The database file; `sessgen migrate` makes its table. */
  readonly file: string | EnvReference;
  /** The driver to use; otherwise the first there is of these. */
  readonly driver?: "node:sqlite" | "better-sqlite3" | "libsql";
  /** Default `sessions`. */
  readonly table?: string;
  /** How long an operation waits while another process writes, in milliseconds. Default 2000. */
  readonly busyTimeout?: number;
  /** Delete expired sessions about every so many requests. Default 1000; 0 for never. */
  readonly cleanup?: number;
}

/** LMDB: memory that all processes of one machine share, kept in a folder on a local disk. */
export interface LmdbBackend {
  readonly kind: "lmdb";
  /** The folder; made when missing, readable by this user alone. */
  readonly path: string | EnvReference;
  /**
   * The most bytes that sessions may take up. Default: what the disk holds. Beyond it no session begins or grows until
   * `sessgen sweep` has deleted expired ones.
   */
  readonly mapSize?: number;
  /** Keeps the sessions of several applications apart in one folder. Default `session:`. */
  readonly prefix?: string | EnvReference;
}

/** Redis, 6 or later, or Valkey, through ioredis or node-redis. Takes one of `url`, `nodes` and `sentinel`, or `client`. */
export interface RedisBackend {
  readonly kind: "redis";
  /** `redis://` or `rediss://` (TLS). Without TLS everybody on the way reads the password and the sessions. */
  readonly url?: string | EnvReference;
  /** Some nodes of a cluster, as `redis://` or `rediss://`; the others are discovered. The first one's credentials hold for all. */
  readonly nodes?: readonly (string | EnvReference)[];
  /** The Sentinels to ask for the primary. */
  readonly sentinel?: RedisSentinel;
  /** With `rediss://`, the certificates to trust instead of the well-known ones, in PEM. */
  readonly ca?: string | EnvReference;
  /**
   * A module that exports a client of the application's own, from either library; relative to the config file. An address besides
   * it is for the commands of sessgen.
   */
  readonly client?: string;
  /** The library; otherwise the first that is installed of ioredis and node-redis, whose package is called redis. */
  readonly driver?: "ioredis" | "redis";
  /** What every key begins with. Default `session:`. */
  readonly prefix?: string | EnvReference;
}

/** A primary of Redis that Sentinels name. */
export interface RedisSentinel {
  /** What the Sentinels call the primary, such as `mymaster`. */
  readonly name: string | EnvReference;
  /** The Sentinels, as `redis://` or `rediss://`, with their own credentials; `rediss://` holds for the primary, too. */
  readonly nodes: readonly (string | EnvReference)[];
  /** The user at the primary. Default `default`. */
  readonly username?: string | EnvReference;
  /** The password at the primary. */
  readonly password?: string | EnvReference;
}

/**
 * Memcached, 1.4 or later, through memcache-client or memjs. A cache: a restart loses all sessions, and a server that runs short of
 * memory loses some. Takes `servers` or `client`.
 */
export interface MemcachedBackend {
  readonly kind: "memcached";
  /**
   * Each `host` or `host:port` (11211); one text may name several, with commas. Sessions are spread over them by their keys: every
   * process has to have the same servers, and another list loses the sessions whose keys move.
   */
  readonly servers?: string | EnvReference | readonly (string | EnvReference)[];
  /**
   * A module that exports a client of the application's own; relative to the config file. `servers` besides it is for the commands
   * of sessgen.
   */
  readonly client?: string;
  /** What every key begins with. Default `session:`. */
  readonly prefix?: string | EnvReference;
}

/** MongoDB, 5 or later, or another server that speaks its protocol. Takes `url` or `client`. */
export interface MongodbBackend {
  readonly kind: "mongodb";
  /** `mongodb://` or `mongodb+srv://`. */
  readonly url?: string | EnvReference;
  /** A module that exports a MongoClient of the application's own; relative to the config file. `url` besides it is for the commands of sessgen. */
  readonly client?: string;
  /** Default: the one in the address, or else `test`, as the driver has it. */
  readonly database?: string | EnvReference;
  /** Default `sessions`. */
  readonly collection?: string | EnvReference;
  /** What every `_id` begins with, so that applications can share a collection. Default: nothing. */
  readonly prefix?: string | EnvReference;
}

/** A table of DynamoDB. The SDK finds the credentials. */
export interface DynamodbBackend {
  readonly kind: "dynamodb";
  /** A name of 3 to 255 letters, digits, `_`, `-` and `.`, or an ARN. Default `sessions`. */
  readonly table?: string | EnvReference;
  /** Default: what the SDK finds, in `AWS_REGION` or the profile. */
  readonly region?: string | EnvReference;
  /** The URL of another DynamoDB than the region's, such as DynamoDB Local's. */
  readonly endpoint?: string | EnvReference;
  /**
   * A module that exports a DynamoDBClient or DynamoDBDocumentClient of the application's own; relative to the config file. `region`
   * and `endpoint` are for the commands of sessgen then.
   */
  readonly client?: string;
  /** What every key begins with, where applications share a table. Default: nothing. */
  readonly prefix?: string | EnvReference;
  /** The attribute that is the table's partition key, a string. Default `id`. */
  readonly partitionKey?: string | EnvReference;
  /** The attribute that the table's TTL goes by, in seconds since the Unix epoch. Default `expires`. */
  readonly ttlAttribute?: string | EnvReference;
  /**
   * Default `true`. With `false` reads cost half and may miss what was written a moment ago: a session that has just begun reads as
   * absent, one that was just destroyed as present. Writes go by the current state in either case.
   */
  readonly consistentRead?: boolean;
  /**
   * Of the emitted table. `"on-demand"` (default), or capacity units per second: cheaper under an even load, while requests beyond
   * them are refused.
   */
  readonly billing?: "on-demand" | { readonly read: number; readonly write: number };
  /**
   * Of the emitted table. Default `false`. With `true` the table can be restored as it was at any second of the last 35 days, which
   * brings destroyed sessions back.
   */
  readonly pointInTimeRecovery?: boolean;
  /** Of the emitted table: whose key encrypts it. Default `"aws-owned"`; the others cost money per key and per call. */
  readonly encryption?: "aws-owned" | "aws-managed" | { readonly kmsKeyArn: string | EnvReference };
}

/** PostgreSQL, 13 or later, through pg or postgres.js. Takes `url` or `client`. */
export interface PostgresBackend {
  readonly kind: "postgres";
  /** `postgres://…`. */
  readonly url?: string | EnvReference;
  /**
   * A module that exports a Pool of pg's or the `sql` of postgres.js; relative to the config file. `url` besides it is for the commands
   * of sessgen.
   */
  readonly client?: string;
  /** The library with `url`; otherwise the first that is installed of pg and postgres. */
  readonly driver?: "pg" | "postgres";
  /** Default: what the connection's `search_path` says. */
  readonly schema?: string;
  /** Default `sessions`; `sessgen migrate` makes it. */
  readonly table?: string;
  /**
   * The primary key. `"natural"` (default): the session's own. `"identity"`: a number that PostgreSQL gives, as some rules for
   * databases want it; costs a second index.
   */
  readonly layout?: "natural" | "identity";
  /**
   * Default `false`. With `true` nothing is written to the log: writes are faster, but after a crash of the server the table is
   * empty and everybody is logged out; replicas never have it.
   */
  readonly unlogged?: boolean;
  /** The most connections with `url`. Default 10. */
  readonly poolSize?: number;
  /** Deletes expired sessions about every so many requests. Default 1000; 0 for never, when `sessgen sweep` or a scheduler does it. */
  readonly cleanup?: number;
}

/** MySQL, 8.4 or later, or MariaDB, 10.6 or later, through mysql2. Takes `url` or `client`. */
export interface MysqlBackend {
  readonly kind: "mysql";
  /** `mysql://user:password@host:3306/database`. */
  readonly url?: string | EnvReference;
  /** A module that exports a pool of `mysql2/promise`; relative to the config file. `url` besides it is for the commands of sessgen. */
  readonly client?: string;
  /** Default: the one that the connection names. */
  readonly database?: string | EnvReference;
  /** Default `sessions`; `sessgen migrate` makes it. */
  readonly table?: string;
  /** The most connections with `url`. Default 10. */
  readonly poolSize?: number;
  /** Deletes expired sessions about every so many requests. Default 1000; 0 for never, when `sessgen sweep` or a scheduler does it. */
  readonly cleanup?: number;
}

/**
 * Anything Keyv has an adapter for. Atomic within one process only: two processes that change a session at once lose one of the
 * changes.
 */
export interface KeyvBackend {
  readonly kind: "keyv";
  /** A module that exports the Keyv; relative to the config file. */
  readonly module: string;
  /** What every key begins with, after the Keyv's namespace. Default `session:`. */
  readonly prefix?: string | EnvReference;
}

/**
 * Anything unstorage has a driver for. Atomic within one process only: two processes that change a session at once lose one of the
 * changes.
 */
export interface UnstorageBackend {
  readonly kind: "unstorage";
  /** A module that exports the storage; relative to the config file. */
  readonly module: string;
  /** What every key begins with; colons separate, as in all keys of unstorage. Default `session:`. */
  readonly prefix?: string | EnvReference;
}

/**
 * Any store made for express-session. Atomic within one process only: two processes that change a session at once lose one of the
 * changes.
 */
export interface ExpressStoreBackend {
  readonly kind: "express-store";
  /** A module that exports the store; relative to the config file. */
  readonly module: string;
}

/**
 * The cookie itself: nothing to run. A session cannot be revoked, of two requests at once the later response wins, and there is room
 * for some kilobytes.
 */
export interface CookieBackend {
  readonly kind: "cookie";
  /** At least 32 random characters each. The first protects, all open; to rotate, put a new one in front. */
  readonly secrets: readonly [EnvReference, ...EnvReference[]];
  /**
   * `"sealed"` (default): encrypted (AES-256-GCM). `"signed"` (HMAC-SHA-256): a third shorter, and whoever has the cookie reads the
   * session.
   */
  readonly mode?: "sealed" | "signed";
  /**
   * The most cookies of 3800 characters that one session may take, 1 to 5. Default 2: with more, many proxies refuse the header,
   * which is then beyond 8 kB.
   */
  readonly maxChunks?: number;
}

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
