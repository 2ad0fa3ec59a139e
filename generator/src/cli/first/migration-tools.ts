import type { Dialect } from "../../backends/sql/dialect.js";
import type { ResolvedConfig } from "../../config/resolved.js";

/** A tool for SQL migrations as the project has it. */
export interface FoundTool {
  /** As in the config's `migrations`. */
  readonly tool: Exclude<ResolvedConfig["migrations"], "plain">;
  /** Where it has its migrations. */
  readonly folder: string;
  /** What it calls its database, where its files say so. */
  readonly database?: string;
}

/** How a tool for SQL migrations is known. */
interface MigrationTool {
  readonly name: FoundTool["tool"];
  readonly packages: readonly string[];
  /** Beginnings of the names of its files and folders. */
  readonly signs: readonly string[];
  /** Folders in which migrations usually are: the first that is there, or the first of all. */
  readonly folders: readonly string[];
  /** Finds the folder in a file of the tool's. */
  readonly says: RegExp;
  /** Files besides `signs` that say something. */
  readonly files?: readonly string[];
  /** Finds the database in a file of the tool's. */
  readonly database?: RegExp;
}

const tools: readonly MigrationTool[] = [
  {
    name: "drizzle",
    packages: ["drizzle-kit"],
    signs: ["drizzle.config."],
    folders: ["drizzle"],
    says: /\bout["']?\s*:\s*["'`]([^"'`]+)/,
    database: /\bdialect["']?\s*:\s*["'`](\w+)/,
  },
  {
    name: "prisma",
    packages: ["prisma", "@prisma/client"],
    signs: ["prisma.config.", "prisma"],
    folders: ["prisma/migrations"],
    says: /\bmigrations\s*:\s*\{[^}]*?\bpath\s*:\s*["'`]([^"'`]+)/,
    files: ["prisma/schema.prisma"],
    database: /^\s*datasource\s[^}]*?\bprovider\s*=\s*"(\w+)"/m,
  },
  {
    name: "knex",
    packages: ["knex"],
    signs: ["knexfile."],
    folders: ["migrations"],
    says: /\bmigrations\s*:\s*\{[^}]*?\bdirectory\s*:\s*["'`]([^"'`]+)/,
  },
  {
    name: "dbmate",
    packages: ["dbmate"],
    signs: [".dbmate"],
    folders: ["db/migrations"],
    says: /^\s*(?:export\s+)?DBMATE_MIGRATIONS_DIR\s*=\s*["']?([^"'\s]+)/m,
    files: [".env"],
  },
  {
    name: "flyway",
    packages: ["node-flywaydb"],
    signs: ["flyway.conf", "flyway.toml"],
    folders: ["sql", "migrations", "src/main/resources/db/migration"],
    says: /\blocations\s*=\s*\[?\s*"?filesystem:([^",\s\]]+)/,
  },
];

/**
 * Finds the tool that the project has for its migrations, and where these are.
 * @param read - gives the text of a file of the project
 */
export function migrationToolOf(
  packages: ReadonlySet<string>,
  files: readonly string[],
  { read, has }: { read(path: string): string | undefined; has(path: string): boolean },
): FoundTool | undefined {
  const found = tools.find(
    (tool) => tool.packages.some((name) => packages.has(name)) || hasSign(tool.signs, files),
  );
  if (found === undefined) return undefined;
  const texts = [...files.filter((file) => hasSign(found.signs, [file])), ...(found.files ?? [])].flatMap(
    (file) => read(file) ?? [],
  );
  const first = (pattern: RegExp): string | undefined =>
    texts.map((text) => pattern.exec(text)?.[1]).find((value) => value !== undefined);
  const [usual = "migrations"] = found.folders;
  const folder = first(found.says) ?? found.folders.find(has) ?? usual;
  const database = found.database && first(found.database);
  return {
    tool: found.name,
    folder: folder.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\/+$/, ""),
    ...(database === undefined ? {} : { database }),
  };
}

/** Gives the tool that is to apply the migrations of a backend: one that is for its database. */
export function toolFor(
  dialect: Dialect | undefined,
  migrations: FoundTool | undefined,
): FoundTool | undefined {
  if (dialect === undefined || migrations === undefined) return undefined;
  const { database = dialect.toolName } = migrations;
  // Turso is SQLite to Drizzle, under another name.
  return (database === "turso" ? "sqlite" : database) === dialect.toolName ? migrations : undefined;
}

/** Says what the tool has to be told of the tables, file by file. */
export function linesForTool(
  { tool }: FoundTool,
  { output, typescript, dialect }: { output: string; typescript: boolean; dialect: Dialect },
): { readonly file: string; readonly lines: string } | undefined {
  if (tool === "drizzle")
    return {
      file: "drizzle.config.ts",
      lines: `schema: [yours, "./${output}/drizzle.${typescript ? "ts" : "mjs"}"], // or push drops the table
tablesFilter: ["!sessgen_*"],
`,
    };
  if (tool === "prisma")
    return {
      file: "prisma.config.ts",
      lines: `schema: "prisma", // a folder, for session-infra/${dialect.name}/sessions.prisma to be copied into
`,
    };
  return undefined;
}

/** Says whether a file's name begins as one of these does, or is one of them. */
export function hasSign(signs: readonly string[], files: readonly string[]): boolean {
  return files.some((file) =>
    signs.some((sign) => (sign.endsWith(".") ? file.startsWith(sign) : file === sign)),
  );
}
