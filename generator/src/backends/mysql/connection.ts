import type { Connection } from "mysql2/promise";
import { SessgenError } from "../../errors.js";
import { importDriver, missingDriver } from "../../live/driver.js";
import type { Target } from "../../live/live.js";

type Row = Readonly<Record<string, unknown>>;

/** One connection. */
export interface MysqlSession {
  /** Runs a statement; gives its rows, if it has any. */
  query(text: string, values?: readonly (string | number | Buffer | null)[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** How long connecting may take, in milliseconds. */
const CONNECT_TIMEOUT = 5000;

/** The code of MySQL and MariaDB for a database that is not there. */
const NO_DATABASE = "ER_BAD_DB_ERROR";

/**
 * Connects, and chooses the database of the config.
 * @throws SessgenError `backend/unavailable`, `backend/no-database`; `backend/missing-driver`
 */
export async function connectMysql({ config, options }: Target): Promise<MysqlSession> {
  const driver = (await importDriver(config.root, "mysql2/promise")) as
    | { createConnection(options: object): Promise<Connection> }
    | undefined;
  if (driver === undefined) throw missingDriver("mysql2");
  const url = String(options["url"]);
  const { database } = options;
  try {
    const connection = await driver.createConnection({
      uri: url,
      connectTimeout: CONNECT_TIMEOUT,
      ...(typeof database === "string" && { database }),
    });
    connection.on("error", () => {});
    return {
      query: async (text, values) => {
        const [result] = await connection.query(text, values && [...values]);
        return Array.isArray(result) ? (result as Row[]) : [];
      },
      close: () => connection.end(),
    };
  } catch (cause) {
    if (Reflect.get(Object(cause), "code") === NO_DATABASE)
      throw new SessgenError("backend/no-database", "The MySQL server has no database of that name", {
        cause,
      });
    const message = cause instanceof Error ? cause.message : String(cause);
    const shown = message.includes(url)
      ? "its url cannot be read"
      : message || String(Reflect.get(Object(cause), "code"));
    throw new SessgenError("backend/unavailable", `The MySQL server cannot be reached: ${shown}`, {
      // mysql2 quotes a url that it cannot read, with the password.
      ...(!message.includes(url) && { cause }),
    });
  }
}
