import { createPool } from "mysql2/promise";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { mysqlStore } from "../../../src/stores/mysql/index.js";
import { postgresDrivers } from "../../../src/stores/postgres/client.js";
import { postgresStore } from "../../../src/stores/postgres/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { makeTable } from "../mysql/table.js";

const WRITERS = 8;
const WRITES = 25;
const expiresAt = Date.now() + 3_600_000;

/** Counts one session up with many writers at once, each going on from what refused it. Whatever fails, fails. */
async function countUp(store: SessionStore): Promise<number> {
  const begun = await store.write("a", Uint8Array.of(0), { expect: "absent", expiresAt });
  expect(begun.ok).toBe(true);
  const writer = async (): Promise<void> => {
    for (let done = 0; done < WRITES; done += 1) {
      for (let current = await store.read("a"); ; ) {
        const payload = Uint8Array.of((current?.payload[0] ?? 0) + 1);
        const result = await store.write("a", payload, { expect: current?.version ?? "", expiresAt });
        if (result.ok) break;
        current = result.current;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  // Others at the same time: whoever creates, touches and removes meets them, too.
  const keys = Array.from({ length: 10 }, (_, number) => `k${number}`);
  await Promise.all(
    keys.flatMap((key) => [
      store.write(key, Uint8Array.of(1), { expect: "absent", expiresAt }),
      store.write(key, Uint8Array.of(2), { expect: "any", expiresAt }),
      store.touch(key, expiresAt + 1),
      store.remove(key),
    ]),
  );
  return (await store.read("a"))?.payload[0] ?? -1;
}

const levels = ["repeatable read", "serializable"];

const url = await serviceUrl("postgres");
let tables = 0;
const postgresCases = postgresDrivers.flatMap((driver) => levels.map((level) => [level, driver] as const));

describe.skipIf(url === "")("PostgreSQL, where a transaction that came second is refused", () => {
  it.each(postgresCases)("loses none of 200 writes and fails none: %s through %s", async (level, driver) => {
    tables += 1;
    const table = `isolation_${process.pid}_${tables}`;
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      `CREATE TABLE ${table} (id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL, expires_bucket bigint GENERATED ALWAYS AS (expires_at / 600000) STORED)`,
    );
    await admin.end();
    const address = new URL(url);
    // As a role or a database may be set to.
    if (driver === "pg") {
      const set = `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`;
      address.searchParams.set("options", set);
    } else address.searchParams.set("default_transaction_isolation", level);
    const store = postgresStore({ url: address.href.replaceAll("+", "%20"), table, driver, cleanup: 0 });
    expect(await countUp(store)).toBe(WRITERS * WRITES);
    await store.close();
  });
});

for (const kind of ["mysql", "mariadb"]) {
  const server = await serviceUrl(kind);
  describe.skipIf(server === "")(kind, () => {
    it.each(levels)("loses none of 200 writes and fails none: %s", async (level) => {
      const pool = createPool(server);
      pool.on("connection", (connection) => {
        connection.query(`SET SESSION TRANSACTION ISOLATION LEVEL ${level}`);
      });
      const table = await makeTable(pool);
      const store = mysqlStore({ pool, table, cleanup: 0 });
      expect(await countUp(store)).toBe(WRITERS * WRITES);
      await store.close();
      await pool.end();
    });
  });
}
