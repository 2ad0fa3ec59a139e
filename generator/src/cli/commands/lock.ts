import { exitCodes } from "../../errors.js";
import type { Allocation } from "../../lock/lock.js";
import { prepare } from "../../output/prepare.js";
import { catalog } from "../catalog.js";
import type { Io } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";
import { writePlanned } from "./generate.js";

/** Options of `sessgen lock`. */
export interface LockOptions extends CommonOptions {
  /** Give the slots back, and emit everything anew. */
  readonly compact: boolean;
}

/**
 * Lists what the lock gave a slot that no commit ever had and the schema has no longer; with
 * `--compact`, takes it out of the lock.
 */
export async function lock(options: LockOptions, _io: Io, report: Reporter): Promise<number> {
  const prepared = await prepare({ ...options, compact: true }, catalog);
  const { givenBack, loaded, warnings } = prepared;
  report.data(
    "givenBack",
    givenBack.map(({ key, slot, type }) => ({ path: key, slot, type })),
  );
  if (givenBack.length === 0) {
    for (const warning of warnings) report.warn(warning);
    report.line(`Nothing to give back: all in ${loaded.config.lock} is in the schema, or was committed`);
    return exitCodes.ok;
  }
  report.line(
    `${options.compact ? "Given back" : "Never committed, and not in the schema"}: ${listOf(givenBack)}`,
  );
  if (options.compact) await writePlanned(prepared, options, report);
  else report.line("npx sessgen lock --compact gives the slots back");
  return exitCodes.ok;
}

/** `tried (slot 3), user.nick (slot 2)`. */
function listOf(allocations: readonly Allocation[]): string {
  return allocations.map(({ key, slot }) => `${key} (slot ${slot})`).join(", ");
}
