import type { Live } from "./live.js";
import { migrateMongodb } from "./mongodb-migrate.js";
import { verifyMongodb } from "./mongodb-verify.js";

/** MongoDB: one collection, compared with what the config asks for. */
export const mongodb: Live = { migrate: migrateMongodb, verify: verifyMongodb };
