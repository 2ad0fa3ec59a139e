import type { Live } from "../../live/live.js";
import { countMongodb, listMongodb } from "./list.js";
import { migrateMongodb } from "./migrate.js";
import { verifyMongodb } from "./verify.js";

/** MongoDB: one collection, compared with what the config asks for. */
export const mongodb: Live = {
  migrate: migrateMongodb,
  verify: verifyMongodb,
  list: listMongodb,
  count: countMongodb,
};
