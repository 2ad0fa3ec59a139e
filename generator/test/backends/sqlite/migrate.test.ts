import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSqlite } from "@sessgen/runtime/sqlite-driver";
import { sqliteStore } from "@sessgen/runtime/stores/sqlite";
import { describe, expect, it } from "vitest";
import { importDriver, missingDriver } from "../../../src/live/driver.js";
import { runBin } from "../../support/bin.js";
import { config, type Project, project } from "../../support/project.js";
import { onTerminal } from "../../support/terminal.js";

const sqlite = (options = "", schema = "a: z.string().optional()"): Record<string, string> => ({
  "session.config.ts": config(schema, `backend: { kind: "sqlite", file: "data/s.db"${options} }`),
});
const first = "session-infra/sqlite/0001_create_sessions";

async function query(user: Project, sql: string): Promise<unknown[]> {
  const database = await openSqlite(join(user.root, "data/s.db"));
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

describe("migrations", () => {
  it("make what the store works on", async () => {
    const user = project(sqlite());
    await user.run();
    await expect(user.read(`${first}/up.sql`)).toMatchFileSnapshot("__snapshots__/up.sql");
    await expect(user.read(`${first}/down.sql`)).toMatchFileSnapshot("__snapshots__/down.sql");
    expect(await user.run("migrate")).toMatchObject({
      code: 0,
      out: "applied: 0001_create_sessions\n",
      err: "",
    });
    const columns = await query(user, "PRAGMA table_info(sessions)");
    expect(columns).toMatchObject([
      { name: "id", type: "TEXT", notnull: 1, pk: 1 },
      { name: "payload", type: "BLOB", notnull: 1 },
      { name: "version", type: "INTEGER", notnull: 1 },
      { name: "expires_at", type: "INTEGER", notnull: 1 },
    ]);
    const store = sqliteStore({ file: join(user.root, "data/s.db") });
    expect(
      (await store.write("a", Uint8Array.of(1), { expect: "absent", expiresAt: Date.now() + 60_000 })).ok,
    ).toBe(true);
    await store.close();
  });

  it("are undone when a human has said yes", async () => {
    const user = project(sqlite());
    await user.run();
    await user.run("migrate");
    const tables = () => query(user, "SELECT name FROM sqlite_schema WHERE name = 'sessions'");
    const no = await onTerminal(user.root, "n", ["migrate", "--down"]);
    expect([no.asked, no.code]).toEqual([true, 2]);
    expect(no.out).toContain("Undo 0001_create_sessions, and lose what only it has room for?");
    expect(no.out).toContain("Nothing was undone");
    expect(await tables()).toHaveLength(1);
    const yes = await onTerminal(user.root, "y", ["migrate", "--down"]);
    expect([yes.asked, yes.code]).toEqual([true, 0]);
    expect(await tables()).toEqual([]);
    await user.run("migrate");
    const sure = await onTerminal(user.root, "", ["migrate", "--down", "--yes"]);
    expect([sure.asked, sure.out]).toEqual([false, "undone: 0001_create_sessions\n"]);
  });

  it("are not repeated, neither made nor applied", async () => {
    const user = project(sqlite());
    await user.run();
    await user.run("migrate");
    user.write(sqlite("", "b: z.number().optional()"));
    await user.run();
    expect(await user.run("migrate")).toMatchObject({ code: 0, out: "Nothing is pending\n" });
  });

  it("keep the sessions of a table that is renamed", async () => {
    const user = project(sqlite());
    await user.run();
    await user.run("migrate");
    await query(user, "INSERT INTO sessions VALUES ('k', x'01', 1, 1) RETURNING id");
    user.write(sqlite(`, table: "web \\"sessions\\""`));
    expect((await user.run()).code).toBe(0);
    expect((await user.run("migrate")).out).toBe("applied: 0002_rename_web_sessions\n");
    const all = [{ id: "k" }, { id: "sessgen.applications" }];
    expect(await query(user, 'SELECT id FROM "web ""sessions""" ORDER BY id')).toEqual(all);
    expect((await user.run("migrate", "--down")).out).toBe("undone: 0002_rename_web_sessions\n");
    expect(await query(user, "SELECT id FROM sessions ORDER BY id")).toEqual(all);
    expect((await user.run("migrate")).out).toBe("applied: 0002_rename_web_sessions\n");
  });

  it("bring an index that the last snapshot does not have", async () => {
    const user = project(sqlite());
    await user.run();
    const path = `${first}/snapshot.json`;
    user.write({
      [path]: user.read(path).replace(/"indexes": \[[\s\S]*?\]\s*\}\s*\]/, '"indexes": []'),
      [`${first}/up.sql`]: user.read(`${first}/up.sql`).replace(/CREATE INDEX.*\n/, ""),
    });
    await user.run();
    expect(user.read("session-infra/sqlite/0002_index_expires_at/up.sql")).toContain(
      'CREATE INDEX "sessions_expires_at"',
    );
    expect((await user.run("migrate")).out).toBe(
      "applied: 0001_create_sessions\napplied: 0002_index_expires_at\n",
    );
    expect(
      await query(user, "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'sessions%'"),
    ).toEqual([{ name: "sessions_expires_at" }]);
    expect((await user.run()).out).toContain("Up to date");
  });

  it("are only listed with --dry-run", async () => {
    const user = project(sqlite());
    await user.run();
    expect((await user.run("migrate", "--dry-run")).out).toBe("Would be applied: 0001_create_sessions\n");
    expect(existsSync(join(user.root, "data"))).toBe(false);
    await user.run("migrate");
    expect((await user.run("migrate", "--dry-run")).out).toBe("Nothing is pending\n");
  });

  it("two at once do no harm", async () => {
    const user = project(sqlite());
    await user.run();
    const runs = await Promise.all([user.run("migrate"), user.run("migrate"), user.run("migrate")]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await query(user, "SELECT name FROM sessgen_migrations")).toEqual([
      { name: "0001_create_sessions" },
    ]);
  });

  it("read the address from the environment only when they are applied", async () => {
    const user = project({
      "session.config.ts": config(
        "a: z.string().optional()",
        'backend: { kind: "sqlite", file: env("DB_FILE") }',
      ),
    });
    expect((await user.run()).code).toBe(0);
    expect(await user.run("migrate")).toMatchObject({
      code: 5,
      err: expect.stringContaining("[migrate/env-missing]"),
    });
    expect(runBin(user.root, ["migrate"], { DB_FILE: "data/s.db" })).toMatchObject({
      code: 0,
      out: "applied: 0001_create_sessions\n",
    });
  });

  it("are those of the backend for NODE_ENV", async () => {
    const rest =
      'backend: { development: { kind: "sqlite", file: "data/s.db" }, production: { kind: "file", directory: "d" } }';
    const user = project({ "session.config.ts": config("a: z.string().optional()", rest) });
    await user.run();
    expect((await user.run("migrate")).out).toBe("The backend file needs no migrations\n");
    expect((await user.run("migrate", "-e", "development")).out).toBe("applied: 0001_create_sessions\n");
    expect(await user.run("migrate", "-e", "test")).toMatchObject({
      code: 2,
      err: expect.stringContaining("development, production"),
    });
  });
});

