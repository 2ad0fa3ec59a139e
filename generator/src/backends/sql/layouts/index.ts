import type { ResolvedConfig } from "../../../config/resolved.js";
import { dbmate } from "./dbmate.js";
import { drizzle } from "./drizzle.js";
import { flyway } from "./flyway.js";
import { knex } from "./knex.js";
import type { Layout } from "./layout.js";
import { plain } from "./plain.js";
import { prisma } from "./prisma.js";

/** Every layout, by its name in the config. */
export const layouts: Readonly<Record<ResolvedConfig["migrations"], Layout>> = {
  plain,
  dbmate,
  flyway,
  prisma,
  drizzle,
  knex,
};
