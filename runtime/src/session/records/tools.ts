import {
  type RecordContext,
  type RecordOptions,
  recordContext,
  resolveIdentity,
} from "../context/record-context.js";
import { type EncryptionOptions, encryptWith } from "./encryption.js";

/** What tools are told of the application; they bring all code that it may need. */
export type ToolOptions = Omit<RecordOptions, "encryption"> & {
  /** As in `session.config.ts`, with the secrets themselves. */
  readonly encryption?: EncryptionOptions;
};

/**
 * Fills in what tools read and write records with.
 * @throws SessionError `env/missing`, `encryption/weak-secret`, `encryption/no-secret`,
 *   `session/no-application`
 */
export function toolContext(options: ToolOptions): RecordContext {
  return recordContext(handingOver(options), resolveIdentity(options));
}

/** Gives the options as the application has them, with the code that they need. */
export function handingOver<Options extends Pick<ToolOptions, "encryption">>({
  encryption,
  ...others
}: Options): Omit<Options, "encryption"> & Pick<RecordOptions, "encryption"> {
  return { ...others, ...(encryption && { encryption: encryptWith(encryption) }) };
}