describe("migrations that cannot be applied", () => {
  it.each<[string, { given: (user: Project) => Promise<void> | void; want: string }]>([
    [
      "changed after they were applied",
      {
        given: async (user) => {
          await user.run("migrate");
          user.write({ [`${first}/up.sql`]: "SELECT 1;\n" });
        },
        want: "[migrate/changed]",
      },
    ],
    [
      "wrong",
      { given: (user) => user.write({ [`${first}/up.sql`]: "CREATE TABEL x;\n" }), want: "[migrate/failed]" },
    ],
    [
      "without a snapshot",
      { given: (user) => rmSync(join(user.root, first, "snapshot.json")), want: "[migrate/broken-history]" },
    ],
    [
      "with a broken snapshot",
      {
        given: (user) => user.write({ [`${first}/snapshot.json`]: '{ "parent": null, "tables": [null] }' }),
        want: "[migrate/broken-history]",
      },
    ],
    [
      "on a folder instead of a file",
      { given: (user) => user.write({ "data/s.db/x": "" }), want: "[migrate/failed]" },
    ],
    [
      "not there",
      {
        given: (user) => rmSync(join(user.root, "session-infra"), { recursive: true }),
        want: "[migrate/none]",
      },
    ],
    [
      "two of them on top of the same one",
      {
        given: (user) => {
          const snapshot = JSON.parse(user.read(`${first}/snapshot.json`));
          for (const name of ["up.sql", "down.sql"])
            user.write({ [`session-infra/sqlite/0001_other/${name}`]: "" });
          user.write({ "session-infra/sqlite/0001_other/snapshot.json": JSON.stringify(snapshot) });
        },
        want: "[migrate/branched]",
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const user = project(sqlite());
    await user.run();
    await given(user);
    const { code, err } = await user.run("migrate");
    expect(err).toContain(want);
    expect(code).toBeGreaterThan(0);
  });

  it("leave nothing behind when one fails in the middle", async () => {
    const user = project(sqlite());
    await user.run();
    user.write({ [`${first}/up.sql`]: "CREATE TABLE half (a);\nCREATE TABEL x;\n" });
    await user.run("migrate");
    expect(await query(user, "SELECT name FROM sqlite_master WHERE name = 'half'")).toEqual([]);
  });
});

describe("a database that does not let itself be migrated", () => {
  const open = async (user: Project) => openSqlite(join(user.root, "data/s.db"));

  it("is locked by somebody else", async () => {
    const user = project(sqlite());
    await user.run();
    await user.run("migrate");
    const other = await open(user);
    user.write(sqlite(', table: "renamed"'));
    await user.run();
    other.exec("BEGIN IMMEDIATE");
    const { code, err } = await user.run("migrate");
    other.exec("ROLLBACK");
    other.close();
    expect(code).toBe(5);
    expect(err).toContain("[migrate/failed]");
    expect(err).toContain("locked");
    expect((await user.run("migrate")).code).toBe(0);
  });

  it("is read-only", async () => {
    const user = project(sqlite());
    await user.run();
    await user.run("migrate");
    user.write(sqlite(', table: "renamed"'));
    await user.run();
    // As root, permissions do not count; what SQLite reads of the file does: 3 is a version of the format it cannot write.
    const file = join(user.root, "data/s.db");
    const bytes = readFileSync(file);
    bytes[18] = 3;
    writeFileSync(file, bytes);
    const { code, err } = await user.run("migrate");
    expect(code).toBe(5);
    expect(err).toMatch(/readonly.*\[migrate\/failed\]/);
  });

  it("is not there to be looked at", async () => {
    const user = project(sqlite());
    await user.run();
    expect((await user.run("migrate", "--status")).out).toBe("pending: 0001_create_sessions\n");
    expect((await user.run("migrate", "--down")).out).toBe("Nothing to undo\n");
    expect((await user.run("verify")).err).toContain("[verify/missing-table]");
    expect(existsSync(join(user.root, "data"))).toBe(false);
  });

  it("is not there, and not for us to make", async () => {
    const backend = 'backend: { kind: "sqlite", file: "data/s.db" }, migrations: "dbmate"';
    const user = project({ "session.config.ts": config("a: z.string()", backend) });
    await user.run();
    expect((await user.run("verify")).err).toContain("Apply the migrations with dbmate: dbmate up.");
  });

  it("has no driver: the package is named", async () => {
    const user = project();
    expect(await importDriver(user.root, "no-such-driver")).toBeUndefined();
    expect(missingDriver("pg", "postgres").envelope).toMatchObject({
      code: "backend/missing-driver",
      summary: "The package pg or postgres is not installed",
      fix: "Run `npm install pg`.",
    });
  });

  it("finds the driver of the user's own", async () => {
    const user = project({
      "node_modules/no-such-driver/package.json": '{ "main": "index.js" }',
      "node_modules/no-such-driver/index.js": "module.exports = { mine: true };",
    });
    expect(await importDriver(user.root, "no-such-driver")).toEqual({ mine: true });
  });
});
