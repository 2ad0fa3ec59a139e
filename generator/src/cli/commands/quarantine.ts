import type { InspectedSession, ReplayOutcome, SessionStore } from "@sessgen/runtime";
import { exitCodes, SessgenError } from "../../errors.js";
import { DEADLINE, withStore } from "../../live/open-store.js";
import { type Quarantine, type QuarantineSelection, quarantineOf } from "../../live/quarantine.js";
import { loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import { confirmed } from "../confirm.js";
import type { Io } from "../io.js";
import type { Reporter } from "../report.js";
import { whyText } from "../why-text.js";

/** What can be done with a quarantine. */
const actions = ["list", "replay", "empty"] as const;

/** Options of `sessgen quarantine`. */
export interface QuarantineOptions extends TargetOptions, QuarantineSelection {
  /** One of {@link actions}. */
  readonly action: string;
  /** Replay also in the place of another value. */
  readonly replace: boolean;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Ask nothing. */
  readonly yes: boolean;
}

/**
 * Lists what was kept aside since it could not be read, puts it back, or removes it.
 * @throws SessgenError `quarantine/not-found`, `backend/…`, `inspect/…`, `backfill/no-secret`
 */
export async function quarantine(options: QuarantineOptions, io: Io, report: Reporter): Promise<number> {
  const action = actions.find((one) => one === options.action);
  if (action === undefined)
    throw new SessgenError("cli/usage", `sessgen quarantine takes one of: ${actions.join(", ")}`);
  if (options.id !== undefined && options.key !== undefined)
    throw new SessgenError("cli/usage", "Name the session by one of: its id, --key");
  const target = await loadTarget(options, io, report, catalog);
  return withStore(target, async (store) => {
    const opened = await quarantineOf(target, store, options);
    if (action === "list") return list(opened, report);
    if (action === "replay") return replay(opened, options, report);
    return empty(opened, store, options, io, report);
  });
}

async function list({ sessions, keys }: Quarantine, report: Reporter): Promise<number> {
  const found: object[] = [];
  for await (const key of keys()) {
    const kept = await sessions.read(key);
    if (kept === undefined) continue;
    found.push(plainOf(kept));
    report.line(`${key}  ${whatText(kept)}, until ${kept.expiresAt.toISOString()}`);
  }
  report.data("count", found.length);
  report.data("kept", found);
  report.line(`${pieces(found.length)} kept aside`);
  return exitCodes.ok;
}

/** What of a record that was kept aside can be read by now; no values. */
function whatText({ content, why, bytes }: InspectedSession): string {
  if (content === undefined)
    return `a session of ${bytes} bytes: ${why === undefined ? "unreadable" : whyText(why)}`;
  const fields = content.fields.map((field) =>
    field.state === "unreadable" ? `${field.name}: ${whyText(field.why)}` : `${field.name}: can be read now`,
  );
  return fields.length === 0 ? "nothing that the schema knows" : fields.join("; ");
}

function plainOf({ key, bytes, expiresAt, content, why }: InspectedSession): object {
  return {
    key,
    bytes,
    expiresAt: expiresAt.toISOString(),
    ...(why && { why }),
    ...(content && {
      fields: content.fields.map((field) =>
        field.state === "unreadable" ? { name: field.name, why: field.why } : { name: field.name },
      ),
    }),
  };
}

/** What became of a piece, as a human is told. */
const outcomes: Readonly<Record<ReplayOutcome, string>> = {
  "put-back": "put back",
  merged: "merged with what the session has by now",
  there: "there already",
  unreadable: "still cannot be read",
  replaced: "has another value by now: --replace puts it back all the same",
  privilege: "not put back: a change of this field is a login",
  ended: "not put back: its session, or the value, has ended",
  none: "is not kept any more",
};

async function replay(
  { sessions, keys }: Quarantine,
  { replace, dryRun }: QuarantineOptions,
  report: Reporter,
): Promise<number> {
  const counts: Partial<Record<ReplayOutcome, number>> = {};
  let count = 0;
  for await (const key of keys()) {
    const outcome = await sessions.replay(key, { replace, dryRun });
    count += 1;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    report.line(`${key}  ${outcomes[outcome]}`);
  }
  if (count === 0) throw new SessgenError("quarantine/not-found", "Nothing is kept aside");
  report.data("outcomes", counts);
  report.data("dryRun", dryRun);
  const done = (counts["put-back"] ?? 0) + (counts.merged ?? 0) + (counts.there ?? 0);
  report.line(`${done} of ${pieces(count)} ${dryRun ? "could be put back" : "put back"}`);
  return exitCodes.ok;
}

async function empty(
  { keys }: Quarantine,
  store: SessionStore,
  { dryRun, yes }: QuarantineOptions,
  io: Io,
  report: Reporter,
): Promise<number> {
  const found: string[] = [];
  for await (const key of keys()) found.push(key);
  report.data("found", found.length);
  if (!dryRun && found.length > 0 && !(await confirmed(`Remove ${pieces(found.length)}?`, yes, io, report))) {
    report.data("removed", 0);
    report.line("Nothing was removed");
    return exitCodes.usage;
  }
  let removed = 0;
  for (const key of dryRun ? [] : found)
    if (await store.remove(key, { signal: AbortSignal.timeout(DEADLINE) })) removed += 1;
  report.data("removed", removed);
  report.line(dryRun ? `${pieces(found.length)} would be removed` : `${pieces(removed)} removed`);
  return exitCodes.ok;
}

function pieces(count: number): string {
  return `${count} piece${count === 1 ? "" : "s"}`;
}
