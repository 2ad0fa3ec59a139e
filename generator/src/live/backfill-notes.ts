import type { SessionStore } from "@sessgen/runtime";
import { z } from "zod";
import type { BackfillCounts } from "./backfill.js";

const DAY = 86_400_000;
/** For how long it is remembered where a backfill was interrupted. */
const REMEMBERED = 7 * DAY;

/** Where a backfill is. */
export interface BackfillNotes {
  /** What sessions are to become: with another goal it begins anew. */
  readonly goal: string;
  /** Behind which page it goes on. */
  readonly position: string;
  readonly counts: BackfillCounts;
}

const numbers = z.record(z.string(), z.int());
const schema = z.object({
  goal: z.string(),
  position: z.string(),
  counts: z.object({ seen: z.int(), rewritten: z.int(), changes: numbers, left: numbers }),
});

/**
 * Gives the key that it is noted under in the store itself, so that another machine goes on. What
 * stands before its dot is no application's tag: those have 8 characters.
 */
export function notesKey(tag: string): string {
  return `sessgen.backfill-${tag}`;
}

/** Reads where a backfill of that goal was interrupted; `undefined` where none was. */
export async function readNotes(
  store: SessionStore,
  tag: string,
  goal: string,
): Promise<BackfillNotes | undefined> {
  const stored = await store.read(notesKey(tag));
  if (stored === undefined) return undefined;
  try {
    const notes = schema.parse(JSON.parse(Buffer.from(stored.payload).toString())) as BackfillNotes;
    return notes.goal === goal ? notes : undefined;
  } catch {
    // Of another version of sessgen: it begins anew, which costs time alone.
    return undefined;
  }
}

/** Notes where a backfill is. */
export async function writeNotes(store: SessionStore, tag: string, notes: BackfillNotes): Promise<void> {
  const expiresAt = Date.now() + REMEMBERED;
  await store.write(notesKey(tag), Buffer.from(JSON.stringify(notes)), { expect: "any", expiresAt });
}

/** Forgets it: the backfill is through. */
export async function removeNotes(store: SessionStore, tag: string): Promise<void> {
  await store.remove(notesKey(tag));
}
