import { memoryStore } from "../../runtime/src/stores/memory/index.js";
import type { HammerStore } from "./store.js";

export const memory: HammerStore = {
  local: true,
  open: (_target, options) => memoryStore(options),
};
