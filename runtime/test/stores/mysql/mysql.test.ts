import { createPool, type Pool, type PoolOptions, type RowDataPacket } from "mysql2/promise";
import { afterAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { type MysqlStoreOptions, mysqlStore } from "../../../src/stores/mysql/index.js";
import { foundKeys } from "../../../src/testing/found-keys.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import { cleanupCases, tryCleanup } from "../shared/cleanup-cases.js";
import { definition, makeTable } from "./table.js";

const write = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;

/** Settings that applications choose for queries of their own, and that change what a driver sends and gives. */
const unusual: PoolOptions = {
  flags: ["-FOUND_ROWS"],
  rowsAsArray: false,
  nestTables: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  namedPlaceholders: true,
  charset: "latin1_swedish_ci",
  typeCast: () => "cast",
};

for (const name of ["mariadb", "mysql"]) {
  const url = await serviceUrl(name);

  describe.skipIf(url === "")(name, () => {
    const admin = createPool({ uri: url, connectionLimit: 2 });
    const own: Pool[] = [];
    const ownPool = (options: PoolOptions) => {
      const pool = createPool({ uri: url, connectionLimit: 4, ...options });
      own.push(pool);
      return pool;
    };
    afterAll(() => Promise.all([admin, ...own].map((pool) => pool.end())));

    const open = async (options: MysqlStoreOptions = {}) => {
      const clock = fakeClock(Date.now());
      const table = options.table ?? (await makeTable(admin));
      return { clock, table, store: mysqlStore({ url, clock, poolSize: 4, cleanup: 0, ...options, table }) };
    };
    const fixture = async (options: MysqlStoreOptions) => {
      const { clock, table, store } = await open(options);
      return {
        store,
        now: clock,
        advance: (milliseconds: number) => clock.advance(milliseconds),
        another: () => mysqlStore({ url, clock, poolSize: 4, cleanup: 0, ...options, table }),
      };
    };

    testStore({ describe, it }, `${name} (mysql2)`, () => fixture({}));
    const pool = ownPool(unusual);
    testStore({ describe, it }, `${name} (mysql2), in an unusual pool`, () => fixture({ pool }));

    it("uses a pool of the application's own, and leaves it open", async () => {
      const pool = ownPool({});
      const { store, table } = await open({ pool });
      await store.write("a", Uint8Array.of(1), write);
      await store.close();
      const [rows] = await pool.query({ sql: `SELECT id FROM ${table}`, rowsAsArray: true });
      expect(rows).toEqual([[Buffer.from("a")]]);
    });

    it("lives in a table and a database of any name", async () => {
      const database = `d"'.é? :a ${process.pid}`;
      const table = `select \`x\` %é?:b`;
      await admin.query(`CREATE DATABASE IF NOT EXISTS \`${database}\``);
      const quoted = `\`${database}\`.\`${table.replaceAll("`", "``")}\``;
      await admin.query(`CREATE TABLE ${quoted} ${definition}`);
      const { store } = await open({ database, table });
      const index = { user_id: "u", tenant: null };
      expect((await store.write("a", Uint8Array.of(1), { ...write, index })).ok).toBe(true);
      expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
      expect(await store.touch("a", write.expiresAt + 1)).toBe("touched");
      expect(await store.remove("a")).toBe(true);
      await store.close();
      await admin.query(`DROP DATABASE \`${database}\``);
    });

    it("finds no table, an older one, or a name that cannot be: store/not-migrated", async () => {
      const older = `older_${process.pid}`;
      await admin.query(`DROP TABLE IF EXISTS ${older}`);
      await admin.query(`CREATE TABLE ${older} (id VARBINARY(767) PRIMARY KEY, payload LONGBLOB)`);
      const wrong: MysqlStoreOptions[] = [{ table: "nowhere" }, { table: older }, { table: "x".repeat(300) }];
      for (const options of wrong) {
        const { store } = await open(options);
        const reading = store.read("a");
        await expect(reading, JSON.stringify(options)).rejects.toMatchObject({ code: "store/not-migrated" });
        await store.close();
      }
      const { store } = await open();
      const unknown = { ...write, index: { email: "x" } };
      await expect(store.write("a", Uint8Array.of(1), unknown)).rejects.toMatchObject({
        code: "store/not-migrated",
      });
      await store.close();
    });

    it.each([
      ["a constraint", { given: (table: string) => `ALTER TABLE ${table} ADD CHECK (expires_at < 0)` }],
      [
        "a trigger",
        {
          given: (table: string) =>
            `CREATE TRIGGER ${table}_no BEFORE INSERT ON ${table} FOR EACH ROW SIGNAL SQLSTATE '45000'`,
        },
      ],
    ])(
      "has %s that is not ours: store/not-migrated, which is certainly not done",
      async (_name, { given }) => {
        const { store, table } = await open();
        await admin.query(given(table));
        await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({
          code: "store/not-migrated",
          message: expect.stringContaining("a constraint or a trigger"),
        });
        expect(await store.read("a")).toBeUndefined();
        await store.close();
      },
    );

    it("takes keys of 767 bytes, and refuses longer ones: store/too-large", async () => {
      const lenient = ownPool({});
      lenient.on("connection", (connection) => void connection.query("SET sql_mode = ''"));
      const { store } = await open({ pool: lenient });
      await store.write("k".repeat(767), Uint8Array.of(1), write);
      const longer = store.write("k".repeat(768), Uint8Array.of(2), write);
      await expect(longer).rejects.toMatchObject({ code: "store/too-large" });
      expect(await store.read("k".repeat(768))).toBeUndefined();
      expect((await store.read("k".repeat(767)))?.payload).toEqual(Buffer.of(1));
      await store.close();
    });

    it("finds sessions by values that are longer than their column", async () => {
      const { store } = await open();
      const value = "ä".repeat(1000);
      await store.write("a", Uint8Array.of(1), { ...write, index: { user_id: value, tenant: null } });
      expect(await foundKeys(store, "user_id", value)).toEqual(["a"]);
      await store.close();
    });

    it("looks hundreds of keys up page by page, none missing and none twice", async () => {
      const { store, table } = await open();
      const rows = Array.from({ length: 1250 }, (_, index) => [`k${index % 625}${index < 625 ? "" : "\0"}`]);
      const values = rows.map(([id]) => [Buffer.from(id ?? ""), "", 1, write.expiresAt, "u"]);
      await admin.query(`INSERT INTO ${table} (id, payload, version, expires_at, by_user_id) VALUES ?`, [
        values,
      ]);
      const keys = await foundKeys(store, "user_id", "u");
      expect(keys.sort()).toEqual(rows.map(([id]) => id).sort());
      await store.close();
    });

    it("finds sessions without the index of the value, too", async () => {
      const { store, table } = await open();
      await store.write("a", Uint8Array.of(1), { ...write, index: { user_id: "ada" } });
      await admin.query(`DROP INDEX by_user_id ON ${table}`);
      expect(await foundKeys(store, "user_id", "ada")).toEqual(["a"]);
      await store.close();
    });

    it("reads no more rows of a value for its last page than for its first", async () => {
      const pool = ownPool({ connectionLimit: 1 });
      const { store, table } = await open({ pool });
      const rows = Array.from({ length: 8000 }, (_, i) => [
        Buffer.from(`shop.${String((i * 7919) % 8000).padStart(43, "0")}`),
        Buffer.from([1]),
        i,
        write.expiresAt,
        Buffer.from(i % 5 === 0 ? "ada" : `u${i}`),
      ]);
      await pool.query(`INSERT INTO ${table} (id, payload, version, expires_at, by_user_id) VALUES ?`, [
        rows,
      ]);
      await pool.query(`ANALYZE TABLE ${table}`);
      const read: number[] = [];
      const count = async (): Promise<number> => {
        const [found] = await pool.query<RowDataPacket[]>(
          `SHOW SESSION STATUS WHERE Variable_name IN ("Handler_read_next", "Handler_icp_attempts")`,
        );
        return found.reduce((sum, { Value: value }) => sum + Number(value), 0);
      };
      let before = await count();
      for await (const page of store.findByIndex?.("user_id", "ada", { application: "shop" }) ?? []) {
        const after = await count();
        if (page.length === 400) read.push(after - before);
        before = after;
      }
      expect(read).toHaveLength(4);
      expect(Math.max(...read)).toBeLessThanOrEqual(Math.min(...read));
    });

    it("says true to a touch that changes nothing, however rows are counted", async () => {
      for (const options of [{}, { pool }]) {
        const { store, clock } = await open(options);
        const expiresAt = clock() + 1000;
        await store.write("a", Uint8Array.of(1), { expect: "absent", expiresAt });
        expect(await store.touch("a", expiresAt)).toBe("touched");
        expect(await store.touch("a", expiresAt)).toBe("touched");
        await store.close();
      }
    });

    it("lets exactly one of many take the place of an expired session", async () => {
      const { store, clock } = await open({ poolSize: 8 });
      for (let round = 0; round < 5; round += 1) {
        await store.write("a", Uint8Array.of(0), { expect: "any", expiresAt: clock() + 1 });
        clock.advance(1);
        const results = await Promise.all(
          Array.from({ length: 16 }, (_, index) =>
            store.write("a", Uint8Array.of(index), { expect: "absent", expiresAt: clock() + 1000 }),
          ),
        );
        const [winner, ...more] = results.flatMap((result) => (result.ok ? [result.version] : []));
        expect(more).toEqual([]);
        expect(new Set(results.map((result) => (result.ok ? winner : result.current?.version)))).toEqual(
          new Set([winner]),
        );
        clock.advance(1000);
      }
      await store.close();
    });

    it.each(cleanupCases)("cleans up about every n-th request: %s", async (_case, one) => {
      const { store, table } = await open({ cleanup: 1 });
      const ids = async () => {
        const [rows] = await admin.query({ sql: `SELECT id FROM ${table}`, rowsAsArray: true });
        return (rows as string[][]).map(String);
      };
      await tryCleanup(store, ids, one);
    });

    it("sweeps thousands in batches, beside requests that are none the worse for it", async () => {
      const { store, clock, table } = await open({ poolSize: 6 });
      const rows = Array.from({ length: 2500 }, (_, index) => [`k${index}`, "", 1, clock() - (index % 50)]);
      await admin.query(`INSERT INTO ${table} (id, payload, version, expires_at) VALUES ?`, [rows]);
      const requests = Array.from({ length: 50 }, async (_, index) => {
        const key = `k${index * 50}`;
        const begun = await store.write(key, Uint8Array.of(1), { ...write, expect: "absent" });
        expect(begun.ok).toBe(true);
        expect(await store.touch(key, write.expiresAt + index)).toBe("touched");
      });
      const [first = 0, second = 0] = await Promise.all([store.sweep?.(), store.sweep?.(), ...requests]);
      expect(Number(first) + Number(second) + Number(await store.sweep?.())).toBeLessThanOrEqual(2500);
      const [left] = await admin.query({
        sql: `SELECT COUNT(*), MIN(expires_at) FROM ${table}`,
        rowsAsArray: true,
      });
      expect(left).toEqual([[50, write.expiresAt]]);
      await store.close();
    });

    it("gives a busy connection up at the deadline, and goes on with another", async () => {
      const { store, table } = await open({ poolSize: 1 });
      await store.write("a", Uint8Array.of(1), write);
      const other = await admin.getConnection();
      await other.query("BEGIN");
      await other.query(`SELECT id FROM ${table} FOR UPDATE`);
      const late = store.write("a", Uint8Array.of(2), { ...write, signal: AbortSignal.timeout(100) });
      await expect(late).rejects.toMatchObject({ code: "store/timeout" });
      expect((await store.read("a", { signal: AbortSignal.timeout(20_000) }))?.payload).toEqual(Buffer.of(1));
      await other.query("ROLLBACK");
      other.release();
      await store.close();
    });

    it("meets a row that stays locked: store/locked", async () => {
      const impatient = ownPool({});
      impatient.on("connection", (connection) => {
        void connection.query("SET innodb_lock_wait_timeout = 1");
      });
      const { store, table } = await open({ pool: impatient });
      await store.write("a", Uint8Array.of(1), write);
      const other = await admin.getConnection();
      await other.query("BEGIN");
      await other.query(`SELECT id FROM ${table} FOR UPDATE`);
      await expect(store.remove("a")).rejects.toMatchObject({ code: "store/locked" });
      await other.query("ROLLBACK");
      other.release();
      expect(await store.remove("a")).toBe(true);
      await store.close();
    });
  });
}

describe("a mysql store", () => {
  it("without a server: store/unavailable", async () => {
    for (const url of ["mysql://root@127.0.0.1:1/test", "mysql://root:hunter2@[", undefined]) {
      const store = mysqlStore(url === undefined ? {} : { url });
      const error: unknown = await store.read("a").catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: "store/unavailable", status: 503 });
      expect(JSON.stringify(error)).not.toContain("hunter2");
      await store.close();
    }
  });
});
