import { isDeepStrictEqual } from "node:util";
import type { Sessions } from "./connection.js";
import type { Validator, WantedIndex } from "./shape.js";

/** An index that is there. */
export interface FoundIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly [option: string]: unknown;
}

/** The collection as it is. */
export interface State {
  /** `view` and `timeseries` cannot hold sessions. */
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly indexes: readonly FoundIndex[];
}

/** Gives what is there under the collection's name; nothing when it is free. */
export async function look({ db, collection }: Sessions): Promise<State | undefined> {
  const [found] = await db.listCollections({ name: collection.collectionName }).toArray();
  if (found === undefined) return undefined;
  const { type = "collection", options = {} } = found as Partial<State>;
  const indexes = type === "collection" ? ((await collection.indexes()) as unknown as FoundIndex[]) : [];
  return { type, options, indexes };
}

/** Tells whether an index does what the wanted one is for; its name does not matter. */
export function suffices(found: FoundIndex, { key, expireAfterSeconds }: WantedIndex): boolean {
  const [first = ""] = Object.keys(key);
  if (found["unique"] === true || found["hidden"] === true || found["collation"] !== undefined) return false;
  if (expireAfterSeconds !== undefined)
    return hasKey(found, key) && isWhole(found) && found["expireAfterSeconds"] === expireAfterSeconds;
  // More fields behind the first one do no harm.
  if (Object.keys(found.key)[0] !== first || ![1, -1, "hashed"].includes(found.key[first] as number))
    return false;
  const whole = { [first]: { $exists: true } };
  return isWhole(found) || isDeepStrictEqual(found["partialFilterExpression"], whole);
}

/** Tells whether an index has these fields and no others, in whichever direction. */
export function hasKey(found: FoundIndex, key: WantedIndex["key"]): boolean {
  const names = Object.keys(found.key);
  return (
    isDeepStrictEqual(names, Object.keys(key)) &&
    names.every((name) => Math.abs(Number(found.key[name])) === 1)
  );
}

/** Whether an index has all documents with its field. */
function isWhole(found: FoundIndex): boolean {
  return found["partialFilterExpression"] === undefined;
}

/** Tells whether the collection refuses exactly what the validator does. */
export function validates({ options }: State, validator: Validator): boolean {
  const { validationLevel = "strict", validationAction = "error" } = options;
  return (
    isDeepStrictEqual(options["validator"], validator) &&
    validationLevel === "strict" &&
    validationAction === "error"
  );
}
