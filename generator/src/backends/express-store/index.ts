import type { Backend } from "../backend.js";
import { notAtomic } from "../shared/not-atomic.js";
import { kept, options } from "./options.js";

/** A store made for express-session, exported by a module of the application's. */
export const expressStore: Backend = {
  kind: "express-store",
  options,
  kept,
  first: {
    hint: "any store made for express-session",
    code: 'kind: "express-store", module: "./src/session-store.ts"',
    module: `import session from "express-session";

// Sessions in memory, to begin with: export the store that you have, such as connect-redis.
export default new session.MemoryStore();
`,
    needs: ["express-session"],
    types: ["@types/express-session"],
  },
  store: { module: "@sessgen/runtime/stores/express-store", factory: "expressStore" },
  imports: { module: "store" },
  limits: notAtomic,
  noIndex:
    "Stores for express-session find sessions by their id alone, so there is no way from a field's value to its sessions.",
};
