import { type ZodType, z } from "zod";
import { relativePath } from "../values.js";

/** A tool that applies SQL migrations other than `sessgen migrate`. */
export type MigrationTool = "dbmate" | "flyway" | "prisma" | "drizzle" | "knex";

/** The migrations of the application, which those of sessions come among. */
export interface MigrationsOptions {
  readonly tool: MigrationTool;
  /**
   * Where the tool has its migrations: `"drizzle"`, `"prisma/migrations"`, `"db/migrations"`. Ours
   * are numbered behind what is there, and applied by the tool's own command.
   */
  readonly folder: string;
}

const tool: ZodType<MigrationTool> = z.enum(["dbmate", "flyway", "prisma", "drizzle", "knex"]);

/** Who applies the SQL migrations, as it is written. */
export const migrations: ZodType<"plain" | MigrationTool | MigrationsOptions> = z.union(
  [z.literal("plain"), tool, z.strictObject({ tool, folder: relativePath })],
  {
    error:
      'expected "plain", "dbmate", "flyway", "prisma", "drizzle" or "knex", or { tool: "drizzle", folder: "drizzle" }',
  },
);
