import type { Filter, UpdateResult } from "mongodb";
import { withBreaks } from "../../live/breaks.js";
import { emittedIndexValues, type IndexReader, isDone, unreadableNote } from "../../live/emitted-fields.js";
import { interruptedPass } from "../../live/interrupted.js";
import type { MigrateRequest, Target } from "../../live/live.js";
import { withStore } from "../../live/open-store.js";
import { type OwnSessions, ownSessions } from "../../live/own-sessions.js";
import { progressOf } from "../../live/progress.js";
import type { SessionDocument, Sessions } from "./connection.js";

/** Sessions that are looked at with one round trip. */
export const PAGE = 500;

/** How often a page is looked at whose sessions others write meanwhile. */
const ATTEMPTS = 5;

/** How often it is noted how far a pass is, in milliseconds. */
const NOTE_EVERY = 2000;

/** The fields that sessions lack, and what to call the work. */
export interface Refill {
  readonly title: string;
  /** `by_user_id`. Nothing: of all sessions, whether they have the fields or not. */
  readonly missing?: readonly string[];
}

/** Tells whether there is a session to look at. */
export async function needsRefill(target: Target, sessions: Sessions, { missing }: Refill): Promise<boolean> {
  const filter = wanted(sessions, await ownSessions(target), missing);
  return (await sessions.collection.findOne(filter, { projection: { _id: 1 } })) !== null;
}

/**
 * Sets by what stored sessions are found, a page at a time and beside traffic: a session that
 * somebody writes meanwhile is looked at again. Interrupted, it goes on where it was.
 * @returns false when there is more to do, with the secrets
 */
export async function refill(
  target: Target,
  sessions: Sessions,
  { title, missing }: Refill,
  request: MigrateRequest,
): Promise<boolean> {
  const valuesOf = await emittedIndexValues(target);
  const own = await ownSessions(target);
  const names = target.indexes.map(({ name }) => name);
  const counts = { seen: 0, changed: 0, unreadable: 0 };
  const goal = JSON.stringify([title, target.indexes, missing ?? [], request.afterDeploy === true]);
  await withStore(target, async (store) => {
    const pass = await interruptedPass<string>(target, store, goal);
    let after = pass.position;
    const count = await sessions.collection.countDocuments(wanted(sessions, own, missing, after));
    const progress = progressOf({
      say: (line) => request.progress(`${title}: ${line}`),
      what: after === undefined ? "sessions" : "sessions that were left",
      total: { count, exact: true },
    });
    let noted = 0;
    const page = async (): Promise<boolean> => {
      const filter = wanted(sessions, own, missing, after);
      const { last, seen, changed, unreadable } = await refillPage(sessions, own, filter, valuesOf, names);
      if (last === undefined) return false;
      counts.seen += seen;
      counts.changed += changed;
      counts.unreadable += unreadable;
      after = last;
      progress.add(seen, `${counts.changed} filled in`);
      // Behind a session that takes a secret nobody goes on without it.
      if (Date.now() - noted < NOTE_EVERY || !isDone(target, counts.unreadable)) return true;
      noted = Date.now();
      await pass.note(after);
      return true;
    };
    const beside = withBreaks(request.share);
    while (await beside(page)) {
      // Page by page.
    }
    if (isDone(target, counts.unreadable)) await pass.end();
  });
  const unreadable = unreadableNote(target, counts.unreadable);
  request.progress(`${title}: ${counts.changed} of ${counts.seen} sessions${unreadable}`);
  return isDone(target, counts.unreadable);
}

interface Page {
  readonly seen: number;
  readonly changed: number;
  readonly unreadable: number;
  /** The last key of it; nothing when it is empty. */
  readonly last: string | undefined;
}

async function refillPage(
  { collection, prefix }: Sessions,
  own: OwnSessions,
  filter: Filter<SessionDocument>,
  valuesOf: IndexReader,
  names: readonly string[],
): Promise<Page> {
  const projection = {
    payload: 1,
    version: 1,
    ...Object.fromEntries(names.map((name) => [`by_${name}`, 1])),
  };
  // Pages instead of a cursor: a server forgets those after some minutes, and after an election.
  const read = () => collection.find(filter, { projection, sort: { _id: 1 }, limit: PAGE }).toArray();
  const found = await read();
  const last = found.at(-1)?._id;
  let documents = found.filter(({ _id }) => own.has(_id.slice(prefix.length)));
  const seen = documents.length;
  let changed = 0;
  for (let attempt = 1; ; attempt += 1) {
    const updates: Promise<UpdateResult>[] = [];
    let unreadable = 0;
    for (const document of documents) {
      const { _id, payload, version } = document;
      const values = payload instanceof Uint8Array ? valuesOf(payload, _id.slice(prefix.length)) : undefined;
      if (values === undefined || typeof version !== "string") {
        unreadable += 1;
        continue;
      }
      const update = updateOf(document, names, values);
      // One by one: FerretDB makes one transaction of a bulk, and a removal that waits for it
      // removes nothing. Whoever wrote the session meanwhile has another version.
      if (update !== undefined) updates.push(collection.updateOne({ _id, version }, update));
    }
    const results = await Promise.all(updates);
    const matched = results.filter(({ matchedCount }) => matchedCount > 0).length;
    changed += matched;
    if (matched === updates.length || attempt === ATTEMPTS) return { seen, changed, unreadable, last };
    const ids = documents.map(({ _id }) => _id);
    documents = await collection.find({ _id: { $in: ids } }, { projection }).toArray();
  }
}

function updateOf(
  document: SessionDocument,
  names: readonly string[],
  values: Readonly<Record<string, string | null>>,
) {
  const $set: Record<`by_${string}`, string> = {};
  const $unset: Record<`by_${string}`, ""> = {};
  for (const name of names) {
    const value = values[name] ?? null;
    if (value === (document[`by_${name}`] ?? null)) continue;
    if (value === null) $unset[`by_${name}`] = "";
    else $set[`by_${name}`] = value;
  }
  const [sets, unsets] = [$set, $unset].map((part) => Object.keys(part).length > 0);
  // Servers before 5.0 refuse an empty operator.
  return sets || unsets ? { ...(sets && { $set }), ...(unsets && { $unset }) } : undefined;
}

/** Makes the filter for the sessions to look at: live ones of the target's own, behind a key. */
export function wanted(
  { prefix }: Sessions,
  own: OwnSessions,
  missing: readonly string[] | undefined,
  after?: string,
): Filter<SessionDocument> {
  // Strings are compared by their bytes.
  const _id = { $gt: after ?? prefix + own.prefix, $lt: prefix + own.end };
  const lacks = missing?.map((name) => ({ [name]: { $exists: false } }));
  return { _id, expiresAt: { $gt: new Date() }, ...(lacks && { $or: lacks }) } as Filter<SessionDocument>;
}
