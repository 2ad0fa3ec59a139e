import type { MigrateRequest, Target } from "../../live/live.js";
import type { LedgerEntry } from "./ledger.js";
import type { RefillDatabase } from "./refill.js";

/** A database as migrations see it; what is done, and the note of it, belong together. */
export interface SqlDatabase extends RefillDatabase {
  /**
   * Does the work while no other `sessgen migrate` does any; SQLite, which has nothing of the kind,
   * at once.
   */
  exclusively<T>(request: MigrateRequest, work: () => Promise<T>): Promise<T>;
  /**
   * Reads the ledger; nothing when there is none yet.
   * @throws SessgenError `migrate/older-ledger`
   */
  ledger(): Promise<readonly LedgerEntry[]>;
  /** Makes the ledger unless it is there. */
  prepare(): Promise<void>;
  /**
   * Runs a script and enters in the ledger that it was done.
   * @returns false when somebody else did it meanwhile
   */
  apply(entry: LedgerEntry, script: string, request: MigrateRequest): Promise<boolean>;
  /** Runs a script and takes what it undoes out of the ledger. */
  undo(entry: LedgerEntry, script: string, request: MigrateRequest): Promise<void>;
  /** Enters it in the ledger as applied. */
  note(entry: LedgerEntry): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database of a target; nothing when it does not exist and must not be made. */
export type OpenDatabase = (target: Target, make: boolean) => Promise<SqlDatabase | undefined>;
