import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { flyway } from "../../../../services/flyway.js";
import { layouts } from "../../../src/backends/sql/layouts/index.js";
import { config, type Project, project } from "../../support/project.js";
import { installTools, tools } from "./migration-tools.js";
import { found, own, payload, servers, write } from "./servers.js";

const plain = "user: z.object({ id: z.string() }).optional()";
const byId = ', fields: { "user.id": { index: true } }';

/** A tool in a project that has migrations of its own already. */
interface Tool {
  readonly folder: string;
  /** Writes a migration of the user's that makes the table, as the tool writes it. */
  begin(user: Project, dialect: string, url: string): void;
  /** Runs the tool's own command, with all as it is by default. */
  apply(user: Project, dialect: string, url: string): void;
  /** Whether the tool finds that the database is what the project says. */
  compare?(user: Project, dialect: string, url: string): void | Promise<void>;
}

const run = (user: Project, command: string, args: readonly string[], env = {}): string =>
  execFileSync(join(tools, "node_modules/.bin", command), args, {
    cwd: user.root,
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });

const page = readFileSync(new URL("../../../../docs/migrations.md", import.meta.url), "utf8");
/** The snippet of docs/migrations.md that begins like this. */
const shown = (start: string): string =>
  [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].find(([, text]) => text?.startsWith(start))?.[1] ?? "";

const drizzleModule: Readonly<Record<string, string>> = { postgres: "pg", mysql: "mysql" };

/** Prisma downloads its programs before it does anything, unless it is told of some: none is run. */
const noPrograms = {
  ...Object.fromEntries(
    ["QUERY_ENGINE_LIBRARY", "QUERY_ENGINE_BINARY", "SCHEMA_ENGINE_BINARY"].map((name) => [
      `PRISMA_${name}`,
      join(tools, "package.json"),
    ]),
  ),
  CHECKPOINT_DISABLE: "1",
};

/** Runs the SQL in a schema of its own, and compares the columns and indexes with what is there. */
async function expectSameTables(url: string, script: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ here: string }>("SELECT current_schema() AS here");
    await client.query("CREATE SCHEMA made_by_prisma");
    const own = script
      .replace(/^CREATE SCHEMA .*$|^Loaded Prisma config.*$/gm, "")
      // Prisma has one word for what a column is by default and for what it is computed from.
      .replace(/ DEFAULT (\(.+\))/, " GENERATED ALWAYS AS $1 STORED");
    await client.query(`SET search_path = made_by_prisma; ${own}`);
    const tables = ["users", "sessions"];
    const shapeOf = async (schema: string | undefined): Promise<unknown> => {
      const columns = await client.query(
        `SELECT table_name, column_name, udt_name, is_nullable FROM information_schema.columns
        WHERE table_schema = $1 AND table_name = ANY($2) ORDER BY table_name, column_name`,
        [schema, tables],
      );
      const indexes = await client.query(
        `SELECT c.relname, i.indisunique, array_agg(a.attname ORDER BY a.attnum)::text AS columns
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE n.nspname = $1 AND t.relname = ANY($2) GROUP BY 1, 2 ORDER BY 1`,
        [schema, tables],
      );
      return { columns: columns.rows, indexes: indexes.rows };
    };
    expect(await shapeOf("made_by_prisma")).toEqual(await shapeOf(rows[0]?.here));
  } finally {
    await client.query("DROP SCHEMA IF EXISTS made_by_prisma CASCADE");
    await client.end();
  }
}

