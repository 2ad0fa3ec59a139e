import { z } from "zod";
import { lineOf, type Policy, type PolicyConflict } from "./policy.js";

export interface EncryptPolicy {
  /**
   * Encrypted in the store with `encryption.secrets`, and bound to its session. Default `false`.
   * Costs bytes for each value, and a secret that must not be lost: without it nobody reads them.
   */
  readonly encrypt?: boolean;
}

export const encrypt: Policy<boolean> = {
  schema: z.boolean(),
  conflicts: (value, path, { policy, encryption }) => {
    const conflicts: PolicyConflict[] = [];
    if (value && !encryption)
      conflicts.push({
        option: "encrypt",
        summary: `fields.${path} is to be encrypted, and there is no encryption.secrets`,
      });
    if (value && policy.index === true)
      conflicts.push({
        option: "index",
        summary: `fields.${path} is encrypted: only index: "hashed" keeps its value out of the store`,
      });
    return conflicts;
  },
  sentence: (value) => (value ? "Encrypted in the store." : undefined),
  line: lineOf("encrypt"),
};
