import { z } from "zod";
import type { Backend } from "../backend.js";
import { modulePath, notAtomic, text } from "../shared/options.js";

/** A Keyv of the application's, exported by a module of its own. */
export const keyv: Backend = {
  kind: "keyv",
  options: z.strictObject({ kind: z.literal("keyv"), module: modulePath, prefix: text.optional() }),
  first: { hint: "anything Keyv has an adapter for", code: 'kind: "keyv", module: "./src/keyv.ts"' },
  store: { module: "@sessgen/runtime/stores/keyv", factory: "keyvStore" },
  imports: { module: "keyv" },
  drivers: ["keyv"],
  limits: notAtomic,
  noIndex: "Keyv finds values by their key alone, so there is no way from a field's value to its sessions.",
};
