import {
  type History,
  indexNotesKey,
  type SessionDefinition,
  type SessionStore,
  storedIndexValues,
  writeIndexNotes,
} from "@sessgen/runtime";
import { describe, expect, it } from "vitest";
import { checksum } from "../../../src/backends/sql/ledger.js";
import { application } from "../../support/project.js";
import { found, own, type Place, payload, servers, write } from "./servers.js";

const plain = "user: z.object({ id: z.string(), age: z.int().optional() }).optional()";
const byId = ', fields: { "user.id": { index: true } }';
const byBoth = ', fields: { "user.id": { index: true }, "user.age": { index: true } }';
const byAge = ', fields: { "user.age": { index: true } }';

/** Runs sessgen, then its migrations. */
async function deploy({ user }: Place, ...flags: string[]): Promise<string[]> {
  const generated = await user.run();
  expect(generated.err).toBe("");
  const { code, out, err } = await user.run("migrate", ...flags);
  expect(err).toBe("");
  expect(code).toBe(0);
  return out.trim().split("\n");
}

const filledNotFinal = { code: 0, err: expect.stringContaining("filled, not final") };
const asItShouldBe = { code: 0, out: expect.stringContaining("is as it should be"), err: "" };

/** Notes what an application does that begins with these indexes. */
async function noteFinal(store: SessionStore, ...paths: string[]): Promise<void> {
  const notes = paths.map((of) => [of.replace(".", "_"), { of, state: "final" }] as const);
  await store.write(indexNotesKey(own("").slice(0, -1)), writeIndexNotes(Object.fromEntries(notes)), {
    ...write,
    index: {},
  });
}

/**
 * What migrations do to a database. One file for each of them: a process gets slower with every config that it loads.
 * @param name - of the server
 */
