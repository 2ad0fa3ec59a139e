import type { Backend } from "../backend.js";
import { kept, options } from "./options.js";

/** The application's own memory. */
export const memory: Backend = {
  kind: "memory",
  options,
  kept,
  first: { hint: "gone with the process, to try things out", code: 'kind: "memory"' },
  store: { module: "@sessgen/runtime/stores/memory", factory: "memoryStore" },
  developmentOnly: true,
  outOfReach: true,
};
