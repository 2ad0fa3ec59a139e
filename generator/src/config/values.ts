import ms, { type StringValue } from "ms";
import { type ZodType, z } from "zod";

/** A duration: `"30m"`, `"12h"`, `"31d"`, or milliseconds. */
export type Duration = number | `${number}${"s" | "m" | "h" | "d" | "w" | "y"}`;

/**
 * A hundred years: what is longer is a slip, and leaves the range of dates when it is added to one.
 */
const LONGEST = 36_525 * 86_400_000;

const durationHint = 'expected a duration such as "30m", "12h" or "31d", or milliseconds';

/** A duration; in milliseconds, once it is read. */
export const duration: ZodType<number, Duration> = z
  // The pattern is what editors see of it, in the JSON Schema.
  .union(
    [
      z.int().positive(),
      z.string().regex(/^\d+(?:\.\d+)?[smhdwy]$/) as unknown as ZodType<Duration, Duration>,
    ],
    { error: durationHint },
  )
  .transform((value, context) => {
    const milliseconds = typeof value === "number" ? value : ms(value as StringValue);
    if (Number.isSafeInteger(milliseconds) && milliseconds > 0 && milliseconds <= LONGEST)
      return milliseconds;
    context.addIssue({
      code: "custom",
      message: milliseconds > LONGEST ? "expected at most a hundred years" : durationHint,
    });
    return z.NEVER;
  });

/** A path relative to the config file; with forward slashes, once it is read. */
export const relativePath: ZodType<string, string> = z
  .string()
  .min(1)
  .refine((path) => !/^([A-Za-z]:)?[\\/]/.test(path), "expected a path relative to the config file")
  .transform((path) => path.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\/+$/, "") || ".");

/** A value that generated code reads from the environment when the application starts. */
export interface EnvReference {
  readonly $env: string;
}

/** An option's value as it can stand in generated code. */
export type OptionValue =
  | string
  | number
  | boolean
  | EnvReference
  | readonly OptionValue[]
  | { readonly [key: string]: OptionValue };

/** A backend with its options, validated by the backend's descriptor. */
export interface BackendConfig {
  readonly kind: string;
  readonly [option: string]: OptionValue;
}
