import type { Backend } from "../backend.js";
import { notAtomic } from "../shared/not-atomic.js";
import { kept, options } from "./options.js";

/** A Keyv of the application's, exported by a module of its own. */
export const keyv: Backend = {
  kind: "keyv",
  options,
  kept,
  first: {
    hint: "anything Keyv has an adapter for",
    code: 'kind: "keyv", module: "./src/keyv.ts"',
    module: `import { Keyv } from "keyv";

// Sessions in memory, to begin with: give it an adapter, such as that of @keyv/redis.
export default new Keyv();
`,
    rank: 8,
  },
  store: { module: "@sessgen/runtime/stores/keyv", factory: "keyvStore" },
  imports: { module: "keyv" },
  clients: ["keyv"],
  limits: notAtomic,
  noIndex: "Keyv finds values by their key alone, so there is no way from a field's value to its sessions.",
};
