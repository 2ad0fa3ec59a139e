import { join } from "node:path";
import { fileStore } from "../../runtime/src/stores/file/index.js";
import type { HammerStore } from "./store.js";

export const file: HammerStore = {
  open: ({ folder }, options) => fileStore({ directory: join(folder, "sessions"), ...options }),
};
