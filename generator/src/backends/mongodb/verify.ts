import type { Document } from "mongodb";
import type { Drift, Target } from "../../live/live.js";
import { isError, type Sessions, withSessions } from "./connection.js";
import { lookupIndex, storeActions, ttlIndex, validatorOf } from "./shape.js";
import { hasKey, look, type State, suffices, validates } from "./state.js";

/** More than this between two clocks is worth a word, in milliseconds. */
const SKEW = 5000;

/** Compares the collection with what the config asks for. */
export function verifyMongodb(target: Target): Promise<Drift[]> {
  return withSessions(target, "the role dbAdmin", async (sessions) => {
    const skew = await skewDrift(sessions);
    const name = sessions.collection.collectionName;
    const state = await look(sessions);
    if (state === undefined)
      return [{ id: "verify/missing-table", summary: `There is no collection ${name}` }, ...skew];
    if (state.type !== "collection") {
      const summary = `${name} is a ${state.type} and no collection`;
      return [
        { id: "verify/missing-table", summary, fix: "Name another `collection` in the config." },
        ...skew,
      ];
    }
    const { indexes } = target;
    const unknown = indexes
      .map((index) => ({ path: index.path, wanted: lookupIndex(index) }))
      .filter(({ wanted }) => !state.indexes.some((one) => suffices(one, wanted)));
    const drifts: Drift[] = unknown.map(({ path, wanted }) => ({
      id: "verify/missing-index",
      summary: `${name} has no index of use on ${wanted.name}: finding sessions by ${path} reads all of them`,
    }));
    drifts.push(...uniqueDrifts(name, state), ...concernDrifts(sessions));
    if (!validates(state, validatorOf(indexes))) {
      const summary =
        state.options["validator"] === undefined
          ? `${name} has no validator`
          : `${name} has another validator than the one that was emitted`;
      drifts.push({ id: "verify/missing-validator", summary });
    }
    return [...ttlDrift(name, state), ...drifts, ...(await permissionDrifts(sessions)), ...skew];
  });
}

function uniqueDrifts(collection: string, { indexes }: State): Drift[] {
  return indexes.flatMap(({ name, key, unique }): Drift[] => {
    const fields = Object.keys(key);
    if (unique !== true || fields.includes("_id")) return [];
    const summary = `The index ${name} of ${collection} lets ${fields.join(", ")} have each value once`;
    const fix = `Drop the index ${name}, then run \`npx sessgen migrate\`.`;
    return [{ id: "verify/unique-index", summary, fix }];
  });
}

/** The address decides: the store takes what it says. */
function concernDrifts({ collection }: Sessions): Drift[] {
  if (collection.writeConcern?.w !== 0) return [];
  const summary = "The address has the write concern w=0: the server does not say whether it wrote a session";
  return [{ id: "verify/write-concern", summary }];
}

function ttlDrift(name: string, { indexes }: State): Drift[] {
  if (indexes.some((one) => suffices(one, ttlIndex))) return [];
  const expiring = indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
  const own = expiring.find((one) => hasKey(one, ttlIndex.key));
  if (own !== undefined) {
    const when =
      own["expireAfterSeconds"] === 0
        ? "only some sessions"
        : `sessions ${String(own["expireAfterSeconds"])} seconds after they expired`;
    return [
      { id: "verify/ttl-wrong-attribute", summary: `The index ${own.name} of ${name} deletes ${when}` },
    ];
  }
  const [other] = expiring;
  if (other === undefined)
    return [
      { id: "verify/ttl-off", summary: `${name} has no TTL index on expiresAt: expired sessions stay` },
    ];
  const summary = `${name} has a TTL index on ${Object.keys(other.key).join(", ")} and none on expiresAt`;
  return [{ id: "verify/ttl-wrong-attribute", summary }];
}

async function permissionDrifts(sessions: Sessions): Promise<Drift[]> {
  const denied = await deniedActions(sessions);
  if (denied.length === 0) return [];
  const { collectionName, dbName } = sessions.collection;
  return [
    {
      id: "verify/missing-permission",
      summary: `The account lacks on ${dbName}.${collectionName}: ${denied.join(", ")}`,
      fix: `Run the emitted setup.mongosh.js, and give the account the role sessgen-${collectionName}.`,
    },
  ];
}

/** What the store does and the account may not. */
async function deniedActions({ db, collection }: Sessions): Promise<readonly string[]> {
  const { authInfo = {} } = await db.command({ connectionStatus: 1, showPrivileges: true });
  const { authenticatedUsers = [], authenticatedUserPrivileges: privileges } = authInfo as Document;
  // Nobody logs in where everybody may do everything.
  if (authenticatedUsers.length === 0) return [];
  if (Array.isArray(privileges)) return deniedBy(privileges, db.databaseName, collection.collectionName);
  // A server that does not say is asked to change nothing at all. There is no insertion of nothing.
  const nothing = { _id: { $in: [] } };
  const probes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["find", () => collection.findOne(nothing)],
    ["remove", () => collection.deleteOne(nothing)],
    ["update", () => collection.updateOne(nothing, { $unset: { by_: "" } })],
  ];
  const denied: string[] = [];
  for (const [action, probe] of probes) {
    await probe().catch((error: unknown) => {
      // Unauthorized
      if (!isError(error, 13)) throw error;
      denied.push(action);
    });
  }
  return denied;
}

/**
 * Gives what the store does and none of an account's privileges, as `connectionStatus` shows them,
 * allows.
 */
export function deniedBy(privileges: readonly Document[], db: string, collection: string): readonly string[] {
  const granted = privileges
    .filter(({ resource }) => covers(resource, db, collection))
    .flatMap(({ actions }) => actions as readonly string[]);
  return storeActions.filter((action) => !granted.includes(action) && !granted.includes("anyAction"));
}

/** Whether a privilege's resource is, or contains, the collection; empty names stand for all. */
function covers(resource: Document, db: string, collection: string): boolean {
  if (resource["anyResource"] === true) return true;
  if (typeof resource["db"] !== "string" || typeof resource["collection"] !== "string") return false;
  return ["", db].includes(resource["db"]) && ["", collection].includes(resource["collection"]);
}

async function skewDrift({ db }: Sessions): Promise<Drift[]> {
  // The first command connects, which takes its time.
  await db.command({ ping: 1 });
  const sent = Date.now();
  const { localTime } = await db.command({ hello: 1 });
  const skew = localTime instanceof Date ? localTime.getTime() - (sent + Date.now()) / 2 : 0;
  if (Math.abs(skew) <= SKEW) return [];
  const seconds = Math.round(Math.abs(skew) / 1000);
  const summary = `The server's clock and this machine's are ${seconds} seconds apart`;
  return [{ id: "verify/clock-skew", summary }];
}
