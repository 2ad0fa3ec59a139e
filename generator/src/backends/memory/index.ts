import { z } from "zod";
import type { Backend } from "../backend.js";
import { count } from "../shared/options.js";

/** The application's own memory. */
export const memory: Backend = {
  kind: "memory",
  options: z.strictObject({
    kind: z.literal("memory"),
    maxEntries: count.optional(),
    maxBytes: count.optional(),
  }),
  first: { hint: "gone with the process, to try things out", code: 'kind: "memory"' },
  store: { module: "@sessgen/runtime/stores/memory", factory: "memoryStore" },
  developmentOnly: true,
};
