import type { Live } from "../../live/live.js";
import { migrateMongodb } from "./migrate.js";
import { sampleMongodb } from "./refill.js";
import { verifyMongodb } from "./verify.js";

/** MongoDB: one collection, compared with what the config asks for. */
export const mongodb: Live = {
  migrate: migrateMongodb,
  verify: verifyMongodb,
  sample: sampleMongodb,
};
