import { SessgenError } from "../../errors.js";
import { noteFilled, openIndexes, standingsOf } from "../../live/index-notes.js";
import type { MigrateRequest, Step, Target } from "../../live/live.js";
import type { FieldIndex } from "../../model/model.js";
import { isError, type Sessions, withSessions } from "./connection.js";
import { listMongodb } from "./list.js";
import { needsRefill, type Refill, refill } from "./refill.js";
import { lookupIndex, ttlIndex, validatorOf, type WantedIndex } from "./shape.js";
import { hasKey, look, type State, suffices, validates } from "./state.js";

/**
 * What the server says when somebody else changes the collection at the same time: LockBusy,
 * NamespaceExists, IndexOptionsConflict, IndexKeySpecsConflict, WriteConflict,
 * ConflictingOperationInProgress, IndexBuildAborted, IndexBuildAlreadyInProgress,
 * BackgroundOperationInProgressForDatabase and …ForNamespace.
 */
const disturbances = [46, 48, 85, 86, 112, 117, 276, 278, 12586, 12587];

/** How often it begins anew because of them. */
const ATTEMPTS = 5;

/** One part of what is wanted. */
interface Part {
  readonly name: string;
  /** It is as it should be. */
  readonly there: boolean;
  /** Comes up only when it is needed. */
  readonly passing?: boolean;
  /** Brings it about; `false` when there is more to do. */
  bring(): Promise<unknown>;
}

/** Compares the collection with what the config asks for, and changes what differs. */
export async function migrateMongodb(target: Target, request: MigrateRequest): Promise<readonly Step[]> {
  const { direction, dryRun } = request;
  if (direction === "down" || direction === "baseline") {
    throw new SessgenError("migrate/unsupported", `MongoDB has nothing for --${direction} to do`);
  }
  const open = openIndexes(await standingsOf(target, { list: listMongodb }), request);
  return withSessions(target, "the roles dbAdmin and readWrite", async (sessions) => {
    if (direction === "up" && !dryRun) return bringAll(target, sessions, request, open);
    const parts = await partsOf(target, sessions, request, open);
    const shown = parts.filter(({ there, passing }) => !there || (direction === "status" && !passing));
    return shown.map(({ name, there }) => ({
      name,
      state: direction === "status" && !there ? "pending" : "applied",
    }));
  });
}

async function bringAll(
  target: Target,
  sessions: Sessions,
  request: MigrateRequest,
  open: readonly FieldIndex[],
): Promise<Step[]> {
  const done = new Set<string>();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const left: Step[] = [];
      for (const { name, there, bring } of await partsOf(target, sessions, request, open)) {
        if (there) continue;
        if ((await bring()) === false) left.push({ name, state: "pending" });
        else done.add(name);
      }
      if (open.length > 0 && left.length === 0) await noteFilled(target, open, request);
      return [...[...done].map((name): Step => ({ name, state: "applied" })), ...left];
    } catch (error) {
      if (attempt === ATTEMPTS || !isError(error, ...disturbances)) throw error;
    }
  }
}

/** Everything that is wanted, in the order in which it is brought about. */
async function partsOf(
  target: Target,
  sessions: Sessions,
  request: MigrateRequest,
  unfilled: readonly FieldIndex[],
): Promise<Part[]> {
  const { indexes } = target;
  const { db, collection } = sessions;
  const name = collection.collectionName;
  const state = await look(sessions);
  if (state !== undefined && state.type !== "collection")
    throw new SessgenError("migrate/failed", `${name} is a ${state.type} and no collection`, {
      fix: "Give the backend another `collection` in the config.",
    });
  const lookups = indexes.map(lookupIndex);
  const has = (index: WantedIndex): boolean => state?.indexes.some((one) => suffices(one, index)) ?? false;
  const index = (wanted: WantedIndex): Part => ({
    name: `index ${wanted.name}`,
    there: has(wanted),
    bring: () => bringIndex(sessions, wanted, state, request),
  });
  const validator = validatorOf(indexes);
  return [
    { name: `collection ${name}`, there: state !== undefined, bring: () => create(sessions) },
    index(ttlIndex),
    // Before their indexes: that an index is there says that this was done.
    ...(await refillOf(target, sessions, state === undefined ? () => true : has, request, unfilled)),
    ...lookups.map(index),
    {
      name: "validator",
      there: state !== undefined && validates(state, validator),
      async bring() {
        const change = { collMod: name, validator, validationLevel: "strict", validationAction: "error" };
        await db.command(change).catch((error: unknown) => {
          // CommandNotSupported: of all servers that speak MongoDB's protocol, some have none.
          if (!isError(error, 115)) throw error;
          request.progress("This server has no validators: sessions work without one");
        });
      },
    },
  ];
}

/**
 * Filling in what new indexes find sessions by: of all sessions after a deploy, for what the older
 * one wrote meanwhile, and where the index was there before, since what stands there may be of
 * another form.
 */
async function refillOf(
  target: Target,
  sessions: Sessions,
  has: (index: WantedIndex) => boolean,
  request: MigrateRequest,
  unfilled: readonly FieldIndex[],
): Promise<Part[]> {
  const open = target.indexes.filter((one) => unfilled.includes(one) || !has(lookupIndex(one)));
  if (open.length === 0) return [];
  const all = open.some((one) => has(lookupIndex(one)));
  const names = open.map((one) => lookupIndex(one).name);
  const title = `${names.join(", ")} of ${sessions.collection.collectionName} filled in`;
  const work: Refill = { title, ...(all ? {} : { missing: names }) };
  const there = !(await needsRefill(target, sessions, work));
  return [{ name: title, there, passing: true, bring: () => refill(target, sessions, work, request) }];
}

async function create({ db, collection }: Sessions): Promise<void> {
  await db.createCollection(collection.collectionName);
}

async function bringIndex(
  { db, collection }: Sessions,
  { key, ...options }: WantedIndex,
  state: State | undefined,
  { progress }: MigrateRequest,
): Promise<void> {
  const { name, expireAfterSeconds } = options;
  // Their names and keys are taken: MongoDB has no two indexes of the same.
  const taken = (state?.indexes ?? []).filter((one) => one.name === name || hasKey(one, key));
  for (const found of taken) {
    const onlyLate = suffices({ ...found, expireAfterSeconds }, { key, ...options });
    if (expireAfterSeconds !== undefined && onlyLate) {
      const index = { name: found.name, expireAfterSeconds };
      try {
        await db.command({ collMod: collection.collectionName, index });
        return;
      } catch (error) {
        // InvalidOptions: servers before 5.1 make no TTL index of another one.
        if (!isError(error, 72)) throw error;
      }
    }
    progress(`The index ${found.name} has other options or fields: it is made anew`);
    await collection.dropIndex(found.name).catch((error: unknown) => {
      // IndexNotFound: somebody else did the same.
      if (!isError(error, 27)) throw error;
    });
  }
  await collection.createIndex({ ...key }, options);
}
