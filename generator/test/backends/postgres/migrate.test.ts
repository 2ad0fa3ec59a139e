import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { config, runIn } from "../../support/project.js";
import { found, own, type Place, payload, servers, write } from "../sql/servers.js";

const plain = "user: z.object({ id: z.string() }).optional()";
const byId = ', fields: { "user.id": { index: true } }';
const server = servers.find(({ name }) => name === "postgres (pg)");

/** A connection of somebody else to the same database. */
async function another(place: Place): Promise<pg.Client> {
  const url = /url: "([^"]+)"/.exec(place.user.read("session.config.ts"))?.[1] ?? "";
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
}

async function deploy({ user }: Place): Promise<string> {
  expect((await user.run()).err).toBe("");
  const { out, err } = await user.run("migrate");
  expect(err).toBe("");
  return out;
}

describe.skipIf(server === undefined || server.url === "")("migrations of a PostgreSQL in use", () => {
  const open = async (): Promise<Place> => {
    if (server === undefined) throw new Error("no server");
    return server.place();
  };

  it("read as they should", async () => {
    const place = await open();
    place.configure(plain, ', schema: "web"');
    await deploy(place);
    place.configure(plain, ', schema: "web"', byId);
    await deploy(place);
    place.configure(plain, ', schema: "web"');
    await deploy(place);
    place.configure(plain, ', schema: "web", table: "moved", unlogged: true');
    await deploy(place);
    for (const name of [
      "0001_create_sessions",
      "0002_add_by_user_id",
      "0003_index_by_user_id",
      "0004_drop_by_user_id",
      "0005_rename_moved",
    ]) {
      for (const direction of ["up", "down"]) {
        await expect(place.user.read(`session-infra/postgres/${name}/${direction}.sql`)).toMatchFileSnapshot(
          `__snapshots__/postgres/${name}.${direction}.sql`,
        );
      }
    }
  });

  it("build an index anew that an interrupted run has left INVALID", async () => {
    const place = await open();
    place.configure(plain, "", byId);
    await deploy(place);
    const store = place.store();
    await store.write(own("a"), payload({}), { ...write, index: { user_id: "u" } });
    place.configure(
      `${plain}, b: z.string().optional()`,
      "",
      ', fields: { b: { index: true }, "user.id": { index: true } }',
    );
    await deploy(place);
    await place.query("DROP INDEX sessions_by_b");
    await place.query("DELETE FROM sessgen_migrations WHERE name = '0003_index_by_b'");
    // For the end of somebody's long transaction CREATE INDEX CONCURRENTLY waits.
    const reader = await another(place);
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await reader.query("SELECT * FROM sessions");
    const builder = await another(place);
    await builder.query("SET statement_timeout = 300");
    const building = builder.query(
      "CREATE INDEX CONCURRENTLY sessions_by_b ON sessions (by_b, id) WHERE by_b IS NOT NULL",
    );
    await expect(building).rejects.toMatchObject({ code: "57014" });
    await reader.query("COMMIT");
    expect((await place.user.run("verify")).err).toContain("INVALID");
    expect((await place.user.run("migrate", "--after-deploy")).out).toContain("applied: 0003_index_by_b");
    expect(await place.user.run("verify")).toMatchObject({ code: 0, err: "" });
    await store.write(own("b"), payload({}), { ...write, index: { user_id: "v", b: "w" } });
    expect(await found(store, "b", "w")).toEqual([own("b")]);
  });

  it("give up a lock that others queue behind, and try again", async () => {
    const place = await open();
    place.configure(plain);
    await deploy(place);
    place.configure(plain, "", byId);
    await place.user.run();
    const reader = await another(place);
    await reader.query("BEGIN");
    await reader.query("SELECT * FROM sessions");
    const running = place.user.run("migrate");
    await expect
      .poll(async () =>
        place.query("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted"),
      )
      .toHaveLength(1);
    // Whoever comes now waits behind the migration, for 150 milliseconds at most.
    await place.store().write(own("a"), payload({}), write);
    await reader.query("COMMIT");
    const { code, out } = await running;
    expect(out).toContain("0002_add_by_user_id: the table is in use; trying again");
    expect(code).toBe(0);
  });

  it("wait for each other, also beside CREATE INDEX CONCURRENTLY", async () => {
    const place = await open();
    place.configure(plain);
    await deploy(place);
    place.configure(plain, "", byId);
    await place.user.run();
    const runs = await Promise.all([1, 2, 3].map(() => place.user.run("migrate")));
    expect(runs.map(({ err }) => err)).toEqual(["", "", ""]);
    expect(runs.map(({ out }) => out).join("")).toContain("Another sessgen migrate is at work");
  });

  it("make a table that numbers its rows, without a log", async () => {
    const place = await open();
    place.configure(plain, ', layout: "identity", unlogged: true, schema: "s\\"é"', byId);
    await deploy(place);
    expect(place.user.read("src/session/store.ts")).not.toMatch(/layout|unlogged/);
    expect(await place.user.run("verify")).toMatchObject({ code: 0, err: "" });
    const store = place.store({ schema: 's"é' });
    expect(
      (await store.write(own("a"), payload({}), { ...write, expect: "absent", index: { user_id: "u" } })).ok,
    ).toBe(true);
    expect(
      (await store.write(own("a"), payload({}), { ...write, expect: "absent", index: { user_id: "u" } })).ok,
    ).toBe(false);
    expect(await found(store, "user_id", "u")).toEqual([own("a")]);
    const [row] = await place.query(`SELECT relpersistence FROM pg_class WHERE relname = 'sessions'`);
    expect(row).toEqual({ relpersistence: "u" });
    place.configure(plain, ', unlogged: true, schema: "s\\"é"', byId);
    expect((await place.user.run()).err).toContain("[migrate/unsupported-change]");
    place.configure(plain, ', layout: "identity", schema: "s\\"é"', byId);
    expect(await deploy(place)).toContain("applied: 0002_change_sessions");
    expect(await place.query(`SELECT relpersistence FROM pg_class WHERE relname = 'sessions'`)).toEqual([
      { relpersistence: "p" },
    ]);
  });

  it("are verified with the account's permissions", async () => {
    const place = await open();
    place.configure(plain);
    await deploy(place);
    const role = `reader_${process.pid}`;
    await place.query(`CREATE ROLE ${role} LOGIN`);
    onTestFinished(async () => {
      await place.query(`DROP OWNED BY ${role}`);
      await place.query(`DROP ROLE ${role}`);
    });
    await place.query(`GRANT SELECT ON sessions, sessgen_migrations TO ${role}`);
    const file = place.user.read("session.config.ts");
    place.user.write({ "session.config.ts": file.replace("postgres://postgres@", `postgres://${role}@`) });
    const { code, err } = await place.user.run("verify");
    expect(code).toBe(6);
    for (const privilege of ["INSERT", "UPDATE", "DELETE"]) expect(err).toContain(`may not ${privilege}`);
    expect(err).not.toContain("may not SELECT");
  });

  it("say that there is no database of that name", async () => {
    const { user, configure } = await open();
    configure(plain);
    const [, url = ""] = /url: "([^"]+)"/.exec(user.read("session.config.ts")) ?? [];
    const address = new URL(url);
    address.pathname = "/missing";
    user.write({
      "session.config.ts": config("", 'backend: { kind: "postgres", url: env("DATABASE_URL") }'),
    });
    await user.run();
    for (const command of ["migrate", "verify"]) {
      const { err } = await runIn(user.root, [command], { env: { DATABASE_URL: address.href } });
      expect(err).toContain("[backend/no-database]");
    }
  });

  it("say that nobody is there, and not the password", async () => {
    const { user } = await open();
    user.write({
      "session.config.ts": config("", 'backend: { kind: "postgres", url: env("DATABASE_URL") }'),
    });
    await user.run();
    for (const url of ["postgres://x:secret@127.0.0.1:1/x", "postgres://x:secret@:::/x"]) {
      for (const command of ["migrate", "verify"]) {
        const { err } = await runIn(user.root, [command, "--verbose"], { env: { DATABASE_URL: url } });
        expect(err).toContain("[backend/unavailable]");
        expect(err).not.toContain("secret");
      }
    }
  });
});
