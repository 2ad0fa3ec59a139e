import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flyway } from "../../../../services/flyway.js";
import type { Project } from "../../support/project.js";
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
  compare?(user: Project, dialect: string): void;
}

const run = (user: Project, command: string, args: readonly string[], env = {}): string =>
  execFileSync(join(tools, "node_modules/.bin", command), args, {
    cwd: user.root,
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });

const drizzleModule: Readonly<Record<string, string>> = { postgres: "pg", mysql: "mysql" };

const given: Readonly<Record<string, Tool>> = {
  drizzle: {
    folder: "drizzle",
    begin(user, dialect, url) {
      const module = drizzleModule[dialect] ?? "";
      user.write({
        "db.ts": `import { int${dialect === "mysql" ? "" : "eger as int"}, ${module}Table } from "drizzle-orm/${module}-core";\nexport const users = ${module}Table("users", { id: int("id") });\n`,
        "drizzle.config.json": JSON.stringify({
          dialect: dialect === "mysql" ? "mysql" : "postgresql",
          schema: ["./db.ts", "./src/session/drizzle.ts"],
          out: "./drizzle",
          dbCredentials: { url },
          // What sessgen keeps account in.
          tablesFilter: ["!sessgen_*"],
        }),
      });
      // Sessions come later.
      const first = ["generate", "--dialect", dialect === "mysql" ? "mysql" : "postgresql"];
      run(user, "drizzle-kit", [...first, "--schema", "./db.ts", "--out", "./drizzle"]);
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
        const rest = `, migrations: { tool: "${name}", folder: "${tool.folder}" }`;
        configure(plain, "", rest);
        const url = /url: "([^"]+)"/.exec(user.read("session.config.ts"))?.[1] ?? "";
        mkdirSync(join(user.root, "node_modules"));
        for (const module of ["drizzle-orm", "drizzle-kit", "knex", "pg", "mysql2"])
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
        tool.compare?.(user, dialect);
      });
    },
  );
}
