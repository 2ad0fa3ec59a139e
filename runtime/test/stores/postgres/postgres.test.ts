import pg from "pg";
import postgresJs from "postgres";
import { afterAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { NOBODY, postgres as recipe, start } from "../../../../services/postgres.js";
import { canMount, smallDisk } from "../../../../services/small-disk.js";
import { canStart } from "../../../../services/start.js";
import { postgresDrivers } from "../../../src/stores/postgres/client.js";
import { type PostgresStoreOptions, postgresStore } from "../../../src/stores/postgres/index.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import { byDeadline } from "../shared/by-deadline.js";
import { cleanupCases, tryCleanup } from "../shared/cleanup-cases.js";
import { tryFullDisk } from "../shared/full-disk.js";

const url = await serviceUrl("postgres");
const columns =
  '(id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL, expires_bucket bigint GENERATED ALWAYS AS (expires_at / 600000) STORED, by_user_id text, by_tenant text)';
let tables = 0;

describe.skipIf(url === "")("PostgreSQL", () => {
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  afterAll(() => admin.end());

  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const makeTable = async () => {
    tables += 1;
    const name = `sessions_${process.pid}_${tables}`;
    await admin.query(`CREATE TABLE ${quote(name)} ${columns}`);
    return name;
  };
  const open = async (options: PostgresStoreOptions = {}) => {
    const clock = fakeClock(Date.now());
    const table = options.table ?? (await makeTable());
    return { clock, table, store: postgresStore({ url, clock, poolSize: 4, cleanup: 0, ...options, table }) };
  };
  const write = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;

  for (const driver of postgresDrivers) {
    testStore({ describe, it }, `postgres (${driver})`, async () => {
      const { clock, table, store } = await open({ driver });
      return {
        store,
        now: clock,
        advance: (milliseconds) => clock.advance(milliseconds),
        another: () => postgresStore({ url, clock, table, driver, poolSize: 4, cleanup: 0 }),
      };
    });

    describe(`with ${driver}`, () => {
      it("lives in a table and a schema of any name", async () => {
        const schema = `s"'.é ${driver} ${process.pid}`;
        const table = `select "x" é`;
        await admin.query(`CREATE SCHEMA ${quote(schema)}`);
        await admin.query(`CREATE TABLE ${quote(schema)}.${quote(table)} ${columns}`);
        const { store } = await open({ driver, schema, table });
        expect((await store.write("a", Uint8Array.of(1), write)).ok).toBe(true);
        expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
        await store.close();
        await admin.query(`DROP SCHEMA ${quote(schema)} CASCADE`);
      });

      it("finds no table, or an older one: store/not-migrated", async () => {
        const missing = (await open({ driver, table: "nowhere" })).store;
        await expect(missing.read("a")).rejects.toMatchObject({ code: "store/not-migrated" });
        await missing.close();
        await admin.query(`CREATE TABLE older_${driver} (id text PRIMARY KEY, payload bytea)`);
        const older = (await open({ driver, table: `older_${driver}` })).store;
        await expect(older.read("a")).rejects.toMatchObject({ code: "store/not-migrated" });
        await older.close();
        const { store } = await open({ driver });
        const index = { email: "x" };
        await expect(store.write("a", Uint8Array.of(1), { ...write, index })).rejects.toMatchObject({
          code: "store/not-migrated",
        });
        await store.close();
      });

      it.each([
        ["a constraint", { given: (table: string) => `ALTER TABLE ${table} ADD CHECK (version < 0)` }],
        ["a unique column", { given: (table: string) => `CREATE UNIQUE INDEX ON ${table} (expires_at)` }],
        [
          "a trigger",
          {
            given: (table: string) =>
              `CREATE FUNCTION ${table}_no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
               CREATE TRIGGER no BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_no()`,
          },
        ],
      ])(
        "has %s that is not ours: store/not-migrated, which is certainly not done",
        async (_name, { given }) => {
          const { store, table } = await open({ driver });
          await admin.query(
            `INSERT INTO ${table} (id, payload, version, expires_at) VALUES ('z', '', -1, $1)`,
            [write.expiresAt],
          );
          await admin.query(given(table));
          await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({
            code: "store/not-migrated",
            message: expect.stringContaining("a constraint or a trigger"),
          });
          expect(await store.read("a")).toBeUndefined();
          await store.close();
        },
      );

      it("has no such database: store/no-database", async () => {
        const nowhere = new URL(url);
        nowhere.pathname = "/nowhere";
        const { store } = await open({ driver, url: nowhere.href });
        await expect(store.read("a")).rejects.toMatchObject({ code: "store/no-database" });
        await store.close();
      });

      it("is not there: the system's word stands in the message", async () => {
        const nobody = new URL(url);
        nobody.port = "1";
        const { store } = await open({ driver, url: nobody.href });
        await expect(store.read("a")).rejects.toMatchObject({
          code: "store/unavailable",
          message: "PostgreSQL could not be reached, or failed: ECONNREFUSED [store/unavailable]",
        });
        await store.close();
      });

      it("has no such user or permission: store/denied", async () => {
        const role = `reader_${driver}_${process.pid}`;
        await admin.query(`CREATE ROLE ${role} LOGIN`);
        const reader = new URL(url);
        reader.username = role;
        const poor = await open({ driver, url: reader.href });
        await expect(poor.store.read("a")).rejects.toMatchObject({ code: "store/denied" });
        await poor.store.close();
      });

      it("is read-only: store/read-only", async () => {
        const client =
          driver === "pg"
            ? new pg.Pool({ connectionString: url, options: "-c default_transaction_read_only=on" })
            : postgresJs(url, { connection: { default_transaction_read_only: true } });
        const { store } = await open({ client });
        expect(await store.read("a")).toBeUndefined();
        await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({
          code: "store/read-only",
        });
        await store.close();
        await client.end();
      });

      it("is gone: store/unavailable", async () => {
        const store = postgresStore({ url: "postgres://postgres@127.0.0.1:1/postgres", driver });
        await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable", status: 503 });
        await store.close();
      });

      it("uses a client of the application's own, and leaves it open", async () => {
        const client =
          driver === "pg" ? new pg.Pool({ connectionString: url, max: 2 }) : postgresJs(url, { max: 2 });
        const { store } = await open({ client });
        await store.write("a", Uint8Array.of(1), write);
        await store.close();
        if (client instanceof pg.Pool)
          expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
        else expect([...(await client`SELECT 1 AS one`)]).toEqual([{ one: 1 }]);
        await client.end();
      });
    });
  }

  it.each(cleanupCases)("cleans up about every n-th request: %s", async (_name, one) => {
    const { store, table } = await open({ cleanup: 1 });
    const ids = async () => (await admin.query(`SELECT id FROM ${table}`)).rows.map(({ id }) => String(id));
    await tryCleanup(store, ids, one);
  });

  it("sweeps beside another sweep without waiting for it, in bounded batches", async () => {
    const { store, clock, table } = await open();
    const keys = Array.from({ length: 30 }, (_, index) => `k${index}`);
    await Promise.all(
      keys.map((key) => store.write(key, Uint8Array.of(1), { expect: "any", expiresAt: clock() + 1 })),
    );
    clock.advance(1);
    const other = await admin.connect();
    await other.query("BEGIN");
    await other.query(`SELECT id FROM ${table} WHERE id IN ('k0', 'k1') FOR UPDATE`);
    expect(await store.sweep?.({ limit: 10 })).toBe(10);
    expect(await store.sweep?.()).toBe(18);
    await other.query("ROLLBACK");
    other.release();
    expect(await store.sweep?.()).toBe(2);
    await store.close();
  });
});

// Needs servers of its own: with an address in POSTGRES_URL and nothing to start one with, the table says so.
describe.skipIf(url === "" || !canStart(recipe))("a PostgreSQL that fails", () => {
  for (const driver of postgresDrivers) {
    it(`is slow: store/timeout at the deadline (${driver})`, async () => {
      const server = await start();
      const store = await prepared(server.url, driver);
      server.freeze();
      try {
        await expect(byDeadline(store, 100, (deadline) => store.read("a", deadline))).rejects.toMatchObject({
          code: "store/timeout",
        });
      } finally {
        server.thaw();
      }
      expect(await store.read("a")).toBeUndefined();
      await store.close();
      await server.stop();
    });

    it(`is killed among writes and started again: nothing that was acknowledged is lost (${driver})`, async () => {
      const server = await start();
      const store = await prepared(server.url, driver);
      const acknowledged = new Set<string>();
      const writing = Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const key = `k${index}`;
          const options = { expect: "absent", expiresAt: Date.now() + 3_600_000 } as const;
          const result = await byDeadline(store, 20_000, (deadline) =>
            store.write(key, Uint8Array.of(1), deadline.and(options)),
          ).catch(() => undefined);
          if (result?.ok) acknowledged.add(key);
          if (index === 20) await server.kill();
        }),
      );
      await writing;
      const again = await start(server.folder, server.port);
      await expect
        .poll(() =>
          byDeadline(store, 5000, (deadline) => store.read("nobody", deadline)).then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
      for (const key of acknowledged) expect(await store.read(key), key).toBeDefined();
      expect(acknowledged.size).toBeGreaterThan(0);
      await store.close();
      await again.stop();
    });

    it(`is on a full disk: store/full, and all is well when there is room (${driver})`, async ({ skip }) => {
      if (!canMount) return skip("only root may mount a small disk");
      const disk = smallDisk("4m", NOBODY);
      const server = await start();
      const store = await prepared(server.url, driver, disk.folder);
      try {
        await tryFullDisk(store, disk);
      } finally {
        await store.close();
        await server.stop();
        disk.remove();
      }
    });
  }

  async function prepared(address: string, driver: "pg" | "postgres", folder?: string) {
    const admin = new pg.Client({ connectionString: address });
    await admin.connect();
    // A place of its own: where its log has no room either, PostgreSQL stops, and begins again once there is some.
    if (folder !== undefined) await admin.query(`CREATE TABLESPACE own LOCATION '${folder}'`);
    await admin.query(`CREATE TABLE sessions ${columns} ${folder === undefined ? "" : "TABLESPACE own"}`);
    await admin.end();
    const store = postgresStore({ url: address, driver, poolSize: 4 });
    await store.read("a");
    return store;
  }
});
