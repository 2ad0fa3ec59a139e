import fc from "fast-check";
import { type Change, kinds } from "./evolve.js";

/** What one version does to one session. */
export interface Operation {
  readonly version: number;
  readonly field: number;
  /** `beside`: another version does the next operation in a request at the same time. */
  readonly kind: "assign" | "change" | "remove" | "beside";
  readonly number: number;
}

/** A chain of versions, and what they do to sessions on a store. */
export interface Recipe {
  readonly serializer: number;
  /** What the fields of the first version are. */
  readonly fields: readonly number[];
  /** What changes from one version to the next. */
  readonly steps: readonly (readonly Change[])[];
  /** Of several sessions, one after the other. */
  readonly sessions: readonly (readonly Operation[])[];
}

const number = fc.nat(9999);
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...kinds),
  where: number,
  what: number,
});
const operation: fc.Arbitrary<Operation> = fc.record({
  version: fc.nat(2),
  field: number,
  kind: fc.constantFrom("assign", "change", "change", "remove", "beside"),
  number,
});

/** Random chains. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  serializer: fc.nat(2),
  fields: fc.array(number, { minLength: 1, maxLength: 4 }),
  steps: fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }),
  sessions: fc.array(fc.array(operation, { minLength: 2, maxLength: 14 }), { minLength: 1, maxLength: 3 }),
});
