import { z } from "zod";
import { relativePath } from "../../config/values.js";
import type { Policy } from "./policy.js";

/** How a value of a type that the field had becomes one of the type that it had next. */
export interface UpcastStep {
  /** The schema that it had: a Zod schema of what it gave out. */
  readonly from: unknown;
  /** Relative to the config file, with forward slashes. */
  readonly module: string;
  /** The function that takes the old value and gives the next one: `default`, or a name. */
  readonly export: string;
  /**
   * A function of the same module that makes the old value of a new one again: older deploys then
   * see what newer ones write.
   */
  readonly down?: string | undefined;
}

export interface UpcastPolicy {
  /**
   * What the field was before its type changed, oldest first, each with the function that takes it
   * to the next. Values that are stored are taken along when they are first read; older deploys
   * keep theirs. Of a part of a field (`"user.plan"`), each step needs `down`.
   * - `from`: the schema that it had
   * - `module`, `export`: where the function is
   * - `down`: the function of the same module that makes the old value of a new one again, so that
   *   older deploys see what newer ones write
   */
  readonly upcast?: readonly UpcastStep[];
}

const name = z.string().regex(/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u);

/**
 * What it becomes is kept with the field or property, as its `former`: a schema is no plain data.
 */
export const upcast: Policy<readonly UpcastStep[]> = {
  schema: z.array(
    z.strictObject({ from: z.unknown(), module: relativePath, export: name, down: name.optional() }),
    { error: 'expected [{ from: z.string(), module: "./src/upcast.ts", export: "toNumber" }], oldest first' },
  ),
  elsewhere: true,
  parts: true,
};
