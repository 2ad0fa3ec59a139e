import { dbmate } from "./dbmate.js";
import { drizzle } from "./drizzle.js";
import { flyway } from "./flyway.js";
import { knex } from "./knex.js";
import type { Layout } from "./layout.js";
import { plain } from "./plain.js";
import { prisma } from "./prisma.js";

/** Every layout, by its name in the config. */
export const layouts = { plain, dbmate, flyway, prisma, drizzle, knex } as const satisfies Record<
  string,
  Layout
>;

/** As in the config's `migrations`. */
export type LayoutName = keyof typeof layouts;
