import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { found, own, payload, servers, write } from "./servers.js";

const plain = "user: z.object({ id: z.string() }).optional()";
const byId = ', fields: { "user.id": { index: true } }';

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** Drizzle's journal says when. */
const timeless = (text: string): string => text.replace(/"when": \d+/g, '"when": 0');

for (const dialect of ["sqlite", "postgres", "mysql"] as const) {
  const server = servers.find((one) => one.dialect === dialect && one.url !== "");
  describe.skipIf(server === undefined)(`layouts for ${dialect}`, () => {
    it.each(["dbmate", "flyway", "prisma", "drizzle", "knex"])("%s", async (layout) => {
      const place = await server?.place();
      if (place === undefined) return;
      const { user, configure } = place;
      const rest = `, migrations: "${layout}"`;
      for (const fields of ["", byId, ""]) {
        configure(plain, "", fields + rest);
        expect((await user.run()).err).toBe("");
        expect(await user.run("check")).toMatchObject({ code: 0 });
      }
      const folder = join(user.root, `session-infra/${dialect}`);
      const shown = files(folder).filter((file) => !file.endsWith("snapshot.json"));
      const text = shown.map(
        (file) => `==== ${file}\n${timeless(user.read(`session-infra/${dialect}/${file}`))}`,
      );
      // Drivers that split scripts at each semicolon, as Prisma's adapters do, know no comments.
      const migrations = text.filter((file) => !file.startsWith("==== roles.sql"));
      expect(migrations.join("\n").match(/^\s*--.*;.*\S/gm)).toBeNull();
      await expect(text.join("\n")).toMatchFileSnapshot(`__snapshots__/layouts/${layout}-${dialect}.txt`);
      expect(files(folder).filter((file) => /[./]snapshot\.json$/.test(file))).toHaveLength(
        dialect === "sqlite" ? 3 : 4,
      );
    });

    it("let Flyway see no placeholder in a name", async () => {
      const place = await server?.place();
      if (place === undefined) return;
      const { user, configure } = place;
      configure(plain, `, table: "a\${b}"`, ', migrations: "flyway"');
      await user.run();
      for (const script of ["V0001__create_a_b", "U0001__create_a_b"])
        expect(user.read(`session-infra/${dialect}/${script}.sql.conf`)).toBe(
          "# A name in the script of the same name has what would be a placeholder of Flyway's.\nplaceholderReplacement=false\n",
        );
    });

    it("leave the migrations to the tool, and fill in what it has added", async () => {
      const place = await server?.place();
      if (place === undefined) return;
      const { user, configure, query } = place;
      const rest = ', migrations: "flyway"';
      const apply = async (name: string): Promise<void> => {
        for (const statement of user.read(`session-infra/${dialect}/V${name}.sql`).split(/;\n/)) {
          if (statement.replace(/--.*/g, "").trim() !== "") await query(statement);
        }
      };
      configure(plain, "", rest);
      await user.run();
      expect((await user.run("migrate")).out).toMatch(
        /^Nothing is to be filled in; whether \w+ has applied all/,
      );
      await apply("0001__create_sessions");
      const store = place.store();
      await store.write(own("k"), payload({ user: { id: "u" } }), write);
      configure(plain, "", byId + rest);
      await user.run();
      const early = await user.run("migrate");
      expect(early.err).toContain("[migrate/failed]");
      expect(early.err).toContain("Apply the migrations with flyway first.");
      expect((await user.run("verify")).err).toContain("[verify/missing-column]");
      await apply("0002__add_by_user_id");
      if (dialect !== "sqlite") await apply("0003__index_by_user_id");
      expect((await user.run("migrate", "--after-deploy")).out).toContain(
        "applied: by_user_id of sessions filled in",
      );
      expect(await found(store, "user_id", "u")).toEqual([own("k")]);
      expect(await user.run("verify")).toMatchObject({ code: 0, err: "" });
      expect((await user.run("migrate", "--down")).err).toContain("[migrate/other-tool]");
    });
  });
}
