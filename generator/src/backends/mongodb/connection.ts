import type { Collection, Db, MongoClient } from "mongodb";
import { SessgenError } from "../../errors.js";
import { importDriver, missingDriver } from "../../live/driver.js";
import type { Target } from "../../live/live.js";

type Driver = typeof import("mongodb");

/** A session as the store keeps it; what is in the collection may be something else. */
export interface SessionDocument {
  readonly _id: string;
  readonly payload?: unknown;
  readonly version?: unknown;
  readonly [by: `by_${string}`]: unknown;
}

/** Where the sessions of a target are. */
export interface Sessions {
  readonly db: Db;
  readonly collection: Collection<SessionDocument>;
  /** What the `_id` of the target's own sessions begins with. */
  readonly prefix: string;
}

/**
 * Connects, works on the collection and disconnects.
 * @param roles - that the work takes, for whoever lacks them
 * @throws SessgenError `backend/unavailable`, `backend/failed`, `migrate/denied`, `migrate/failed`
 *   without a driver
 */
export async function withSessions<T>(
  { config, options }: Target,
  roles: string,
  work: (sessions: Sessions) => Promise<T>,
): Promise<T> {
  const driver = (await importDriver(config.root, "mongodb")) as Driver | undefined;
  if (driver === undefined) throw missingDriver("mongodb");
  const client = open(driver, String(options["url"]));
  try {
    const { database, collection = "sessions", prefix = "" } = options as Readonly<Record<string, string>>;
    const db = client.db(database);
    const settings = { readPreference: "primary", promoteBuffers: true } as const;
    return await work({ db, collection: db.collection<SessionDocument>(collection, settings), prefix });
  } catch (cause) {
    throw failure(cause, roles);
  } finally {
    await client.close();
  }
}

/** Tells whether an error is one of these of the server's. */
export function isError(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}

function open({ MongoClient }: Driver, url: string): MongoClient {
  const timeout = /[?&]serverSelectionTimeoutMS=/i.test(url) ? {} : { serverSelectionTimeoutMS: 5000 };
  try {
    return new MongoClient(url, { appName: "sessgen", ...timeout });
  } catch {
    // Without the driver's own error, whose message may contain the url and its password.
    throw new SessgenError("backend/unavailable", "The url is not one that MongoDB's driver accepts");
  }
}

/** Every failure of the driver or the server as a problem of ours. */
function failure(cause: unknown, roles: string): SessgenError {
  if (cause instanceof SessgenError) return cause;
  const { name, message } = cause instanceof Error ? cause : { name: "", message: String(cause) };
  // UserNotFound, AuthenticationFailed, and AtlasError, which is what Atlas has for a wrong
  // password, too.
  if (isError(cause, 11, 18) || (isError(cause, 8000) && /authentication failed/i.test(message)))
    return new SessgenError("backend/unavailable", "MongoDB refuses the credentials", { cause });
  // Unauthorized
  if (isError(cause, 13)) {
    const fix = `Name an account with ${roles} on the database, in the environment of this command.`;
    return new SessgenError("migrate/denied", "MongoDB does not let this account do that", { fix, cause });
  }
  // The operating system's errors have a word for a code: ENOTFOUND.
  const system = cause instanceof Error && "code" in cause && typeof cause.code === "string";
  if (system || /Network|Timeout|ServerSelection|PoolCleared|TopologyClosed|ServerClosed/.test(name))
    return new SessgenError("backend/unavailable", `MongoDB cannot be reached: ${message}`, { cause });
  return new SessgenError("backend/failed", `MongoDB refuses: ${message}`, { cause });
}
