import type { Client } from "pg";
import type { Sql } from "postgres";
import { SessgenError } from "../../errors.js";
import { importDriver, missingDriver } from "../../live/driver.js";
import type { Target } from "../../live/live.js";
import type { Table } from "../sql/snapshot.js";
import { postgres as dialect } from "./dialect.js";

type Row = Readonly<Record<string, unknown>>;

/** One connection. */
export interface PostgresSession {
  /** Runs a statement; without values, any number of statements at once. */
  query(text: string, values?: readonly (string | number | null)[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** How long connecting may take, in milliseconds. */
const CONNECT_TIMEOUT = 5000;

/** PostgreSQL's code for a database that is not there. */
const NO_DATABASE = "3D000";

const { quote } = dialect;

/**
 * Connects with the library of the config, or the first there is.
 * @throws SessgenError `backend/unavailable`, `backend/no-database`; `migrate/failed` when no
 *   library is installed
 */
export async function connectPostgres({ config, options }: Target): Promise<PostgresSession> {
  const url = String(options["url"]);
  const wanted = options["driver"];
  const names = typeof wanted === "string" ? [wanted] : ["pg", "postgres"];
  for (const name of names) {
    const driver = await importDriver(config.root, name);
    if (driver === undefined) continue;
    try {
      return name === "pg" ? await withPg(driver, url) : await withPostgresJs(driver, url);
    } catch (cause) {
      if (Reflect.get(Object(cause), "code") === NO_DATABASE)
        throw new SessgenError("backend/no-database", "PostgreSQL has no database of that name", { cause });
      const message = cause instanceof Error ? cause.message : String(cause);
      const shown = message.includes(url)
        ? "its url cannot be read"
        : message || String(Reflect.get(Object(cause), "code"));
      throw new SessgenError("backend/unavailable", `PostgreSQL cannot be reached: ${shown}`, { cause });
    }
  }
  throw missingDriver(...names);
}

/** Gives the path of a table. */
export function postgresPath({ schema, name }: Pick<Table, "schema" | "name">): string {
  return schema === undefined ? quote(name) : `${quote(schema)}.${quote(name)}`;
}

async function withPg(driver: unknown, url: string): Promise<PostgresSession> {
  const { Client: Connection } = driver as { readonly Client: typeof Client };
  const client = new Connection({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT });
  client.on("error", () => {});
  await client.connect();
  return {
    query: async (text, values) => (await client.query<Row>(text, values && [...values])).rows,
    close: () => client.end(),
  };
}

async function withPostgresJs(driver: unknown, url: string): Promise<PostgresSession> {
  const make = driver as (url: string, options: object) => Sql;
  const sql = make(url, { max: 1, connect_timeout: CONNECT_TIMEOUT / 1000, onnotice: () => {} });
  try {
    const session = await sql.reserve();
    return {
      query: (text, values) =>
        values === undefined ? session.unsafe(text) : session.unsafe(text, [...values]),
      close: async () => {
        session.release();
        await sql.end({ timeout: 5 });
      },
    };
  } catch (error) {
    await sql.end({ timeout: 1 });
    throw error;
  }
}
