import { join } from "node:path";
import { lmdbStore } from "../../runtime/src/stores/lmdb/index.js";
import type { HammerStore } from "./store.js";

export const lmdb: HammerStore = {
  open: ({ folder }, options) => lmdbStore({ path: join(folder, "sessions"), ...options }),
};
