import { redisStore } from "../../runtime/src/stores/redis/index.js";
import type { HammerStore } from "./store.js";

export const redis: HammerStore = {
  service: "redis",
  open: ({ url, name }, options) => redisStore({ url, prefix: `${name}:`, ...options }),
};
