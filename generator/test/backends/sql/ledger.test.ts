import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newLock } from "../../../src/lock/lock.js";
import { printLock } from "../../../src/lock/text.js";
import { lockText, type Run, runIn } from "../../support/project.js";
import { found, own, type Place, payload, servers, write } from "./servers.js";

const plain = "user: z.object({ id: z.string(), age: z.int().optional() }).optional()";
const byId = ', fields: { "user.id": { index: true } }';
const asItShouldBe = { code: 0, out: expect.stringContaining("is as it should be"), err: "" };

/** Runs sessgen and what follows, in the folder or one of its kinds; gives what was said. */
async function said({ user }: Place, ...runs: string[][]): Promise<string[]> {
  let last: Run = { code: 0, out: "", err: "" };
  for (const argv of runs) {
    last = await user.run(...argv);
    expect({ argv, ...last, out: "" }).toEqual({ argv, code: 0, out: "", err: "" });
  }
  return last.out.trim().split("\n");
}

/** Another application that works in the same database. */
function besideIt(place: Place, folder: string, id: string) {
  const root = join(place.user.root, folder);
  const at = (path: string): string => `${folder}/${path}`;
  place.user.write({
    [at("package.json")]: '{ "name": "other", "type": "module" }\n',
    [at("sessgen.lock.json")]: printLock(newLock(id)),
  });
  return {
    /** As the first one is configured by now, with other fields. */
    configure(rest: string): void {
      const text = place.user
        .read("session.config.ts")
        .replace(/(, fields: [^\n]*)?,?\n\}\);/, `${rest} });`);
      const file = text.replace('file: "s.db"', 'file: "../s.db"');
      place.user.write({ [at("session.config.ts")]: file });
    },
    async said(...runs: string[][]): Promise<string[]> {
      let out = "";
      for (const argv of runs) {
        const run = await runIn(root, argv);
        expect({ argv, code: run.code, err: run.err }).toEqual({ argv, code: 0, err: "" });
        ({ out } = run);
      }
      return out.trim().split("\n");
    },
  };
}

