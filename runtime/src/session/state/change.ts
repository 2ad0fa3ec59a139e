import type { FieldDefinition } from "../../codec/definition.js";
import { isSamePart, type PackedPart } from "../../codec/packed/part.js";

/** A field's packed value; `undefined` when the field is absent. */
export type Packed = PackedPart | undefined;

/** Tells whether two packed values are the same. Values have one encoding each, so bytes decide. */
export function samePacked(a: Packed, b: Packed): boolean {
  if (a === undefined || b === undefined) return a === b;
  return isSamePart(a, b);
}

/** One field whose packed value differs from what is stored. */
export interface Change {
  readonly field: FieldDefinition;
  readonly base: Packed;
  readonly mine: Packed;
  /** Of a field with a `ttl`: when `mine` ends, in milliseconds since the Unix epoch. */
  readonly end?: number;
  /** `mine` was assigned as a whole; otherwise it was made of what was there. */
  readonly assigned?: boolean;
  /**
   * `base` cannot be read. `shown`: the application was shown what stands in its place, which
   * `mine` may be made of; `unseen`: it assigned `mine` without that; `given-up`: it said that
   * `base` may go.
   */
  readonly unread?: "shown" | "unseen" | "given-up";
}
