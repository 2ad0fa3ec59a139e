import { type SessionRecord, withParts } from "../../codec/record/record.js";
import type { Lifetimes } from "../state/lifetime.js";

/** How many marks a record has at most. */
const MOST = 4;
/**
 * For how long after a write the marks before it are still asked for, in milliseconds: longer than
 * any commit takes.
 */
const RECENT = 60_000;

/**
 * Draws a number that tells one commit from all others of the same session: chance does, for it
 * keeps nothing secret.
 */
export function newMark(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

/**
 * Puts a commit's mark in front of the record's. Those before it go along while somebody may still
 * look for their own, so that a session at rest has one.
 *
 * @param before - what the commit replaces
 */
export function marked(
  record: SessionRecord,
  mark: number,
  before: { readonly record: SessionRecord; readonly expiresAt: number } | undefined,
  lifetimes: Lifetimes,
  now: number,
): SessionRecord {
  const { marks = [] } = before?.record ?? {};
  const carried = before !== undefined && isRecent(before, lifetimes, now) ? marks : [];
  return withParts(record, { marks: carried.length === 0 ? [mark] : [mark, ...carried.slice(0, MOST - 1)] });
}

/**
 * Whether the record was written or touched a short while ago: its end tells, unless that is the
 * end of the absolute lifetime.
 */
function isRecent(
  { record, expiresAt }: { readonly record: SessionRecord; readonly expiresAt: number },
  lifetimes: Lifetimes,
  now: number,
): boolean {
  const { idle, absolute } = record.permanent ? lifetimes.permanent : lifetimes;
  return now - (expiresAt - idle) < RECENT || expiresAt >= record.createdAt + absolute;
}
