import type { Codec } from "./codec.js";

/**
 * A type that a field had before, and the function that takes its values to the next one. Methods,
 * so that one of any type is used as one of `unknown`; {@link upcast} looks at the types.
 */
export interface Upcast {
  /** The one that values of the type are stored under. */
  readonly slot: number;
  /** What documents call it, where that is not the field's name. */
  readonly stored?: readonly [string, ...string[]];
  readonly codec: Codec<unknown>;
  up(this: void, old: unknown): unknown;
  down?(this: void, value: unknown): unknown;
}

/** What {@link upcast} takes. */
export interface UpcastOptions<From, To> {
  readonly slot: number;
  readonly stored?: readonly [string, ...string[]];
  readonly codec: Codec<From>;
  /**
   * Makes the next value of an old one. Called when the field is read, each time, so it must depend
   * on its argument alone. When it throws, or gives what the schema forbids, the field reads as one
   * that cannot be read, and the old value stays where it is.
   */
  readonly up: (old: From) => To;
  /** Makes the old value of a new one again, for versions that know no other. */
  readonly down?: (value: To) => From;
}

/** Describes a type that a field had before. */
export function upcast<From, To>(options: UpcastOptions<From, To>): Upcast {
  const { slot, stored, codec, up, down } = options;
  return {
    slot,
    ...(stored && { stored }),
    codec: codec as Codec<unknown>,
    up: (old) => up(old as From),
    ...(down && { down: (value: unknown) => down(value as To) }),
  };
}
