import type { SessionRecord } from "../../codec/record/record.js";
import { type RuntimeErrorCode, SessionError } from "../../errors.js";
import type { Version } from "../../stores/store.js";
import type { Attempt } from "../state/pending.js";

/**
 * Tells how an operation that failed has ended: `refused`, it was certainly not done; or `unclear`,
 * the answer is missing, and it may have been done or may still be. The table of what follows is in
 * docs/internals.md.
 */
export function outcomeOf(error: unknown): "refused" | "unclear" {
  if (!(error instanceof SessionError)) return "unclear";
  return unclear.has(error.code) ? "unclear" : "refused";
}

/** Everything else was certainly not done. */
const unclear: ReadonlySet<RuntimeErrorCode> = new Set(["store/timeout", "store/unavailable"]);

/** What is stored where an unclear write went, or was to be replaced by it. */
export interface Found {
  readonly version: Version;
  readonly record: SessionRecord;
}

/** What became of an unclear write, by what is stored. */
export type Verdict =
  /** Done, whatever others have written on top of it. */
  | { readonly is: "done"; readonly attempt: Attempt }
  /**
   * Not done until now. The condition of the write still holds, and at most one of the attempts
   * under it can be done.
   */
  | { readonly is: "open" }
  /** Certainly not done, nor will it be: all who wrote since have left their marks. */
  | { readonly is: "not-done" }
  /** Others have written more often than there are marks. */
  | { readonly is: "unknown" }
  /** There is no session any more; `trace` says why, where one was left. */
  | { readonly is: "ended"; readonly trace: SessionRecord["trace"] };

/**
 * Judges the attempts at one write, all under the same condition, by what is stored by now.
 * @param before - what it was to replace; `undefined`: nothing
 */
export function judge(
  before: Found | undefined,
  attempts: readonly Attempt[],
  found: Found | undefined,
): Verdict {
  if (found === undefined) return before === undefined ? { is: "open" } : { is: "ended", trace: undefined };
  const { version, record } = found;
  const { marks = [] } = record;
  if (record.trace !== undefined) return { is: "ended", trace: record.trace };
  const done = attempts.find(({ mark }) => marks.includes(mark));
  if (done !== undefined) return { is: "done", attempt: done };
  if (version === before?.version) return { is: "open" };
  const [mark] = before?.record.marks ?? [];
  return mark !== undefined && marks.includes(mark) ? { is: "not-done" } : { is: "unknown" };
}
