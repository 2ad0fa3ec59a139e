import { exitCodes } from "../../errors.js";
import { type BackfillCounts, backfillPage, NONE } from "../../live/backfill.js";
import { readNotes, removeNotes, writeNotes } from "../../live/backfill-notes.js";
import { Breaks } from "../../live/breaks.js";
import { listingOf } from "../../live/listing.js";
import { withStore } from "../../live/open-store.js";
import { ownSessions, tagOf } from "../../live/own-sessions.js";
import { progressOf } from "../../live/progress.js";
import { rewriting } from "../../live/rewriting.js";
import { loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import type { Io } from "../io.js";
import type { Reporter } from "../report.js";

/** Options of `sessgen backfill`. */
export interface BackfillOptions extends TargetOptions {
  /** Say what would be another, and write nothing. */
  readonly dryRun: boolean;
  /** Begin anew, whatever was noted. */
  readonly restart: boolean;
  /** The values of fields that are no longer in the schema go, too. */
  readonly dropRetired: boolean;
  /** The least between two pages, in milliseconds. */
  readonly pause: number;
  /** What part of the time pages may take. */
  readonly share: number;
}

/** What a human is told of each change. */
const changeTexts = {
  format: "written in another format",
  compression: "compressed, or no longer",
  encryption: "encrypted, or no longer",
  key: "encrypted with another secret",
  values: "whose values are stored otherwise",
  retired: "with values of fields that are gone",
} as const;

/** And of what is left as it is. */
const leftTexts = {
  unreadable: "cannot be read",
  secret: "are encrypted with a secret that is not set",
  history: "were written under another history of the lock",
  "no-session": "are no sessions",
  busy: "were written all the while",
  "too-large": "would be larger than the backend takes",
} as const;

/**
 * Writes stored sessions anew as today's version would: in its format, with its secret, with the
 * values of its schema. Beside traffic, which goes first; interrupted, it goes on where it was.
 * @throws SessgenError `backfill/…`, `inspect/not-emitted`, `backend/…`
 */
export async function backfill(options: BackfillOptions, io: Io, report: Reporter): Promise<number> {
  const { dryRun, restart, dropRetired, pause, share } = options;
  const target = await loadTarget(options, io, report, catalog);
  const listing = await listingOf(target);
  const { rewrite, goal } = await rewriting(target, dropRetired);
  const [tag, own] = [await tagOf(target), await ownSessions(target)];
  return withStore(target, async (store) => {
    const noted = dryRun || restart ? undefined : await readNotes(store, tag, goal);
    let counts = noted?.counts ?? NONE;
    if (noted !== undefined) report.line(`Goes on behind ${sessions(counts.seen)}`);
    const progress = progressOf({
      say: (line) => report.line(line),
      what: "sessions",
      total: await listing.count?.(target),
      before: counts.seen,
    });
    let interrupted = io.signal?.aborted === true;
    if (!interrupted) {
      const breaks = new Breaks({ share, least: pause, signal: io.signal });
      await listing.list(target, {
        store,
        after: noted?.position,
        async onPage(page) {
          const before = counts;
          const rest = () => breaks.breathe();
          counts = await backfillPage(page, before, { store, rewrite, isSession: own.has, dryRun, rest });
          const { position } = page;
          if (!dryRun) await writeNotes(store, tag, { goal, position, counts });
          progress.add(
            counts.seen - before.seen,
            `${counts.rewritten} ${dryRun ? "to rewrite" : "rewritten"}`,
          );
          await breaks.pause();
          interrupted = io.signal?.aborted === true;
          return !interrupted;
        },
      });
    }
    if (!interrupted && !dryRun) await removeNotes(store, tag);
    tell(report, counts, { dryRun, interrupted });
    return interrupted ? exitCodes.interrupted : exitCodes.ok;
  });
}

function tell(
  report: Reporter,
  counts: BackfillCounts,
  { dryRun, interrupted }: { readonly dryRun: boolean; readonly interrupted: boolean },
): void {
  for (const [name, value] of Object.entries({ ...counts, dryRun, interrupted })) report.data(name, value);
  const would = dryRun ? "would be rewritten" : "rewritten";
  report.line(`${counts.rewritten} of ${sessions(counts.seen)} ${would}`);
  for (const [name, text] of Object.entries(changeTexts)) {
    const count = counts.changes[name as keyof typeof changeTexts];
    if (count !== undefined) report.line(`  ${count} ${text}`);
  }
  for (const [name, text] of Object.entries(leftTexts)) {
    const count = counts.left[name as keyof typeof leftTexts];
    if (count !== undefined) report.line(`  ${count} left as they are: they ${text}`);
  }
  if (interrupted)
    report.line(
      dryRun
        ? "Interrupted; there may be more"
        : "Interrupted; run `npx sessgen backfill` again to go on here",
    );
}

function sessions(count: number): string {
  return `${count} session${count === 1 ? "" : "s"}`;
}
