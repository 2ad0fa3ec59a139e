import { describe, expect, it } from "vitest";
import { checksum } from "../../../src/backends/sql/ledger.js";
import { application, config, runIn } from "../../support/project.js";
import { servers } from "../sql/servers.js";

const plain = "user: z.object({ id: z.string() }).optional()";
const byId = ', fields: { "user.id": { index: true } }';
const folder = "session-infra/mysql";

for (const server of servers.filter(({ dialect }) => dialect === "mysql")) {
  describe.skipIf(server.url === "")(`migrations of ${server.name}`, () => {
    it("read as they should", async () => {
      const { user, configure } = await server.place();
      configure(plain);
      await user.run();
      configure(plain, "", byId);
      await user.run();
      configure(plain, ', table: "moved"');
      await user.run();
      const names = [
        "0001_create_sessions",
        "0002_add_by_user_id",
        "0003_index_by_user_id",
        "0004_rename_moved",
        "0005_drop_by_user_id",
      ];
      for (const name of names) {
        for (const direction of ["up", "down"]) {
          await expect(user.read(`${folder}/${name}/${direction}.sql`)).toMatchFileSnapshot(
            `__snapshots__/mysql/${name}.${direction}.sql`,
          );
        }
      }
    });

    it("go on after a run that was cut off before it could note what it did", async () => {
      const { user, configure, query } = await server.place();
      configure(plain);
      await user.run();
      await user.run("migrate");
      configure(plain, "", byId);
      await user.run();
      const up = user.read(`${folder}/0002_add_by_user_id/up.sql`);
      const down = user.read(`${folder}/0002_add_by_user_id/down.sql`);
      await query(up);
      const hash = checksum({ up, down });
      await query(
        `INSERT INTO sessgen_migrations VALUES ('${application}', '', '0002_add_by_user_id', '${hash}', '', '{}', NULL)`,
      );
      const { out, err } = await user.run("migrate");
      expect(err).toBe("");
      // The column is filled in before it is indexed.
      expect(out).toContain(
        "applied: 0002_add_by_user_id\napplied: by_user_id of sessions filled in\napplied: 0003_index_by_user_id",
      );
      expect(await user.run("verify")).toMatchObject({ code: 0, err: "" });
    });

    it("do not take a foreign table for their own, however often they are tried", async () => {
      const { user, configure, query } = await server.place();
      await query("CREATE TABLE sessions (x INT)");
      configure(plain);
      await user.run();
      for (let time = 0; time < 2; time += 1) {
        const { code, err } = await user.run("migrate");
        expect(err).toMatch(/already exists.*\[migrate\/failed\]/);
        expect(code).toBe(5);
      }
    });

    it("go into the database of the config, and say what an account may not do there", async () => {
      const { user, configure, query } = await server.place();
      const [row] = await query("SELECT DATABASE() AS name");
      const other = `${row?.["name"]}_o`;
      const account = `r${String(row?.["name"]).slice(-20)}`;
      await query(`CREATE DATABASE ${other}`);
      configure(plain, `, database: "${other}"`);
      await user.run();
      expect((await user.run("migrate")).out).toBe("applied: 0001_create_sessions\n");
      expect(await user.run("verify")).toMatchObject({ code: 0, err: "" });
      await query(`CREATE USER ${account}@'%'`);
      await query(`GRANT SELECT, DELETE ON ${other}.* TO ${account}@'%'`);
      user.write({
        "session.config.ts": user.read("session.config.ts").replace("mysql://root@", `mysql://${account}@`),
      });
      const { code, err } = await user.run("verify");
      await query(`DROP USER ${account}@'%'`);
      await query(`DROP DATABASE ${other}`);
      expect(code).toBe(6);
      expect(err).toContain("may not INSERT");
      expect(err).toContain("may not UPDATE");
      expect(err).not.toMatch(/may not (SELECT|DELETE)/);
    });

    it("say that there is no database of that name", async () => {
      const { user, configure } = await server.place();
      configure(plain);
      const [, url = ""] = /url: "([^"]+)"/.exec(user.read("session.config.ts")) ?? [];
      const address = new URL(url);
      address.pathname = "/missing";
      user.write({ "session.config.ts": config("", 'backend: { kind: "mysql", url: env("DATABASE_URL") }') });
      await user.run();
      for (const command of ["migrate", "verify"]) {
        const { err } = await runIn(user.root, [command], { env: { DATABASE_URL: address.href } });
        expect(err).toContain("[backend/no-database]");
      }
    });

    it("say that nobody is there, and not the password", async () => {
      const { user } = await server.place();
      user.write({ "session.config.ts": config("", 'backend: { kind: "mysql", url: env("DATABASE_URL") }') });
      await user.run();
      for (const url of ["mysql://x:secret@127.0.0.1:1/x", "mysql://x:secret@:::/x"]) {
        for (const command of ["migrate", "verify"]) {
          const { err } = await runIn(user.root, [command, "--verbose"], { env: { DATABASE_URL: url } });
          expect(err).toContain("[backend/unavailable]");
          expect(err).not.toContain("secret");
        }
      }
    });
  });
}
