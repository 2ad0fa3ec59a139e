/**
 * The session model: all that sessgen knows about a schema, as plain, frozen, serialisable data.
 * Zod ends here; everything downstream (lock, emitters, migrations) reads only this.
 */

import type { FieldPolicy } from "./policies/policies.js";
import type { Property, Refinement, Type } from "./type.js";

export type * from "./type.js";

/** A top-level field of the session. */
export interface Field extends Property {
  /** Can be changed in place, so it is compared again at commit. */
  readonly mutable: boolean;
  /** The most bytes the field can take when packed; absent: unbounded. */
  readonly maxBytes?: number;
  readonly policy: FieldPolicy;
  /** The parts of it that sessions can be found by. */
  readonly indexes?: readonly FieldIndex[];
  /** From a value that is present to what says which user it is. */
  readonly identity?: readonly IndexStep[];
}

/** A part of a field that sessions can be found by. */
export interface FieldIndex {
  /** As in the config: `user.id`. */
  readonly path: string;
  /** What stores call it: `user_id`. */
  readonly name: string;
  /** What it was before its field got another name; see the policy `was`. */
  readonly former?: { readonly path: string; readonly name: string };
  /** From the field's value to the part; none when it is the value itself. */
  readonly steps: readonly IndexStep[];
  readonly type: Type;
  /** Stores get only a hash of it. */
  readonly hashed: boolean;
}

/** A property on the way to a part of a field's value. */
export interface IndexStep {
  readonly name: string;
  /** What the property is looked up in may be absent. */
  readonly maybe: boolean;
}

/** The whole schema. */
export interface SessionModel {
  /** Which Zod the schema was written in. */
  readonly zod: 3 | 4;
  /** In declaration order. */
  readonly fields: readonly Field[];
  /** Targets of {@link RefType}, by name. */
  readonly types: Readonly<Record<string, Type>>;
  readonly refinements: readonly Refinement[];
  readonly description?: string;
}
