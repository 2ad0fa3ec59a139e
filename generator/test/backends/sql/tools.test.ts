import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { flyway } from "../../../../services/flyway.js";
import { lockText } from "../../support/project.js";
import { installTools, tools } from "./migration-tools.js";
import { found, own, type Place, payload, servers, write } from "./servers.js";

const require = createRequire(join(tools, "package.json"));

/** Each applies all there is, and keeps account of it in that table. */
const runs: Readonly<
  Record<string, (url: string, folder: string, dialect: string, account: string) => Promise<void>>
> = {
  async dbmate(url, folder, dialect, account) {
    const address = dialect === "postgres" ? `${url}?sslmode=disable` : url;
    const where = ["--url", address, "--migrations-dir", folder, "--migrations-table", account];
    const args = [...where, "--no-dump-schema", "up"];
    execFileSync(join(tools, "node_modules/.bin/dbmate"), args, { stdio: "pipe" });
  },
  async knex(url, folder, dialect, account) {
    const { default: knex } = await import(pathToFileURL(require.resolve("knex")).href);
    const client = knex({
      client: dialect === "postgres" ? "pg" : "mysql2",
      connection: url,
      migrations: { directory: folder, tableName: account },
    });
    try {
      await client.migrate.latest();
    } finally {
      await client.destroy();
    }
  },
  async drizzle(url, folder, dialect, account) {
    const driver = dialect === "postgres" ? "node-postgres" : "mysql2";
    const { drizzle } = require(`drizzle-orm/${driver}`);
    const { migrate } = require(`drizzle-orm/${driver}/migrator`);
    if (dialect === "postgres") {
      const pool = new (require("pg").Pool)({ connectionString: url, max: 1 });
      await migrate(drizzle(pool), { migrationsFolder: folder, migrationsTable: account });
      await pool.end();
      return;
    }
    const connection = await require("mysql2/promise").createConnection({ uri: url });
    await migrate(drizzle(connection), { migrationsFolder: folder, migrationsTable: account });
    await connection.end();
  },
  async flyway(url, folder, dialect, account) {
    const { host, pathname, username, password } = new URL(url);
    const driver = dialect === "postgres" ? "postgresql" : "mariadb";
    execFileSync(
      flyway() ?? "",
      [
        ...[`-url=jdbc:${driver}://${host}${pathname}`, `-user=${username}`, `-password=${password}`],
        // As the emitted migrations say that it has to be.
        ...(dialect === "postgres" ? ["-postgresql.transactional.lock=false"] : []),
        // The second kind finds the tables of the first one there.
        ...[`-table=${account}`, "-baselineOnMigrate=true", "-baselineVersion=0"],
        ...[`-locations=filesystem:${folder}`, "migrate"],
      ],
      // It is soon over: nothing is gained by compiling it well.
      { stdio: "pipe", env: { ...process.env, JAVA_ARGS: "-XX:TieredStopAtLevel=1" } },
    );
  },
};

const plain = "user: z.object({ id: z.string() }).optional()";
const byId = ', fields: { "user.id": { index: true } }';
// What a template literal, a shell or a driver could take for something of its own.
const table = `se?s"s\`i \${o}ns`;

const urlOf = ({ user }: Place): string => /url: "([^"]+)"/.exec(user.read("session.config.ts"))?.[1] ?? "";

for (const dialect of ["postgres", "mysql"] as const) {
  const server = servers.find((one) => one.dialect === dialect && one.url !== "");
  describe.skipIf(server === undefined || !installTools())(`tools on ${server?.name}`, () => {
    it.for(Object.keys(runs))("%s applies what is laid out for it", async (tool, { skip }) => {
      if (tool === "flyway" && flyway() === undefined)
        return skip("Flyway takes Java, and Maven for its download");
      const place = await server?.place();
      if (place === undefined) return;
      const { user, configure } = place;
      const options = `, table: ${JSON.stringify(table)}`;
      const rest = `, migrations: "${tool}"`;
      const folder = join(user.root, `session-infra/${dialect}`);
      configure(plain, options, rest);
      await user.run();
      await runs[tool]?.(urlOf(place), folder, dialect, "account");
      const store = place.store({ table });
      await store.write(own("k"), payload({ user: { id: "u" } }), write);
      configure(plain, options, byId + rest);
      await user.run();
      await runs[tool]?.(urlOf(place), folder, dialect, "account");
      expect((await user.run("migrate", "--after-deploy")).err).toBe("");
      expect(await found(store, "user_id", "u")).toEqual([own("k")]);
      expect(await user.run("verify")).toMatchObject({ code: 0, err: "" });
      // What older deploys still need stays: the migration is a comment.
      configure(plain, options, rest);
      await user.run();
      await runs[tool]?.(urlOf(place), folder, dialect, "account");
      expect(await found(store, "user_id", "u")).toEqual([own("k")]);
    });

    // Where files of two kinds lie is the same in every dialect: one is enough.
    const once = dialect === "postgres" ? Object.keys(runs) : [];
    it.for(once)("%s applies those of two kinds of sessions", async (tool, { skip }) => {
      if (tool === "flyway" && flyway() === undefined)
        return skip("Flyway takes Java, and Maven for its download");
      const place = await server?.place();
      if (place === undefined) return;
      const { user, configure } = place;
      user.write({ "admin.sessgen.lock.json": lockText });
      for (const kind of ["sessions", "admin_sessions"]) {
        const isAdmin = kind !== "sessions";
        configure(plain, `, table: "${kind}"`, `, migrations: "${tool}"${isAdmin ? ', name: "admin"' : ""}`);
        await user.run();
        const folder = join(user.root, `${isAdmin ? "admin-" : ""}session-infra/${dialect}`);
        await runs[tool]?.(urlOf(place), folder, dialect, `account_of_${kind}`);
        expect(await user.run("migrate")).toMatchObject({ code: 0, err: "" });
        expect(await user.run("verify")).toMatchObject({ code: 0, err: "" });
      }
    });
  });
}
