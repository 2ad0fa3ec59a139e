import type { ResolvedConfig } from "../../config/resolved.js";

/** How a tool for SQL migrations is known. */
interface MigrationTool {
  /** As in the config's `migrations`. */
  readonly name: ResolvedConfig["migrations"];
  readonly packages: readonly string[];
  /** Beginnings of the names of its files and folders. */
  readonly signs: readonly string[];
}

const tools: readonly MigrationTool[] = [
  { name: "drizzle", packages: ["drizzle-kit"], signs: ["drizzle.config."] },
  { name: "prisma", packages: ["prisma", "@prisma/client"], signs: ["prisma.config.", "prisma"] },
  { name: "knex", packages: ["knex"], signs: ["knexfile."] },
  { name: "dbmate", packages: ["dbmate"], signs: [".dbmate"] },
  { name: "flyway", packages: ["node-flywaydb"], signs: ["flyway.conf", "flyway.toml"] },
];

/** Finds the tool that the project has for its migrations. */
export function migrationToolOf(
  packages: ReadonlySet<string>,
  files: readonly string[],
): MigrationTool["name"] | undefined {
  return tools.find((tool) => tool.packages.some((name) => packages.has(name)) || hasSign(tool.signs, files))
    ?.name;
}

/** Says whether a file's name begins as one of these does, or is one of them. */
export function hasSign(signs: readonly string[], files: readonly string[]): boolean {
  return files.some((file) =>
    signs.some((sign) => (sign.endsWith(".") ? file.startsWith(sign) : file === sign)),
  );
}
