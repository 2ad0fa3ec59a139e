import type { LeftBecause, SessionStore, StoredChange, StoredSession } from "@sessgen/runtime";
import type { ListedPage, StoredPayload } from "./live.js";
import type { Rewrite } from "./rewriting.js";

/** How many sessions are under way at once: requests wait for no more than those. */
const AT_ONCE = 10;
/** How often a session is tried that others write meanwhile. */
const ATTEMPTS = 10;

/** What became of a session that should be another. */
type Outcome =
  /** It is what it would be, or somebody has made it so meanwhile. */
  | "current"
  | "rewritten"
  /** It ended meanwhile. */
  | "gone"
  /** Others kept writing it, and not as today's version does. */
  | "busy"
  /** It would be larger than the backend takes. */
  | "too-large"
  | LeftBecause;

/** What was gone through. All of it is numbers: nothing of a session is in it. */
export interface BackfillCounts {
  /** Sessions that were looked at. */
  readonly seen: number;
  /** Those that were written anew; with `--dry-run`, those that would be. */
  readonly rewritten: number;
  /** How many have which change; a session may have several. */
  readonly changes: Readonly<Partial<Record<StoredChange, number>>>;
  /** Those that stay as they are, by the reason. */
  readonly left: Readonly<Partial<Record<Exclude<Outcome, "current" | "rewritten" | "gone">, number>>>;
}

/** What a backfill begins with. */
export const NONE: BackfillCounts = { seen: 0, rewritten: 0, changes: {}, left: {} };

/** What {@link backfillPage} works with. */
export interface BackfillOptions {
  readonly store: SessionStore;
  readonly rewrite: Rewrite;
  /** Says whether a key is a session's. */
  isSession(key: string): boolean;
  readonly dryRun: boolean;
  /** Lets requests have their turn, after each few sessions. */
  rest?(): Promise<void>;
}

/**
 * Writes the sessions of a page anew that would be something else today, each on the condition that
 * nobody has written it since; who did goes first, and it is looked at again. Their ends stay where
 * they are, and so does what they are found by.
 * @returns the counts with those of the page
 */
export async function backfillPage(
  { records }: Pick<ListedPage, "records">,
  before: BackfillCounts,
  options: BackfillOptions,
): Promise<BackfillCounts> {
  const changes = { ...before.changes };
  const left = { ...before.left };
  let { seen, rewritten } = before;
  const own = records.filter(({ key }) => options.isSession(key));
  for (let from = 0; from < own.length; from += AT_ONCE) {
    const some = own.slice(from, from + AT_ONCE).map((record) => rewriteOne(record, options));
    for (const { outcome, made } of await Promise.all(some)) {
      // What is no session after all, a trace say, is not one that was looked at.
      if (outcome === "no-session" || outcome === "gone") continue;
      seen += 1;
      if (outcome === "current") continue;
      if (outcome !== "rewritten") {
        left[outcome] = (left[outcome] ?? 0) + 1;
        continue;
      }
      rewritten += 1;
      for (const change of made) changes[change] = (changes[change] ?? 0) + 1;
    }
    await options.rest?.();
  }
  return { seen, rewritten, changes, left };
}

interface Done {
  readonly outcome: Outcome;
  readonly made: readonly StoredChange[];
}

async function rewriteOne(
  { key, payload: listed }: StoredPayload,
  { store, rewrite, dryRun }: BackfillOptions,
): Promise<Done> {
  const first = rewrite(listed, key);
  if (first.kind !== "changed") return { outcome: outcomeOf(first), made: [] };
  if (dryRun) return { outcome: "rewritten", made: first.changes };
  let stored: StoredSession | undefined = await store.read(key);
  for (let attempt = 1; stored !== undefined; attempt += 1) {
    const found = rewrite(stored.payload, key);
    if (found.kind !== "changed") return { outcome: outcomeOf(found), made: [] };
    const { payload, index, changes: made } = found;
    if (payload.byteLength > (store.maxBytes ?? Number.POSITIVE_INFINITY))
      return { outcome: "too-large", made };
    const { version, expiresAt } = stored;
    const result = await store.write(key, payload, { expect: version, expiresAt, ...(index && { index }) });
    if (result.ok) return { outcome: "rewritten", made };
    if (attempt === ATTEMPTS) return { outcome: "busy", made };
    stored = result.current;
  }
  return { outcome: "gone", made: [] };
}

function outcomeOf(rewrite: Exclude<ReturnType<Rewrite>, { readonly kind: "changed" }>): Outcome {
  return rewrite.kind === "current" ? "current" : rewrite.because;
}
