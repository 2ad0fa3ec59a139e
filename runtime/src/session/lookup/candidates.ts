import type { FieldDefinition, FieldIndex, IndexedValue } from "../../codec/definition.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { IndexedSession, StoredSession } from "../../stores/store.js";
import type { SessionContext } from "../context/options.js";
import { notIndexed } from "../context/refusals.js";
import { isLease } from "../lifecycle/lease.js";
import type { IndexTexts } from "../records/index-texts.js";
import { pickedFrom } from "../records/index-values.js";
import { isSessionKey } from "../records/keys.js";
import { decodeStored } from "../records/stored-record.js";
import { type Listing, withoutIndex } from "./without-index.js";

/** What sessions are looked for by: an indexed field, and its value. */
export interface Sought {
  readonly path: string;
  readonly value: IndexedValue;
}

/** A session that has the value that was looked for. */
export interface Found {
  readonly key: string;
  readonly stored: StoredSession;
  readonly record: SessionRecord;
}

/**
 * A session that the store names, and that cannot be read here: it was written with another secret
 * or serializer, or by a newer version of the schema. `confirmed`: the store itself says that this
 * very state has the value; otherwise nobody can say.
 */
export interface Unread {
  readonly key: string;
  readonly stored: StoredSession;
  readonly record: undefined;
  readonly confirmed: boolean;
}

/** A session that has the value, or that may have it. */
export type Candidate = Found | Unread;

/**
 * Finds the sessions of which an indexed field has that value, in the pages that the store reads
 * them in. Stores may name more of them: each is looked at, so that nobody ever gets another user's
 * session. Nothing but sessions is among them, and none that is over. Where the index is not final,
 * those follow that it lacks.
 *
 * @param onGone - is told the keys that the store named, and that lead to no session of that value:
 *   one of them may have moved to another key meanwhile, which is not named
 * @throws SessionError `session/no-lookup` when the store cannot find sessions or the path has no
 *   index; `session/index-not-final` after all that could be found, when there may be more;
 *   `store/…`
 */
export async function* candidates(
  context: SessionContext,
  { path, value }: Sought,
  onGone: (key: string) => void = () => {},
): AsyncGenerator<readonly Candidate[]> {
  if (context.missing !== undefined) throw context.missing;
  const [field, index] = indexOf(context, path);
  const known = await context.indexes.of(index);
  const names = known.before === undefined ? [index.name] : [index.name, known.before];
  const wantedBy = ({ texts, epoch }: Pick<SessionContext, "texts" | "epoch">): Wanted => ({
    field,
    index,
    texts,
    text: texts.textOf(index, value),
    epoch,
  });
  // Nobody who is meant may be missed who has not come since keys were made otherwise.
  for (const owner of [context, ...(context.previous ?? []).filter(({ isOther }) => isOther)]) {
    const { texts, identity } = owner;
    const wanted = wantedBy(owner);
    for (const name of names) {
      for (const text of texts.textsOf({ ...index, name }, value)) {
        for await (const page of context.store.findByIndex(name, text, onGone, identity.tag))
          yield judged(context, page, wanted, onGone);
      }
    }
  }
  if (known.state === "final") return;
  const listing: Listing = { path, state: known.state, complete: known.before !== undefined };
  for await (const page of withoutIndex(context, listing)) {
    const found = await judged(context, page, wantedBy(context));
    // Nobody says of one that cannot be read that it has the value.
    yield found.filter(({ record }) => record !== undefined);
  }
}

/** What has the value, or may have it, of what the store names. */
async function judged(
  context: SessionContext,
  page: readonly IndexedSession[],
  wanted: Wanted,
  onGone: (key: string) => void = () => {},
): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const named of page) {
    const candidate = candidateFrom(context, named, wanted);
    if (candidate === undefined) onGone(named.key);
    else if (candidate.record === undefined) found.push(candidate);
    else {
      const over = isOver(context, named, candidate.record, wanted.epoch);
      // Hardly ever a promise, and waiting costs more than looking at the session.
      if (!(typeof over === "boolean" ? over : await over)) found.push(candidate);
    }
  }
  return found;
}

/** Whether it was revoked with all others: by today's epoch, or by that of whom its key is of. */
function isOver(
  context: SessionContext,
  { key, stored }: IndexedSession,
  record: SessionRecord,
  epoch: SessionContext["epoch"],
): boolean | Promise<boolean> {
  const isOverToday = context.epoch.isOver(record);
  if (epoch === context.epoch) return isOverToday;
  const isOverThere = async (): Promise<boolean> =>
    (await isOverToday) || epoch.isOver(decodeStored(context, stored.payload, key, "as-stored"));
  return isOverThere();
}

/**
 * Finds those that certainly have the value, one by one and each once: it says so itself, or the
 * store does.
 * @throws SessionError as {@link candidates}
 */
export async function* certain(context: SessionContext, sought: Sought): AsyncGenerator<Candidate> {
  for await (const page of certainPages(context, sought)) yield* page;
}

/** Gives them in pages. */
export async function* certainPages(
  context: SessionContext,
  sought: Sought,
): AsyncGenerator<readonly Candidate[]> {
  const seen = new Set<string>();
  for await (const page of candidates(context, sought)) {
    yield page.filter((candidate) => {
      if (!isCertain(candidate) || seen.has(candidate.key)) return false;
      seen.add(candidate.key);
      return true;
    });
  }
}

function isCertain(candidate: Candidate): boolean {
  return candidate.record !== undefined || candidate.confirmed;
}

/**
 * Gives the index on a path, with its field.
 * @throws SessionError `session/no-lookup` when there is none
 */
export function indexOf(context: SessionContext, path: string): readonly [FieldDefinition, FieldIndex] {
  for (const field of context.fields) {
    for (const index of field.indexes ?? []) if (index.path === path) return [field, index];
  }
  throw notIndexed(path);
}

/** The text that an index has to have for a session. */
interface Wanted {
  readonly field: FieldDefinition;
  readonly index: FieldIndex;
  readonly texts: IndexTexts;
  readonly text: string;
  /** Of whom the texts are of. */
  readonly epoch: SessionContext["epoch"];
}

/** What is stored under a key, judged; `undefined`: no session, over, or another's. */
function candidateFrom(
  context: SessionContext,
  { key, stored, confirmed }: IndexedSession,
  { field, index, texts, text }: Wanted,
): Candidate | undefined {
  if (!isSessionKey(key)) return undefined;
  try {
    const record = decodeStored(context, stored.payload, key);
    // Where a tool that fills in an index has entered it by the default of a field.
    if (isLease(record) || record.trace !== undefined) return undefined;
    const { absolute } = record.permanent ? context.lifetime.permanent : context.lifetime;
    if (context.clock() >= record.createdAt + absolute) return undefined;
    const own = pickedFrom(field, index, record);
    if (own !== null) return texts.textOf(index, own) === text ? { key, stored, record } : undefined;
    if (!confirmed) return undefined;
    // The store says what the session does not: a newer version of the schema has the field
    // elsewhere. Unless it has ended meanwhile.
    return field.ttl === undefined ? { key, stored, record: undefined, confirmed } : undefined;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return { key, stored, record: undefined, confirmed };
  }
}
