import type { Lifetime, Lifetimes } from "@sessgen/runtime";
import { type ZodType, z } from "zod";
import { agree } from "../agree.js";
import { type Duration, duration } from "../values.js";

/**
 * How long sessions live.
 * @typeParam Time - in the config a duration, once it is read milliseconds
 */
export interface LifetimeOptions<Time = Duration> {
  /**
   * After its last use. Default 30 minutes, of permanent sessions 31 days, and never more than
   * `absolute`. Longer makes a stolen cookie useful for longer.
   */
  readonly idle?: Time;
  /**
   * After its beginning, whatever happens. Default 12 hours, of permanent sessions 90 days. Longer
   * makes a stolen cookie useful for longer.
   */
  readonly absolute?: Time;
}

/** How long sessions live, and how long those whose user asked to be remembered. */
export type LifetimesOptions<Time = Duration> = LifetimeOptions<Time> & {
  /** For sessions whose user asked to be remembered. */
  readonly permanent?: LifetimeOptions<Time>;
};

const lifetimes = { idle: duration.optional(), absolute: duration.optional() };

/** The same, as it is written in the config. */
export const lifetime: ZodType<LifetimesOptions<number>> = agree<LifetimesOptions<number>>()(
  z.strictObject({ ...lifetimes, permanent: z.strictObject(lifetimes).optional() }),
);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Fills the defaults in. */
export function resolveLifetime(given: LifetimesOptions<number> | undefined): Lifetimes {
  return {
    ...lifetimeOf(given, { idle: 30 * MINUTE, absolute: 12 * HOUR }),
    permanent: lifetimeOf(given?.permanent, { idle: 31 * DAY, absolute: 90 * DAY }),
  };
}

function lifetimeOf(given: LifetimeOptions<number> | undefined, preset: Lifetime): Lifetime {
  const absolute = given?.absolute ?? preset.absolute;
  return { idle: given?.idle ?? Math.min(preset.idle, absolute), absolute };
}
