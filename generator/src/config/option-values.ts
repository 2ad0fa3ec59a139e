import { type ZodType, z } from "zod";
import type { EnvReference } from "./values.js";

/** What `env("NAME")` gives: read by the application when it starts. */
export const envReference: ZodType<EnvReference> = z.strictObject({
  $env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of an environment variable"),
});

/** A text, written out or from the environment; no address with a password. */
export const text: ZodType<string | EnvReference> = z.union(
  [
    z
      .string()
      .min(1)
      .refine((value) => !holdsPassword(value), { params: { secret: true } }),
    envReference,
  ],
  { error: 'expected text, or env("NAME")' },
);

/** What must not stand in code: read from the environment. */
export const secret: ZodType<EnvReference> = z.union([
  envReference,
  z.string().refine(() => false, { params: { secret: true } }) as unknown as typeof envReference,
]);

/** Says whether a text is an address with a password: before the `@`, or as a parameter. */
function holdsPassword(value: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/)?[^/\\?#:]*:[^/\\?#]+@|[?&](password|pass|pwd|authToken)=./i.test(value);
}

/**
 * The names of secrets, the first in use. An empty list would sign and seal nothing, and nobody
 * would notice.
 */
export const secrets: ZodType<EnvReference[]> = z
  .array(envReference, { error: 'expected a list such as [env("SESSION_SECRET")]' })
  .min(1, 'expected at least one secret, such as [env("SESSION_SECRET")]: an empty list protects nothing');

export const count: ZodType<number> = z.int().positive();

/** A module of the application's, by its path relative to the config file. */
export const modulePath: ZodType<string> = z
  .string()
  .min(1)
  .refine((path) => !/^([A-Za-z]:)?[\\/]/.test(path), "expected a path relative to the config file");
