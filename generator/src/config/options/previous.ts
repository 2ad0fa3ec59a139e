import { type ZodType, z } from "zod";
import { agree } from "../agree.js";
import { envReference } from "../option-values.js";
import type { EnvReference } from "../values.js";
import { relativePath } from "../values.js";

/** How the keys of sessions were made before. What is left out was as it is now. */
export interface PreviousOptions {
  /** The application id that the lock had. */
  readonly application?: string;
  /** The realm; `""`: there was none. */
  readonly realm?: string | EnvReference;
  /** `name` of the config, of a kind of sessions; `""`: there was none. */
  readonly name?: string;
  /**
   * What derived keys: `"standard"`, or a module that exports `deriveKey`, as the one of `parts`
   * did.
   */
  readonly deriveKey?: string;
}

/** The same, as it is written in the config. */
export const previous: ZodType<readonly [PreviousOptions, ...PreviousOptions[]]> = agree<
  readonly [PreviousOptions, ...PreviousOptions[]]
>()(z.tuple([one()], one()) as unknown as ZodType<readonly [PreviousOptions, ...PreviousOptions[]]>);

function one() {
  return z
    .strictObject({
      application: z
        .string()
        .regex(/^[A-Za-z0-9_-]{22}$/, "expected an application id, as a lock has it")
        .optional(),
      realm: z.union([z.string(), envReference], { error: 'expected text, or env("NAME")' }).optional(),
      name: z.string().optional(),
      deriveKey: z.union([z.literal("standard"), relativePath]).optional(),
    })
    .refine(
      (given) => Object.values(given).some((value) => value !== undefined),
      "expected what was another: application, realm, name or deriveKey",
    );
}
