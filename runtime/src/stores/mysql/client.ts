import type { Socket } from "node:net";
import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import { SessionError } from "../../errors.js";

import { timedOut } from "../../time/deadline.js";
import { isSpoiled } from "./errors.js";

/** A value of a statement. */
export type MysqlValue = Buffer | string | number | null;

/** What a statement gave. */
export interface MysqlResult {
  /** The columns of each row, in the order of the statement. */
  readonly rows: readonly (readonly unknown[])[];
  /** How many rows were found or changed. */
  readonly count: number;
  /** What the statement passed through `LAST_INSERT_ID()`, else 0. */
  readonly insertId: number;
}

/** Runs one statement, prepared once per connection under its text. */
export type Execute = (sql: string, values: readonly MysqlValue[]) => Promise<MysqlResult>;

/** A connection that cannot be made within this many milliseconds is not waited for any longer. */
const CONNECT_TIMEOUT = 2000;

/**
 * Makes a pool; connections are made at the first use.
 * @throws SessionError `store/missing-driver`
 */
export async function createPool(url: string, poolSize: number): Promise<Pool> {
  const mysql = await import("mysql2/promise").catch((cause: unknown) => {
    throw new SessionError("store/missing-driver", "The package mysql2 is not installed", { cause });
  });
  let pool: Pool;
  try {
    pool = mysql.createPool({ uri: url, connectionLimit: poolSize, connectTimeout: CONNECT_TIMEOUT });
  } catch {
    // Without the cause: it quotes the url, with the password.
    throw new SessionError("store/unavailable", "The url of the mysql store cannot be read");
  }
  // mysql2 listens for the first error of a connection; a second one would end the process.
  pool.on("connection", (connection) => connection.on("error", () => {}));
  return pool;
}

/**
 * Does something on a connection of its own. Once the signal aborts, the connection is destroyed:
 * it is still busy with what nobody waits for any more, and whoever got it next would wait for
 * that. mysql2 never settles what was under way then.
 */
export async function onConnection<T>(
  pool: Pool,
  signal: AbortSignal | undefined,
  work: (execute: Execute) => Promise<T>,
): Promise<T> {
  let given: PoolConnection | undefined;
  const done = async (): Promise<T> => {
    const connection = await pool.getConnection();
    if (signal?.aborted) {
      connection.release();
      throw timedOut("mysql", signal.reason);
    }
    given = connection;
    return await work(executeOn(connection));
  };
  try {
    return await settled(done(), signal);
  } catch (error) {
    if (given !== undefined && (signal?.aborted || isSpoiled(error))) cut(given);
    throw error;
  } finally {
    // A destroyed connection has left the pool already.
    given?.release();
  }
}

/** Settles as the work does, or rejects as soon as the signal aborts. */
function settled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(timedOut("mysql", signal.reason));
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
  });
}

function executeOn(connection: PoolConnection): Execute {
  // A function costs each row twelve times what it costs otherwise: only against the application's.
  const { typeCast } = connection.config;
  const plain = typeof typeCast === "function" ? (_field: unknown, next: () => unknown) => next() : true;
  return async (sql, values) => {
    const [result] = await connection.execute<RowDataPacket[][] | ResultSetHeader>({
      sql,
      values: [...values],
      // Whatever the application's own pool is set to.
      rowsAsArray: true,
      nestTables: false,
      typeCast: plain,
    });
    if (Array.isArray(result)) return { rows: result, count: result.length, insertId: 0 };
    return { rows: [], count: result.affectedRows, insertId: Number(result.insertId) };
  };
}

/** More than a statement holds beside the payload, in bytes. */
const PACKET_MARGIN = 4096;

/**
 * Tells whether a payload was too large to send, after the connection broke: the server closes it
 * on a packet larger than its `max_allowed_packet`, often before the reason it gives is read.
 *
 * @param size - of the payload, in bytes; 0 for none
 */
export async function exceedsPacket(
  pool: Pool,
  signal: AbortSignal | undefined,
  size: number,
): Promise<boolean> {
  if (size === 0) return false;
  const work = (execute: Execute) => execute("SELECT @@max_allowed_packet", []);
  const result = await onConnection(pool, signal, work).catch(() => undefined);
  return result !== undefined && size + PACKET_MARGIN > Number(result.rows[0]?.[0]);
}

/**
 * mysql2 takes a destroyed connection out of the pool, but closes its socket only when the server
 * has answered.
 */
function cut(connection: PoolConnection): void {
  connection.destroy();
  const { stream } = connection.connection as { readonly stream?: Socket };
  stream?.destroy();
}
