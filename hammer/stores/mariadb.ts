import { mysql } from "./mysql.js";
import type { HammerStore } from "./store.js";

export const mariadb: HammerStore = { ...mysql, service: "mariadb" };
