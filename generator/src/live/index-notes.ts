import type { IndexNote, IndexNotes, IndexState, SessionStore, StoredSession } from "@sessgen/runtime";
import { SessgenError } from "../errors.js";
import type { FieldIndex } from "../model/model.js";
import { sampleOf } from "./listing.js";
import type { Drift, Live, MigrateRequest, Target } from "./live.js";
import { hasNothingYet } from "./neighbours.js";
import { withStore } from "./open-store.js";
import { tagOf } from "./own-sessions.js";
import { runtimeOf } from "./stored-sessions.js";

/** For how long the notes are kept; lookups prolong that. */
const LIFE = 400 * 86_400_000;
/** How often the notes are written anew while others write them, too. */
const ATTEMPTS = 10;

/** How far an index of the config is. */
export interface Standing {
  readonly index: FieldIndex;
  readonly state: IndexState;
}

/**
 * Reads how far the indexes are, as lookups do. Where nothing was ever stored, they are final: no
 * session is older.
 */
export async function standingsOf(
  target: Target,
  live: Pick<Live, "list"> | undefined,
): Promise<readonly Standing[]> {
  const { indexes } = target;
  if (indexes.length === 0) return [];
  const { epochKey, indexNotesKey, noteOf, readIndexNotes } = await runtimeOf(target);
  const tag = await tagOf(target);
  const found = await whereStored(target, () =>
    withStore(target, async (store) => ({
      begun: (await store.read(epochKey(tag))) !== undefined || (await hasSessions(target, live, store)),
      stored: await store.read(indexNotesKey(tag)),
    })),
  );
  const isNew = found === undefined || !(found.begun || found.stored);
  const notes = readIndexNotes(found?.stored?.payload);
  return indexes.map((index) => ({
    index,
    state: isNew ? "final" : (noteOf(notes, index)?.state ?? "open"),
  }));
}

/** Gives the indexes that are to be filled in. */
export function openIndexes(
  standings: readonly Standing[],
  { afterDeploy }: Pick<MigrateRequest, "afterDeploy">,
): readonly FieldIndex[] {
  return standings
    .filter(({ state }) => state === "open" || (afterDeploy && state === "filled"))
    .map(({ index }) => index);
}

/** Notes that indexes have all sessions, those of an older deploy included or not. */
export function noteFilled(
  target: Target,
  indexes: readonly FieldIndex[],
  { afterDeploy }: Pick<MigrateRequest, "afterDeploy">,
): Promise<void> {
  return change(target, async (notes) => {
    const { subjectOf } = await runtimeOf(target);
    const entries = indexes.map((index): [string, IndexNote] => {
      const of = subjectOf(index);
      if (afterDeploy) return [index.name, { of, state: "final" }];
      const before = formerIndex(notes, index, subjectOf);
      return [index.name, { of, state: "filled", ...(before !== undefined && { before }) }];
    });
    return { ...notes, ...Object.fromEntries(entries) };
  });
}

/** Forgets what was noted of indexes, by their names: they are filled in anew. */
export function withdraw(target: Target, names: readonly string[]): Promise<void> {
  return change(target, async (notes) => without(notes, (name) => names.includes(name)));
}

/**
 * Forgets what was noted of indexes that the config has no more: from this release on, sessions are
 * written without them, and whoever still looks them up has to know.
 */
export function withdrawOthers(target: Target): Promise<void> {
  return change(target, async (notes) => {
    const { noteOf } = await runtimeOf(target);
    const known = target.indexes.filter((index) => noteOf(notes, index) !== undefined);
    return without(notes, (name) => !known.some((index) => index.name === name));
  });
}

/**
 * Says of indexes that are not final what lookups do not find.
 * @param live - of their backend; absent where nothing can be filled in
 */
export function standingDrifts(
  standings: readonly Standing[],
  live: Pick<Live, "migrate"> | undefined,
): readonly Drift[] {
  return standings.flatMap(({ index: { path }, state }): readonly Drift[] => {
    if (state === "final") return [];
    const open = state === "open";
    return [
      {
        id: "verify/index-not-final",
        summary: open
          ? `The index on ${path} is not filled in: it lacks sessions that were stored before it`
          : `The index on ${path} is filled, not final: it lacks what an older deploy writes`,
        fix:
          live === undefined
            ? "Run `npx sessgen migrate --baseline` once the sessions are over that are older than the index."
            : open
              ? "Run `npx sessgen migrate`."
              : "Run `npx sessgen migrate --after-deploy` once no older deploy runs.",
      },
    ];
  });
}

/** The index by which an older deploy still finds what it writes, if that one has everything. */
function formerIndex(
  notes: IndexNotes,
  { name, former, hashed }: FieldIndex,
  subjectOf: (index: { readonly path: string; readonly hashed: boolean }) => string,
): string | undefined {
  const kept = notes[name]?.before;
  if (kept !== undefined || former === undefined) return kept;
  const note = notes[former.name];
  return note?.state === "final" && note.of === subjectOf({ path: former.path, hashed })
    ? former.name
    : undefined;
}

/** Changes the notes as they are by then; does nothing where there is nothing to change. */
async function change(target: Target, to: (notes: IndexNotes) => Promise<IndexNotes>): Promise<void> {
  const { indexNotesKey, readIndexNotes, writeIndexNotes } = await runtimeOf(target);
  const key = indexNotesKey(await tagOf(target));
  const work = async (store: SessionStore): Promise<void> => {
    let stored: StoredSession | undefined = await store.read(key);
    for (let attempt = 1; ; attempt += 1) {
      const before = readIndexNotes(stored?.payload);
      const after = await to(before);
      if (JSON.stringify(after) === JSON.stringify(before)) return;
      const options = { expect: stored?.version ?? "absent", expiresAt: Date.now() + LIFE };
      const result = await store.write(key, writeIndexNotes(after), options);
      if (result.ok) return;
      if (attempt === ATTEMPTS)
        throw new SessgenError("migrate/failed", "Others kept changing what is noted of the indexes");
      stored = result.current;
    }
  };
  await whereStored(target, () => withStore(target, work));
}

function without(notes: IndexNotes, isGone: (name: string) => boolean): IndexNotes {
  return Object.fromEntries(Object.entries(notes).filter(([name]) => !isGone(name)));
}

async function hasSessions(
  target: Target,
  live: Pick<Live, "list"> | undefined,
  store: SessionStore,
): Promise<boolean> {
  try {
    return ((await sampleOf(target, live, store, 1))?.sessions ?? []).length > 0;
  } catch (error) {
    // An account that may not list sessions counts as one without any.
    if (error instanceof SessgenError) return false;
    throw error;
  }
}

/** Does the work; nothing where there is no file or table yet, in which nothing is stored. */
async function whereStored<T>(target: Target, work: () => Promise<T>): Promise<T | undefined> {
  if (hasNothingYet(target)) return undefined;
  try {
    return await work();
  } catch (error) {
    if (error instanceof SessgenError && error.envelope.code === "backend/not-migrated") return undefined;
    throw error;
  }
}
