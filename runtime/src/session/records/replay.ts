import type { FieldDefinition } from "../../codec/definition.js";
import { partOf, viewOf } from "../../codec/packed/part.js";
import { endOf, packedOf, withFormers } from "../../codec/record/former.js";
import { type SessionRecord, withParts } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { StoredSession } from "../../stores/store.js";
import type { SessionContext } from "../context/options.js";
import { marked, newMark } from "../lifecycle/marks.js";
import { samePacked } from "../state/change.js";
import { endedBy } from "../state/lifetime.js";
import { tryMerge } from "../state/merge.js";
import { sessionKeyOf } from "./keys.js";
import { isQuarantined, originalKey } from "./quarantine.js";
import { decodeStored, encodeStored } from "./stored-record.js";
import { withoutTold } from "./told.js";
import { whyUnread } from "./why-unread.js";
import { writeIndexed } from "./write-indexed.js";

/**
 * What became of something that was kept aside.
 * - `put-back`: the session has it again; `merged`: with what it had by then, as the field's policy
 *   says
 * - `there`: the session has it, or can be read as a whole; there was nothing to do
 * - `unreadable`: it still cannot be read; it stays aside
 * - `replaced`: the field has another value by now, and no policy merges the two; it stays aside
 * - `privilege`: the field gives its session a new id when it changes: nobody is logged in by a
 *   tool; it stays aside
 * - `ended`: its session, or the value, has ended: neither is brought back; it stays aside
 * - `none`: nothing is kept under that key
 */
export type ReplayOutcome =
  | "put-back"
  | "merged"
  | "there"
  | "unreadable"
  | "replaced"
  | "privilege"
  | "ended"
  | "none";

/** How something is put back. */
export interface ReplayOptions {
  /** Also in the place of another value that the field has by now. */
  readonly replace?: boolean;
  /** Look, and change nothing. */
  readonly dryRun?: boolean;
}

/** How often it is tried again when others write first. */
const TRIES = 32;

/**
 * Puts back what was kept aside, now that it can be read, and takes it out of quarantine. Written
 * like a request's change: over what is stored by then and nothing else.
 * @param key - of what was kept aside
 * @throws SessionError `store/…`
 */
export async function replay(
  context: SessionContext,
  key: string,
  options: ReplayOptions = {},
): Promise<ReplayOutcome> {
  const aside = isQuarantined(key) ? await context.store.read(key) : undefined;
  if (aside === undefined) return "none";
  const kept = recordIn(context, originalKey(key), aside);
  if (kept === undefined) return "unreadable";
  const outcome = await putBack(context, key, kept, options);
  const isDone = outcome === "put-back" || outcome === "merged" || outcome === "there";
  if (isDone && !options.dryRun) await context.store.remove(key, aside.version);
  return outcome;
}

async function putBack(
  context: SessionContext,
  key: string,
  kept: SessionRecord,
  options: ReplayOptions,
): Promise<ReplayOutcome> {
  const sessionKey = sessionKeyOf(key);
  let stored = await context.store.read(sessionKey);
  for (let count = 0; count < TRIES; count += 1) {
    if (stored === undefined) return "ended";
    const record = recordIn(context, sessionKey, stored);
    if (record === undefined) return "unreadable";
    if (await isOver(context, record, stored)) return "ended";
    // A session that could not be read was left where it was.
    if (isWhole(key)) return "there";
    const made = withField(context, record, kept, options);
    if (typeof made === "string") return made;
    if (options.dryRun) return made.outcome;
    const { expiresAt, version } = stored;
    const mark = newMark();
    const before = { record, expiresAt };
    const next = marked(made.record, mark, before, context.lifetime, context.clock());
    const payload = encodeStored(context, next, sessionKey);
    const write = { key: sessionKey, payload, expect: version, expiresAt, record: next };
    const written = await writeIndexed(context, write);
    if (written.ok) return made.outcome;
    stored = written.current;
  }
  return "replaced";
}

/** Whether a session as a whole is kept there, and not a field of one. */
function isWhole(key: string): boolean {
  return key.split(".").length === 2;
}

/** The session with the field that is alone in what was kept, or why not. */
function withField(
  context: SessionContext,
  record: SessionRecord,
  kept: SessionRecord,
  { replace = false }: ReplayOptions,
): ReplayOutcome | { readonly record: SessionRecord; readonly outcome: "put-back" | "merged" } {
  const field = context.fields.find((one) => packedOf(kept, one) !== undefined);
  const mine = field && packedOf(kept, field);
  if (field === undefined || mine === undefined) {
    // What has an end may be over. The rest is of no field of this schema, or of another history.
    return kept.fields.size === 0 && kept.ends !== undefined ? "ended" : "unreadable";
  }
  if (whyUnread(field, mine) !== undefined) return "unreadable";
  const theirs = packedOf(record, field);
  if (theirs !== undefined && samePacked(partOf(theirs), partOf(mine))) return "there";
  if (field.regenerate !== undefined) return "privilege";
  const merged = theirs === undefined || replace ? undefined : mergedWith(field, theirs, mine);
  if (theirs !== undefined && !replace && merged === undefined) return "replaced";
  const end = endOf(kept, field);
  const parts = {
    fields: new Map(record.fields).set(field.slot, merged ?? mine),
    ...(end !== undefined && { ends: new Map(record.ends).set(field.slot, end) }),
  };
  const slots = [field, ...(field.former ?? [])].map(({ slot }) => slot);
  const all = withoutTold(withFormers(withParts(record, parts), [field], ignore), slots);
  return { record: all, outcome: merged === undefined ? "put-back" : "merged" };
}

/** What an older version reads stays as it is, where it cannot be made anew. */
function ignore(): void {}

/** What the session had before, with what it has by now on top. */
function mergedWith(field: FieldDefinition, theirs: Uint8Array, kept: Uint8Array): Uint8Array | undefined {
  if (whyUnread(field, theirs) !== undefined) return undefined;
  const merged = tryMerge({ field, base: undefined, mine: partOf(theirs) }, partOf(kept))?.value;
  return merged && viewOf(merged);
}

async function isOver(
  { lifetime, clock, epoch }: SessionContext,
  record: SessionRecord,
  { expiresAt }: StoredSession,
): Promise<boolean> {
  if (record.trace !== undefined) return true;
  const { createdAt } = record;
  if (
    endedBy(record.permanent ? lifetime.permanent : lifetime, { createdAt, expiresAt }, clock()) !== undefined
  )
    return true;
  return epoch.isOver(record);
}

function recordIn(
  context: SessionContext,
  key: string,
  { payload }: StoredSession,
): SessionRecord | undefined {
  try {
    return decodeStored(context, payload, key);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return undefined;
  }
}
