import { redisStore } from "../../runtime/src/stores/redis/index.js";
import type { HammerStore } from "./store.js";

export const redisCluster: HammerStore = {
  service: "redis-cluster",
  open: ({ url, name }, options) => redisStore({ nodes: [url], prefix: `${name}:`, ...options }),
};
