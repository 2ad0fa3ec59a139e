import type { SweepCursor } from "@sessgen/runtime";
import { exitCodes } from "../../errors.js";
import { withStore } from "../../live/open-store.js";
import { type Progress, progressOf } from "../../live/progress.js";
import { runtimeOf } from "../../live/stored-sessions.js";
import { loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import type { Io } from "../io.js";
import type { Reporter } from "../report.js";

/** Options of `sessgen sweep`. */
export interface SweepOptions extends TargetOptions {
  /** The most records deleted in one batch. */
  readonly limit: number;
  /** The least between two batches, in milliseconds. */
  readonly pause: number;
  /** What part of the time batches may take. */
  readonly share: number;
}

/** Deletes expired sessions where the backend does not do so itself. */
export async function sweep(options: SweepOptions, io: Io, report: Reporter): Promise<number> {
  const { limit, pause, share } = options;
  const { signal } = io;
  const target = await loadTarget(options, io, report, catalog);
  const { identityOf, sweepInBatches } = await runtimeOf(target);
  const { tag: application } = identityOf(target.identity());
  return withStore(target, async (store) => {
    if (store.sweep === undefined) {
      report.data("deleted", 0);
      report.line(`The backend ${target.kind} deletes expired sessions by itself`);
      return exitCodes.ok;
    }
    const cursor: SweepCursor = { counts: true };
    let progress: Progress | undefined;
    const onBatch = (count: number): void => {
      progress ??= progressOf({
        say: (line) => report.line(line),
        what: "records looked at",
        total: cursor.total === undefined ? undefined : { count: cursor.total, exact: true },
      });
      progress.add((cursor.seen ?? count) - progress.done, `${count} expired ones deleted`);
    };
    // Without a deadline: a store may have to look at all it has, and whoever waits can end it.
    const deleted = await sweepInBatches(
      async (count) => (await store.sweep?.({ application, limit: count, cursor })) ?? 0,
      { limit, pause, share, onBatch, ...(signal && { signal }) },
      cursor,
    );
    const interrupted = signal?.aborted === true;
    report.data("deleted", deleted);
    report.data("interrupted", interrupted);
    report.line(`${records(deleted)} deleted${interrupted ? "; interrupted, there may be more" : ""}`);
    return exitCodes.ok;
  });
}

/**
 * Not all of them are sessions: those that ended or moved leave a trace for some seconds, and locks
 * expire, too.
 */
function records(count: number): string {
  return `${count} expired record${count === 1 ? "" : "s"}`;
}
