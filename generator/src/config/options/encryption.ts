import { type ZodType, z } from "zod";
import { agree } from "../agree.js";
import { secrets } from "../option-values.js";
import type { EnvReference } from "../values.js";

/** How sessions are encrypted in the store. */
export interface EncryptionOptions {
  /**
   * `[env("SESSION_ENCRYPTION_SECRET")]`. The first encrypts, all decrypt; to rotate, put a new one
   * behind, deploy everywhere, then in front.
   */
  readonly secrets: readonly [EnvReference, ...EnvReference[]];
  /**
   * Default `false`: only the fields marked `encrypt`. With `true` whole sessions: each read
   * decrypts and each write encrypts all of it, and nobody reads any of it without a secret.
   */
  readonly payload?: boolean;
  /**
   * Default `false`. With `true`, what is not encrypted is read, too, for as long as sessions from
   * before are about; meanwhile whoever can write to the store can put plain values in place of
   * encrypted ones.
   */
  readonly acceptPlain?: boolean;
}

/** The same, as it is written in the config. */
export const encryption: ZodType<EncryptionOptions> = agree<EncryptionOptions>()(
  z.strictObject({
    secrets,
    payload: z.boolean().optional(),
    acceptPlain: z.boolean().optional(),
  }),
);