const given: Readonly<Record<string, Tool>> = {
  drizzle: {
    folder: "drizzle",
    begin(user, dialect, url) {
      const module = drizzleModule[dialect] ?? "";
      user.write({
        "src/db/schema.ts": `import { int${dialect === "mysql" ? "" : "eger as int"}, ${module}Table } from "drizzle-orm/${module}-core";\nexport const users = ${module}Table("users", { id: int("id") });\n`,
        "drizzle.config.ts": `export default {
  dialect: "${dialect === "mysql" ? "mysql" : "postgresql"}",
  out: "./drizzle",
  dbCredentials: { url: ${JSON.stringify(url)} },
  ${shown("schema:")}
};
`,
      });
      // Sessions come later.
      const first = ["generate", "--dialect", dialect === "mysql" ? "mysql" : "postgresql"];
      run(user, "drizzle-kit", [...first, "--schema", "./src/db/schema.ts", "--out", "./drizzle"]);
    },
    apply: (user) => run(user, "drizzle-kit", ["migrate"]),
    compare(user, dialect) {
      expect(run(user, "drizzle-kit", ["generate"])).toContain("No schema changes");
      // MariaDB calls every BIGINT bigint(20), which drizzle-kit takes for a change.
      if (dialect === "postgres") expect(run(user, "drizzle-kit", ["push"])).toContain("No changes detected");
    },
  },
  knex: {
    folder: "migrations",
    begin(user, dialect, url) {
      user.write({
        "knexfile.cjs": `module.exports = { client: ${JSON.stringify(dialect === "mysql" ? "mysql2" : "pg")}, connection: ${JSON.stringify(url)} };\n`,
        "migrations/20240110120000_users.cjs":
          'exports.up = (knex) => knex.schema.createTable("users", (t) => { t.integer("id"); });\nexports.down = () => {};\n',
      });
    },
    apply: (user) => run(user, "knex", ["migrate:latest", "--knexfile", "knexfile.cjs"]),
  },
  dbmate: {
    folder: "db/migrations",
    begin: (user) =>
      user.write({
        "db/migrations/20240110120000_users.sql":
          "-- migrate:up\nCREATE TABLE users (id integer);\n\n-- migrate:down\nDROP TABLE users;\n",
      }),
    apply: (user, dialect, url) =>
      run(user, "dbmate", ["--no-dump-schema", "up"], {
        DATABASE_URL: dialect === "postgres" ? `${url}?sslmode=disable` : url,
      }),
  },
  prisma: {
    folder: "prisma/migrations",
    begin: (user, _dialect, url) =>
      user.write({
        "prisma/schema.prisma": `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model users {
  id Int @id
}
`,
        "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
        "prisma/migrations/20240110120000_users/migration.sql":
          'CREATE TABLE "users" ("id" INTEGER NOT NULL, CONSTRAINT "users_pkey" PRIMARY KEY ("id"));\n',
        "prisma.config.ts": `import { PrismaPg } from "@prisma/adapter-pg";
import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "prisma",
  // Prisma's engine as a module, where its program cannot be had.
  experimental: { adapter: true },
  engine: "js",
  adapter: async () => new PrismaPg({ connectionString: ${JSON.stringify(url)} }),
});
`,
      }),
    apply: (user, _dialect, url) =>
      run(user, "prisma", ["migrate", "deploy"], { DATABASE_URL: url, ...noPrograms }),
    async compare(user, _dialect, url) {
      copyFileSync(
        join(user.root, "session-infra/postgres/sessions.prisma"),
        join(user.root, "prisma/sessions.prisma"),
      );
      const ask = (...args: string[]) => run(user, "prisma", args, { DATABASE_URL: url, ...noPrograms });
      // Its comparison with a database takes the program: the adapter cannot read all of a catalog.
      expect(ask("validate")).toContain("are valid");
      expect(ask("migrate", "status")).toContain("Database schema is up to date!");
      // So it is asked for the tables of its schema, which are made beside those of the migrations.
      const script = ask("migrate", "diff", "--from-empty", "--to-schema-datamodel", "prisma", "--script");
      await expectSameTables(url, script);
    },
  },
  flyway: {
    folder: "sql",
    begin: (user) =>
      user.write({
        "sql/V1__users.sql": "CREATE TABLE users (id integer);\n",
        "sql/V9__more.sql": "CREATE TABLE more (id integer);\n",
      }),
    apply(user, dialect, url) {
      const { host, pathname, username, password } = new URL(url);
      const driver = dialect === "postgres" ? "postgresql" : "mariadb";
      execFileSync(
        flyway() ?? "",
        [
          ...[`-url=jdbc:${driver}://${host}${pathname}`, `-user=${username}`, `-password=${password}`],
          ...(dialect === "postgres" ? ["-postgresql.transactional.lock=false"] : []),
          ...[`-locations=filesystem:${join(user.root, "sql")}`, "migrate"],
        ],
        { stdio: "pipe", env: { ...process.env, JAVA_ARGS: "-XX:TieredStopAtLevel=1" } },
      );
    },
  },
};

