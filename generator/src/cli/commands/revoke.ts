import type { SessionStore } from "@sessgen/runtime";
import { exitCodes, SessgenError } from "../../errors.js";
import type { Target } from "../../live/live.js";
import { DEADLINE, withStore } from "../../live/open-store.js";
import { progressOf } from "../../live/progress.js";
import { decoded, runtimeOf, type SelectionOptions, select, undecoded } from "../../live/stored-sessions.js";
import { loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import { confirmed } from "../confirm.js";
import type { Io } from "../io.js";
import type { Reporter } from "../report.js";

/** Options of `sessgen revoke`. */
export interface RevokeOptions extends TargetOptions, SelectionOptions {
  /** Say how many would be removed, and remove none. */
  readonly dryRun: boolean;
  /** Ask nothing. */
  readonly yes: boolean;
  /** Everybody's. */
  readonly all: boolean;
}

/**
 * Removes one session, or all of a value, or logs everybody out. On a terminal it asks first when
 * that is more than one.
 * @throws SessgenError `revoke/not-found`, `inspect/…`, `backend/…`
 */
export async function revoke(options: RevokeOptions, io: Io, report: Reporter): Promise<number> {
  const { all, id, key, by, except } = options;
  if (all && [id, key, by, except].some((given) => given !== undefined))
    throw new SessgenError("cli/usage", "--all names every session there is: nothing goes with it");
  const target = await loadTarget(options, io, report, catalog);
  if (all) return withStore(target, (store) => revokeAll(target, store, options, io, report));
  const selection = await select(options, target);
  return withStore(target, async (store) => {
    if ("key" in selection) return revokeOne([selection.key, ...selection.earlier], store, options, report);
    const sessions = await decoded(target, store, selection);
    const { path, value, except } = selection;
    const { storeKey } = await runtimeOf(target);
    const spared = except === undefined ? undefined : storeKey(except, target.identity());
    const say = (line: string): void => report.line(line);
    const looking = progressOf({ say, what: "sessions found" });
    let found = 0;
    for await (const { key } of sessions.findBy(path, value)) {
      if (key === spared) continue;
      found += 1;
      looking.add(1);
    }
    report.data("found", found);
    if (options.dryRun) return done(report, 0, `${count(found)} would be removed`);
    if (found > 1 && !(await confirmed(`Remove ${count(found)}?`, options.yes, io, report))) {
      done(report, 0, "Nothing was removed");
      return exitCodes.usage;
    }
    // Looks again: a session that was given a new id since is removed, too.
    const total = { count: found, exact: true };
    const removing = progressOf({ say, what: "sessions removed", total });
    const removed = await sessions.destroyBy(path, value, except, (some) => removing.add(some));
    return done(report, removed, `${count(removed)} removed`);
  });
}

/** Removes by the keys alone, of which it has one: what cannot be decoded can be removed. */
async function revokeOne(
  keys: readonly string[],
  store: SessionStore,
  { dryRun }: RevokeOptions,
  report: Reporter,
): Promise<number> {
  const signal = AbortSignal.timeout(DEADLINE);
  let there = false;
  for (const key of keys) {
    const isThere = dryRun
      ? (await store.read(key, { signal })) !== undefined
      : await store.remove(key, { signal });
    there ||= isThere;
  }
  if (!there) throw new SessgenError("revoke/not-found", "There is no such session");
  report.data("found", 1);
  return done(report, dryRun ? 0 : 1, `${count(1)} ${dryRun ? "would be removed" : "removed"}`);
}

/** Ends every session by beginning another epoch: nothing has to be found, or decoded. */
async function revokeAll(
  target: Target,
  store: SessionStore,
  options: RevokeOptions,
  io: Io,
  report: Reporter,
): Promise<number> {
  report.data("all", !options.dryRun);
  if (options.dryRun) {
    report.line("Everybody would be logged out");
    return exitCodes.ok;
  }
  if (!(await confirmed("Log everybody out?", options.yes, io, report))) {
    report.data("all", false);
    report.line("Nobody was logged out");
    return exitCodes.usage;
  }
  await (await undecoded(target, store)).revokeAll();
  report.line("Everybody is logged out within 5 seconds");
  return exitCodes.ok;
}

function done(report: Reporter, removed: number, line: string): number {
  report.data("removed", removed);
  report.line(line);
  return exitCodes.ok;
}

function count(number: number): string {
  return `${number} session${number === 1 ? "" : "s"}`;
}