for (const server of servers.filter(({ name }) => name !== "postgres (postgres)" && name !== "mysql")) {
  const { dialect } = server;
  const folder = `session-infra/${dialect}`;

  describe.skipIf(server.url === "")(`the ledger of ${server.name}`, () => {
    it("has the migrations of two kinds of sessions", async () => {
      const place = await server.place();
      const { user } = place;
      place.configure(plain, "", byId);
      const main = user.read("session.config.ts");
      place.configure(plain, ', table: "admin_sessions"', ', name: "admin"');
      user.write({
        "session.config.ts": main,
        "admin.session.config.ts": user.read("session.config.ts"),
        "admin.sessgen.lock.json": lockText,
      });
      const admin = ["--config", "admin.session.config.ts"];
      expect(await said(place, ["--config", "session.config.ts", ...admin], ["migrate"])).toEqual([
        "applied: 0001_create_sessions",
      ]);
      expect(await said(place, ["migrate", ...admin])).toEqual(["applied: 0001_create_admin_sessions"]);
      for (const argv of [[], admin]) {
        expect(await said(place, ["migrate", ...argv])).toEqual(["Nothing is pending"]);
        expect(await user.run("verify", ...argv)).toMatchObject({ code: 0, err: "" });
      }
      const rows = await place.query("SELECT kind, name FROM sessgen_migrations ORDER BY kind");
      expect(rows.map(({ kind, name }) => [kind, name])).toEqual([
        ["", "0001_create_sessions"],
        ["admin", "0001_create_admin_sessions"],
      ]);
      expect(await said(place, ["migrate", "--down", ...admin])).toEqual([
        "undone: 0001_create_admin_sessions",
      ]);
      expect(await user.run("verify")).toMatchObject({ code: 0, err: "" });
    });

    it("lets two applications share a table, and takes nothing away that one of them uses", async () => {
      const place = await server.place();
      place.configure(plain, "", byId);
      const other = besideIt(place, "other", "other-application-id22");
      other.configure("");
      await said(place, [], ["migrate"]);
      expect((await other.said([], ["migrate"])).slice(0, 2)).toEqual([
        "0001_create_sessions: others have made it",
        "applied: 0001_create_sessions",
      ]);
      const store = place.store();
      const index = { user_id: "u" };
      await store.write(own("k"), payload({ user: { id: "u" } }), { ...write, index });
      expect((await other.said(["migrate", "--down"]))[0]).toContain("others use what it made, which stays");
      expect(await found(store, "user_id", "u")).toEqual([own("k")]);
      await other.said(["migrate"]);
      other.configure(byId);
      await other.said([], ["migrate"]);
      place.configure(plain);
      const dropped = await said(place, [], ["migrate", "--after-deploy"]);
      expect(dropped).toContain("0002_drop_by_user_id: others use what it takes away, which stays");
      expect(await found(store, "user_id", "u")).toEqual([own("k")]);
      expect(await place.user.run("verify")).toMatchObject({ code: 0 });

      // What fits only in part is refused, before anything is changed.
      const third = besideIt(place, "third", "third-application-id22");
      third.configure(', fields: { "user.age": { index: true } }');
      await third.said([]);
      const refused = await runIn(join(place.user.root, "third"), ["migrate"]);
      expect(refused.err).toContain("[migrate/shared-table]");
      expect(refused.code).toBe(5);
    });

    it("lets an older release run on, and undoes by what it keeps", async () => {
      const place = await server.place();
      const { user } = place;
      place.configure(plain);
      await said(place, [], ["migrate"]);
      const store = place.store();
      await store.write(own("k"), payload({ user: { id: "u" } }), write);
      place.configure(plain, "", byId);
      await said(place, [], ["migrate"]);
      // `git revert` of the commit that brought the index.
      const names = (await place.query("SELECT name FROM sessgen_migrations ORDER BY name"))
        .map(({ name }) => String(name))
        .slice(1);
      for (const name of names) rmSync(join(user.root, folder, name), { recursive: true });
      place.configure(plain);
      expect(await said(place, [])).not.toContain("0002");
      const told = "A newer release has migrated here, beside which this one works";
      const up = await said(place, ["migrate"]);
      expect(up.filter((line) => line.startsWith(told))).toHaveLength(1);
      expect(up.slice(1)).toEqual(names.map((name) => `newer: ${name}`));
      expect(await said(place, ["migrate", "--status"])).toEqual([
        "applied: 0001_create_sessions",
        ...names.map((name) => `newer: ${name}`),
      ]);
      const verified = await user.run("verify");
      expect(verified.code).toBe(0);
      expect(verified.err).toContain("[verify/newer-migration]");
      for (const name of names.reverse())
        expect(await said(place, ["migrate", "--down"])).toEqual([`undone: ${name}`]);
      expect(await said(place, ["migrate"])).toEqual(["Nothing is pending"]);
      expect(await user.run("verify")).toMatchObject(asItShouldBe);
      expect(await store.read(own("k"))).toBeDefined();
    });

    it("says when a newer release has taken away what an older one needs", async () => {
      const place = await server.place();
      const { user } = place;
      place.configure(plain, "", byId);
      await said(place, [], ["migrate"]);
      place.configure(plain);
      await said(place, [], ["migrate", "--after-deploy"]);
      rmSync(join(user.root, folder, "0002_drop_by_user_id"), { recursive: true });
      place.configure(plain, "", byId);
      await said(place, []);
      const refused = await user.run("migrate");
      expect(refused.err).toMatch(/taken sessions\.by_user_id away.*\[migrate\/too-new\]/);
      expect(refused.code).toBe(5);
      expect(await said(place, ["migrate", "--down"])).toEqual(["undone: 0002_drop_by_user_id"]);
      expect((await said(place, ["migrate"])).join()).not.toContain("newer");
    });

    it("of an earlier form is refused, with what to do", async () => {
      const place = await server.place();
      const { user } = place;
      place.configure(plain);
      await said(place, [], ["migrate"]);
      await place.query("DROP TABLE sessgen_migrations");
      await place.query("CREATE TABLE sessgen_migrations (name VARCHAR(100), checksum VARCHAR(200))");
      for (const argv of [["migrate"], ["migrate", "--status"], ["migrate", "--down"]]) {
        const refused = await user.run(...argv);
        expect(refused.err).toContain("[migrate/older-ledger]");
        expect(refused.code).toBe(5);
      }
      await place.query("DROP TABLE sessgen_migrations");
      expect(await said(place, ["migrate", "--baseline"])).toEqual(["baselined: 0001_create_sessions"]);
      expect(await user.run("verify")).toMatchObject(asItShouldBe);
    });
  });
}
