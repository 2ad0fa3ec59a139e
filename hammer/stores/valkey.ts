import { redis } from "./redis.js";
import type { HammerStore } from "./store.js";

export const valkey: HammerStore = { ...redis, service: "valkey" };
