import { type Duration, duration } from "../../config/values.js";
import type { Policy } from "./policy.js";

/** @typeParam Time - of the config a duration, once it is read milliseconds */
export interface TtlPolicy<Time = Duration> {
  /**
   * The value ends this long after it was last assigned or changed: from then on the field is
   * absent, and the session goes on. Judged by the clock of whoever reads. For verification codes,
   * steps of a form, a recent login. Costs some bytes for its end.
   */
  readonly ttl?: Time;
}

export const ttl: Policy<number> = {
  schema: duration,
  problems: (_value, { required }) =>
    required
      ? ["a field with a ttl is absent after it has ended: make it optional or give it a default"]
      : [],
  sentence: (value, { duration: human }) => `Ends ${human(value)} after it was last changed.`,
  line: (value, { duration: human }) => [`ttl: ${value}`, human(value)],
};
