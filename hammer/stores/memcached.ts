import { memcachedStore } from "../../runtime/src/stores/memcached/index.js";
import type { HammerStore } from "./store.js";

export const memcached: HammerStore = {
  service: "memcached",
  noIndex: true,
  open: ({ url, name }, options) => memcachedStore({ servers: url, prefix: `${name}:`, ...options }),
};
