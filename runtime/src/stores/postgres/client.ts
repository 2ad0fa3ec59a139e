import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { Sql } from "postgres";
import { SessionError } from "../../errors.js";

/** A value of a statement. */
export type PostgresValue = string | number | Uint8Array | null;

/** A row, by column. */
export type PostgresRow = Readonly<Record<string, unknown>>;

/** What a statement gave, and how many rows it found or changed. */
export interface PostgresResult {
  readonly rows: readonly PostgresRow[];
  readonly count: number;
}

/** What the store needs of a client library. */
export interface PostgresConnection {
  /** Runs one statement, prepared once per connection under its text. */
  query(text: string, values: readonly PostgresValue[]): Promise<PostgresResult>;
  /** Waits for what is under way and closes all connections. */
  close(): Promise<void>;
}

/** The client libraries, in the order in which they are tried. */
export const postgresDrivers = ["pg", "postgres"] as const;

/** One of {@link postgresDrivers}. */
export type PostgresDriver = (typeof postgresDrivers)[number];

/**
 * A pool of pg's, or of what has the same `query` (PGlite, Neon's driver), or the `sql` of
 * postgres.js.
 */
export type PostgresClient = Pick<Pool, "query"> | Sql;

/** Uses the application's own client; closing the connection leaves it open. */
export function useClient(client: PostgresClient): PostgresConnection {
  const connection = "unsafe" in client ? fromPostgresJs(client) : fromPg(client);
  return { query: connection.query, close: async () => {} };
}

/**
 * Makes a pool with the first library there is.
 * @throws SessionError `store/missing-driver`
 */
export async function connect(
  url: string,
  poolSize: number,
  driver?: PostgresDriver,
): Promise<PostgresConnection> {
  const causes: unknown[] = [];
  for (const name of driver === undefined ? postgresDrivers : [driver]) {
    try {
      return name === "pg" ? await connectPg(url, poolSize) : await connectPostgresJs(url, poolSize);
    } catch (cause) {
      causes.push(cause);
    }
  }
  const name = driver === undefined ? "Neither of the packages pg and postgres" : `The package ${driver}`;
  const verb = driver === undefined ? "could" : "could not";
  throw new SessionError("store/missing-driver", `${name} ${verb} be loaded`, {
    cause: new AggregateError(causes, "Why each could not be loaded"),
  });
}

/** A connection that cannot be made within this many milliseconds is not waited for any longer. */
const CONNECT_TIMEOUT = 2000;

async function connectPg(url: string, poolSize: number): Promise<PostgresConnection> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // A connection that breaks while nobody uses it is replaced at the next use; without a listener
  // it would end the process.
  pool.on("error", () => {});
  return { ...fromPg(pool), close: () => pool.end() };
}

async function connectPostgresJs(url: string, poolSize: number): Promise<PostgresConnection> {
  const { default: postgres } = await import("postgres");
  const sql = postgres(url, {
    max: poolSize,
    connect_timeout: CONNECT_TIMEOUT / 1000,
    // What it asks for the types of arrays, which no statement has. Cut off in between, that would
    // end the process: nobody catches it.
    fetch_types: false,
    onnotice: () => {},
  });
  return { ...fromPostgresJs(sql), close: () => sql.end({ timeout: 5 }) };
}

function fromPg(pool: Pick<Pool, "query">): PostgresConnection {
  const names = new Map<string, string>();
  return {
    query: async (text, values) => {
      // pg prepares what has a name, once per connection; a name must not stand for two texts,
      // whoever else uses the pool.
      const name = names.get(text) ?? `sessgen_${createHash("sha1").update(text).digest("hex")}`;
      names.set(text, name);
      const { rows, rowCount } = await pool.query<Record<string, unknown>>({
        name,
        text,
        values: values.map(bufferOf),
      });
      return { rows, count: rowCount ?? 0 };
    },
    close: async () => {},
  };
}

function fromPostgresJs(sql: Sql): PostgresConnection {
  return {
    query: async (text, values) => {
      const rows = await sql.unsafe(text, values.map(bufferOf), { prepare: true });
      return { rows, count: rows.count };
    },
    close: async () => {},
  };
}

/** Both know bytes as a Buffer. */
function bufferOf(value: PostgresValue): string | number | Buffer | null {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
