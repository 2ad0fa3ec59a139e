import type { Backend } from "../backend.js";
import { notAtomic } from "../shared/not-atomic.js";
import { kept, options } from "./options.js";

/** A storage of unstorage, exported by a module of the application's. */
export const unstorage: Backend = {
  kind: "unstorage",
  options,
  kept,
  first: {
    hint: "anything unstorage has a driver for",
    code: 'kind: "unstorage", module: "./src/storage.ts"',
    module: `import { createStorage } from "unstorage";

// Sessions in memory, to begin with: give it a driver, such as that of unstorage/drivers/redis.
export default createStorage();
`,
    rank: 9,
  },
  store: { module: "@sessgen/runtime/stores/unstorage", factory: "unstorageStore" },
  imports: { module: "storage" },
  clients: ["unstorage"],
  limits: notAtomic,
  noIndex:
    "unstorage finds values by their key alone, so there is no way from a field's value to its sessions.",
};