export function testMigrations(name: string): void {
  const server = servers.find((candidate) => candidate.name === name);
  if (server === undefined) throw new Error(`There is no server ${name}`);
  describe.skipIf(server.url === "")(`migrations of ${name}`, () => {
    const { dialect } = server;
    const folder = `session-infra/${dialect}`;
    const always = it;
    // The same statements run through another library: what does not depend on it is tried with one.
    const once = server.name === "postgres (postgres)" ? it.skip : it;

    once.each(["sessions", "select \"x\".é `y`; -- ? $1 'z'"])(
      "make the table %s, which the store works on",
      async (table) => {
        const place = await server.place();
        place.configure(plain, `, table: ${JSON.stringify(table)}`, byBoth);
        await deploy(place);
        expect(await place.user.run("verify")).toMatchObject(asItShouldBe);
        const store = place.store({ table });
        const index = { user_age: "42", user_id: "ü\0" };
        const written = await store.write(own("k"), Uint8Array.of(1), { ...write, expect: "absent", index });
        expect(written.ok).toBe(true);
        await store.write(own("none"), Uint8Array.of(1), {
          ...write,
          index: { user_age: null, user_id: null },
        });
        expect(await found(store, "user_age", "42")).toEqual([own("k")]);
        expect(await found(store, "user_age", "43")).toEqual([]);
        expect(await found(store, "user_id", "ü\0")).toEqual([own("k")]);
        if (!written.ok) return;
        const again = {
          ...write,
          expect: written.version,
          index: { user_age: "-9007199254740991", user_id: "" },
        };
        expect((await store.write(own("k"), Uint8Array.of(2), again)).ok).toBe(true);
        expect(await found(store, "user_age", "-9007199254740991")).toEqual([own("k")]);
        expect(await found(store, "user_id", "")).toEqual([own("k")]);
        expect((await store.read(own("k")))?.payload).toEqual(Buffer.of(2));
      },
    );

    always("add an index, and fill in the sessions that were there", async () => {
      const place = await server.place();
      place.configure(plain);
      await deploy(place);
      const store = place.store();
      for (let number = 0; number < 603; number += 1) {
        await store.write(own(`k${number}`), payload({ user: { id: `u${number % 3}`, age: number } }), write);
      }
      await store.write(own("anonymous"), payload({}), write);
      await store.write(own("odd"), payload({ user: { id: "a\\b\0c\u{1f600}'\"" } }), write);
      await store.write(own("unreadable"), Uint8Array.of(0xc1, 1), write);
      await store.write(own("expired"), payload({ user: { id: "u0" } }), {
        ...write,
        expiresAt: Date.now() - 1,
      });
      place.configure(plain, "", byBoth);
      const out = await deploy(place);
      expect(out).toContain("applied: 0002_add_by_user_age_by_user_id");
      expect(out).toContain(
        "by_user_age, by_user_id of sessions filled in: 604 of 606 sessions, 1 cannot be read",
      );
      expect(await found(store, "user_age", "77")).toEqual([own("k77")]);
      expect(await found(store, "user_id", "u1")).toHaveLength(201);
      expect(await found(store, "user_id", "a\\b\0c\u{1f600}'\"")).toEqual([own("odd")]);
      expect(await place.user.run("verify")).toMatchObject(filledNotFinal);
      expect(await deploy(place)).toEqual(["Nothing is pending"]);
      // What a deploy without the index writes meanwhile is looked at once more.
      await store.write(own("late"), payload({ user: { id: "late" } }), write);
      await deploy(place);
      expect(await found(store, "user_id", "late")).toEqual([]);
      const again = await deploy(place, "--after-deploy");
      expect(again[0]).toMatch(/^by_user_age, by_user_id of sessions filled in: [12] of 607 sessions/);
      expect(await found(store, "user_id", "late")).toEqual([own("late")]);
      expect(await deploy(place, "--after-deploy")).toEqual(["Nothing is pending"]);
      expect(await place.user.run("verify")).toMatchObject(asItShouldBe);
    });

    once("drop an index once no older deploy runs, and take it back", async () => {
      const place = await server.place();
      place.configure(plain, "", byBoth);
      await deploy(place);
      place.configure(plain, "", byAge);
      const held =
        "0002_drop_by_user_id waits until no older deploy runs: npx sessgen migrate --after-deploy";
      expect(await deploy(place)).toEqual([held, "Nothing is pending"]);
      const store = place.store();
      const index = { user_age: "1", user_id: "x" };
      expect((await store.write(own("old"), payload({}), { ...write, index })).ok).toBe(true);
      await noteFinal(store, "user.age", "user.id");
      expect(await place.user.run("verify")).toMatchObject(asItShouldBe);
      expect((await place.user.run("migrate", "--status")).out).toContain("pending: 0002_drop_by_user_id");
      expect(await deploy(place, "--after-deploy")).toEqual(["applied: 0002_drop_by_user_id"]);
      await expect(store.write(own("old"), payload({}), { ...write, index })).rejects.toMatchObject({
        code: "store/not-migrated",
      });
      expect(await found(place.store(), "user_age", "1")).toEqual([own("old")]);
      expect((await place.user.run("migrate", "--down")).out).toBe("undone: 0002_drop_by_user_id\n");
      expect((await store.write(own("old"), payload({}), { ...write, index })).ok).toBe(true);
      expect(await found(store, "user_id", "x")).toEqual([own("old")]);
    });

    once("drop an index at once when a later migration makes it again", async () => {
      const place = await server.place();
      place.configure(plain, "", byId);
      await deploy(place);
      const store = place.store();
      await store.write(own("k"), payload({ user: { id: "new" } }), {
        ...write,
        index: { user_id: "stale" },
      });
      place.configure(plain);
      await deploy(place);
      place.configure(plain, "", byId);
      const out = await deploy(place);
      expect(out).toContain("applied: 0002_drop_by_user_id");
      expect(await found(store, "user_id", "new")).toEqual([own("k")]);
      expect(await found(store, "user_id", "stale")).toEqual([]);
    });

    once("rename an index and the table, and keep the sessions", async () => {
      const place = await server.place();
      place.configure(plain, "", byId);
      await deploy(place);
      const store = place.store();
      await store.write(own("k"), payload({ user: { id: "u", age: 5 } }), {
        ...write,
        index: { user_id: "u" },
      });
      place.configure(plain, ', table: "web-sessions"', byAge);
      const out = await deploy(place, "--after-deploy");
      expect(out).toContain("applied: 0002_rename_web_sessions");
      const renamed = place.store({ table: "web-sessions" });
      expect(await found(renamed, "user_age", "5")).toEqual([own("k")]);
      expect(await place.user.run("verify")).toMatchObject(asItShouldBe);
    });

    once("change the type of an index, and whether it is hashed", async () => {
      const place = await server.place();
      const schema = "a: z.int().optional(), b: z.string().optional()";
      place.configure(schema, "", ", fields: { a: { index: true }, b: { index: true } }");
      await deploy(place);
      const store = place.store();
      await store.write(own("k"), payload({ a: 7, b: "x" }), { ...write, index: { a: "7", b: "x" } });
      place.configure(
        "a: z.string().optional(), b: z.string().optional()",
        "",
        ', fields: { a: { index: true }, b: { index: "hashed" } }',
      );
      await store.write(own("l"), payload({ a: "seven", b: "x" }), {
        ...write,
        index: { b: "x" },
      });
      const out = await deploy(place);
      expect(out).toContain("applied: 0002_change_by_a");
      expect(await found(store, "a", "seven")).toEqual([own("l")]);
      expect(await found(store, "b", "x")).toEqual([]);
      const { fields, history } = (await import(`${place.user.root}/src/session/fields.ts`)) as {
        fields: SessionDefinition;
        history: History;
      };
      const values = storedIndexValues({ application, fields, history })(payload({ b: "x" }), own("k"));
      expect(values?.["b"]).toMatch(/^[\w-]{43}$/);
      expect(await found(store, "b", values?.["b"] ?? "")).toEqual([own("k"), own("l")]);
      expect((await place.user.run("revoke", "--by", "b=x", "--yes")).out).toContain("2 sessions");
      expect(await place.user.run("verify")).toMatchObject(filledNotFinal);
      // Text holds numbers, too: going back changes nothing.
      place.configure(schema, "", ', fields: { a: { index: true }, b: { index: "hashed" } }');
      expect(await deploy(place)).toEqual(["Nothing is pending"]);
    });

    always("two at once do no harm", async () => {
      const place = await server.place();
      place.configure(plain);
      await deploy(place);
      await place.store().write(own("k"), payload({ user: { id: "u" } }), write);
      place.configure(plain, "", byBoth);
      await place.user.run();
      const runs = await Promise.all([1, 2, 3].map(() => place.user.run("migrate")));
      expect(runs.map(({ code, err }) => `${code}${err}`)).toEqual(["0", "0", "0"]);
      expect(await found(place.store(), "user_id", "u")).toEqual([own("k")]);
      const rows = await place.query("SELECT name FROM sessgen_migrations ORDER BY name");
      const all = dialect === "sqlite" ? 2 : 4;
      expect(rows).toHaveLength(all);
    });

    once("are listed, noted and undone", async () => {
      const place = await server.place();
      const { user } = place;
      place.configure(plain);
      await user.run();
      place.configure(plain, "", byId);
      await user.run();
      expect((await user.run("migrate", "--status")).out).toMatch(
        /^pending: 0001_create_sessions\npending: 0002_add_by_user_id\n/,
      );
      expect((await user.run("migrate", "--dry-run")).out).toMatch(
        /^Would be applied: 0001_create_sessions\nWould be applied: 0002_add_by_user_id\n/,
      );
      await deploy(place);
      const status = (await user.run("migrate", "--status")).out;
      expect(status).toMatch(/^applied: 0001_create_sessions\napplied: 0002_add_by_user_id\n/);
      const names = status
        .trim()
        .split("\n")
        .map((line) => line.replace("applied: ", ""));
      for (const name of names.reverse()) {
        expect((await user.run("migrate", "--down")).out).toBe(`undone: ${name}\n`);
      }
      expect((await user.run("migrate", "--down")).out).toBe("Nothing to undo\n");
      const baselined = (await user.run("migrate", "--baseline")).out;
      expect(baselined).toBe(
        `${names
          .reverse()
          .map((name) => `baselined: ${name}\n`)
          .join("")}`,
      );
      const drift = await user.run("verify");
      expect(drift).toMatchObject({ code: 6, err: expect.stringContaining("[verify/missing-table]") });
    });

    once.each(["up.sql", "down.sql"])(
      "with a %s that was changed are refused, with its path",
      async (file) => {
        const place = await server.place();
        place.configure(plain);
        await deploy(place);
        const path = `${folder}/0001_create_sessions/${file}`;
        place.user.write({ [path]: `${place.user.read(path)}\n-- changed\n` });
        const { code, out } = await place.user.run("migrate", "--json");
        expect(code).toBe(5);
        expect(JSON.parse(out).problems).toMatchObject([{ code: "migrate/changed", where: { file: path } }]);
        expect((await place.user.run("verify")).err).toContain("[verify/pending-migration]");
      },
    );

    once("that were passed over are refused", async () => {
      const place = await server.place();
      place.configure(plain);
      await deploy(place);
      await place.query("DELETE FROM sessgen_migrations");
      place.configure(plain, "", byId);
      await place.user.run();
      const path = `${folder}/0002_add_by_user_id`;
      const [up, down] = [place.user.read(`${path}/up.sql`), place.user.read(`${path}/down.sql`)];
      const hash = checksum({ up, down });
      const snapshot = '{ "dialect": "", "parent": null, "tables": [] }';
      await place.query(
        `INSERT INTO sessgen_migrations (application, kind, name, checksum, down_script, snapshot, applied_at) VALUES ('${application}', '', '0002_add_by_user_id', '${hash}', '', '${snapshot}', '2026-01-01')`,
      );
      const refused = await place.user.run("migrate");
      expect(refused.code).toBeGreaterThan(0);
      expect(refused.err).toContain(
        "0001_create_sessions is not applied here, though 0002_add_by_user_id is [migrate/branched]",
      );
    });

    always("are compared with what is there", async () => {
      const place = await server.place();
      place.configure(plain, "", byBoth);
      await place.user.run();
      const ids = async (): Promise<string[]> => {
        const { out } = await place.user.run("verify", "--json");
        return JSON.parse(out).drift.map(({ id }: { id: string }) => id.replace("verify/", ""));
      };
      expect(await ids()).toContain("missing-table");
      await deploy(place);
      expect(await ids()).toEqual([]);
      const index = { sqlite: "sessions_by_user_id", postgres: "sessions_by_user_id", mysql: "by_user_id" };
      const on = dialect === "mysql" ? " ON sessions" : "";
      await place.query(`DROP INDEX ${index[dialect]}${on}`);
      expect(await ids()).toEqual(["missing-index"]);
      await place.query("ALTER TABLE sessions DROP COLUMN by_user_id");
      expect(await ids()).toEqual(["missing-column", "missing-index"]);
      if (dialect === "sqlite") return;
      await place.query(
        dialect === "mysql"
          ? "ALTER TABLE sessions MODIFY version DECIMAL(20) NULL"
          : "ALTER TABLE sessions ALTER version TYPE numeric",
      );
      expect(await ids()).toEqual(["column-type", "missing-column", "missing-index"]);
    });

    once("go on where an interrupted backfill was", async () => {
      const place = await server.place();
      place.configure(plain);
      await deploy(place);
      const store = place.store();
      for (const key of ["a", "b", "c"]) await store.write(own(key), payload({ user: { id: "u" } }), write);
      place.configure(plain, "", byId);
      await deploy(place);
      await place.query("UPDATE sessions SET by_user_id = NULL");
      const position = dialect === "mysql" ? Buffer.from(own("b")).toString("hex") : own("b");
      await place.query(`UPDATE sessgen_refills SET state = 'running', position = '${position}'`);
      expect((await place.user.run("migrate", "--status")).out).toContain(
        "pending: by_user_id of sessions filled in",
      );
      expect((await deploy(place))[0]).toBe("by_user_id of sessions filled in: 1 of 1 sessions");
      expect(await found(store, "user_id", "u")).toEqual([own("c")]);
    });
  });
}
