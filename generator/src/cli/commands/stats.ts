import { exitCodes } from "../../errors.js";
import { type Census, censusOf } from "../../live/census.js";
import { listingOf } from "../../live/listing.js";
import { withStore } from "../../live/open-store.js";
import { loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import type { Io } from "../io.js";
import type { Reporter } from "../report.js";

/** Options of `sessgen stats`. */
export interface StatsOptions extends TargetOptions {
  /** The most sessions that are looked at. */
  readonly sample: number;
}

/**
 * Tells what stored sessions are like: how many, of which generations, formats and secrets, how
 * large, how old. Nothing that is in them is shown, and nothing is changed.
 * @throws SessgenError `backend/…`, `backfill/no-secret`, `inspect/not-emitted`
 */
export async function stats(options: StatsOptions, io: Io, report: Reporter): Promise<number> {
  const target = await loadTarget(options, io, report, catalog);
  const listing = await listingOf(target);
  return withStore(target, async (store) => {
    const census = await censusOf(target, listing, store, options.sample);
    for (const [name, value] of Object.entries(census)) report.data(name, value);
    for (const line of linesOf(census)) report.line(line);
    return exitCodes.ok;
  });
}

function linesOf(census: Census): string[] {
  const { sessions, seen, live, left } = census;
  const lines = [
    `${sessions.exact ? "" : "about "}${sessions.count.toLocaleString("en")} live session${sessions.count === 1 ? "" : "s"}; ${seen} looked at, ${live} of them live`,
    ...group("left out", left, seen),
    ...group("format", census.formats, live),
    ...group("generation", census.generations, live),
    ...group("secret", census.secrets, live),
    ...group("age", census.ages, live),
  ];
  if (census.permanent > 0) lines.push(`permanent: ${share(census.permanent, live)}`);
  if (census.compressed > 0) lines.push(`compressed: ${share(census.compressed, live)}`);
  lines.push(`bytes: ${sizesText(census.bytes)}`);
  for (const { name, sessions, bytes } of census.fields)
    lines.push(`  ${name}: ${share(sessions, live)}, ${sizesText(bytes)}`);
  return lines;
}

function group(title: string, counts: Readonly<Record<string, number>>, all: number): string[] {
  const entries = Object.entries(counts);
  return entries.length === 0
    ? []
    : [entries.map(([name, count]) => `${title} ${name}: ${share(count, all)}`).join("; ")];
}

function share(count: number, all: number): string {
  return `${count} (${all === 0 ? 0 : Math.round((100 * count) / all)} %)`;
}

function sizesText({ median, p95, max }: Census["bytes"]): string {
  return `half of them up to ${median}, 95 % up to ${p95}, the largest ${max}`;
}