for (const dialect of ["postgres", "mysql"] as const) {
  const server = servers.find((one) => one.dialect === dialect && one.url !== "");
  describe.skipIf(server === undefined || !installTools())(
    `a history of the user's on ${server?.name}`,
    () => {
      // What differs between databases is what drizzle-kit compares.
      const named = dialect === "postgres" ? Object.keys(given) : ["drizzle"];
      it.for(named)("of %s gets our migrations behind its own", async (name, { skip }) => {
        if (name === "flyway" && flyway() === undefined)
          return skip("Flyway takes Java, and Maven for its download");
        const tool = given[name];
        const place = await server?.place();
        if (place === undefined || tool === undefined) return;
        const { user, configure } = place;
        const rest = `, ${shown("migrations:").trim().replace('"drizzle", folder: "drizzle"', `"${name}", folder: "${tool.folder}"`)}`;
        expect(rest).toContain(`{ tool: "${name}", folder: "${tool.folder}" }`);
        configure(plain, "", rest);
        const url = /url: "([^"]+)"/.exec(user.read("session.config.ts"))?.[1] ?? "";
        mkdirSync(join(user.root, "node_modules"));
        for (const module of ["drizzle-orm", "drizzle-kit", "knex", "pg", "mysql2", "prisma", "@prisma"])
          symlinkSync(join(tools, "node_modules", module), join(user.root, "node_modules", module));
        tool.begin(user, dialect, url);
        const before = readdirSync(join(user.root, tool.folder));
        tool.apply(user, dialect, url);

        expect((await user.run()).err).toBe("");
        expect(readdirSync(join(user.root, tool.folder))).toEqual(expect.arrayContaining(before));
        const missing = await user.run("verify");
        expect(missing.err).toContain("[verify/missing-table]");
        expect(missing.err).toContain(`Apply the migrations with ${name}: `);
        tool.apply(user, dialect, url);
        expect(await user.run("verify")).toMatchObject({ code: 0, err: "" });

        const store = place.store();
        await store.write(own("k"), payload({ user: { id: "u" } }), write);
        configure(plain, "", byId + rest);
        expect((await user.run()).err).toBe("");
        tool.apply(user, dialect, url);
        expect((await user.run("migrate", "--after-deploy")).err).toBe("");
        expect(await found(store, "user_id", "u")).toEqual([own("k")]);
        expect(await user.run("verify")).toMatchObject({ code: 0, err: "" });
        expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
        await tool.compare?.(user, dialect, url);
      });
    },
  );
}

describe("the table of tools in docs/migrations.md", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| `([\w./-]+)` \| `([^`]+)` \|/gm)].map(
    ([, tool = "", folder = "", command = ""]) => [tool, folder, command] as const,
  );

  it("has all there are", () => {
    expect(rows.map(([tool]) => tool).sort()).toEqual(
      Object.keys(layouts)
        .filter((name) => name !== "plain")
        .sort(),
    );
  });

  it.each(rows)("%s in %s, applied by %s", async (tool, folder, command) => {
    expect(layouts[tool as keyof typeof layouts].command).toBe(command);
    const user = project({
      "session.config.ts": config(
        "a: z.string()",
        `backend: { kind: "postgres", url: env("URL") }, migrations: { tool: "${tool}", folder: "${folder}" }`,
      ),
    });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(readdirSync(join(user.root, folder)).join()).toContain("create_sessions");
    const others = { drizzle: "src/session/drizzle.ts", prisma: "session-infra/postgres/sessions.prisma" };
    const other = others[tool as keyof typeof others];
    if (other !== undefined) expect(user.read(other)).toContain("sessions");
  });
});
