import type { FieldIndex } from "../../model/model.js";

/** An index of the collection, as the driver takes it. */
export interface WantedIndex {
  readonly key: Readonly<Record<string, 1>>;
  readonly name: string;
  readonly expireAfterSeconds?: number;
  readonly sparse?: boolean;
}

/** The rule for documents, as the server takes it. */
export interface Validator {
  readonly $jsonSchema: {
    readonly bsonType: "object";
    readonly required: readonly string[];
    readonly properties: Readonly<Record<string, { readonly bsonType: string }>>;
  };
}

/**
 * Lets the server delete a session when it has expired. The name is the driver's own, which an
 * index made by hand has, too.
 */
export const ttlIndex: WantedIndex = { key: { expiresAt: 1 }, name: "expiresAt_1", expireAfterSeconds: 0 };

/** Finds sessions by a part of a field; sparse, so that sessions without it take up no room. */
export function lookupIndex({ name }: FieldIndex): WantedIndex {
  return { key: { [`by_${name}`]: 1 }, name: `by_${name}`, sparse: true };
}

/**
 * What the store writes always. `binData` and `date` are what the driver makes of a Uint8Array and
 * a Date.
 */
const properties = {
  _id: { bsonType: "string" },
  payload: { bsonType: "binData" },
  version: { bsonType: "string" },
  expiresAt: { bsonType: "date" },
};

/**
 * Accepts what the store writes, and refuses other documents. Further fields are accepted: an older
 * deploy may write one of an index that the config no longer has.
 */
export function validatorOf(indexes: readonly FieldIndex[]): Validator {
  const lookups = indexes.map(({ name }) => [`by_${name}`, { bsonType: "string" }] as const);
  return {
    $jsonSchema: {
      bsonType: "object",
      required: Object.keys(properties),
      properties: { ...properties, ...Object.fromEntries(lookups) },
    },
  };
}

/** All that the store does with the collection, in the words of MongoDB's privileges. */
export const storeActions: readonly string[] = ["find", "insert", "remove", "update"];
