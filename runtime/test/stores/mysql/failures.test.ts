import { createPool, type Pool } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { eventually, isDebianAsRoot } from "../../../../services/machine.js";
import { mariadb, startMariadb } from "../../../../services/mariadb.js";
import { mysql, startMysql } from "../../../../services/mysql.js";
import type { MysqlServer } from "../../../../services/mysql-server.js";
import { mysqlStore } from "../../../src/stores/mysql/index.js";
import type { SessionStore, WriteResult } from "../../../src/stores/store.js";
import { makeTable } from "./table.js";

const write = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;

function acknowledged(result: WriteResult): string {
  expect(result.ok).toBe(true);
  return result.ok ? result.version : "";
}

for (const [recipe, start] of [
  [mariadb, startMariadb],
  [mysql, startMysql],
] as const) {
  describe.skipIf(!recipe.available() && !isDebianAsRoot())(`${recipe.name} that fails`, () => {
    let server: MysqlServer;
    let admin: Pool;
    let table: string;

    beforeAll(async () => {
      if (!recipe.available()) await recipe.install();
      server = await start();
      admin = createPool({ uri: server.url, connectionLimit: 2 });
      table = await makeTable(admin);
    });
    afterAll(async () => {
      await admin?.end();
      await server?.stop();
    });

    const within = async (body: (store: SessionStore) => Promise<void>, url: string = server.url) => {
      const store = mysqlStore({ url, table, poolSize: 4 });
      try {
        await body(store);
      } finally {
        await store.close();
      }
    };
    const timesOut = (store: SessionStore) =>
      expect(store.read("a", { signal: AbortSignal.timeout(30) })).rejects.toMatchObject({
        code: "store/timeout",
      });
    /** Stops the server, whose threads may answer for a moment longer. */
    const freeze = (store: SessionStore) => {
      server.freeze();
      return vi.waitFor(() => timesOut(store), 120_000);
    };
    /** The address for a user who may do only so much. */
    const asUser = async (name: string, privileges?: string) => {
      await admin.query(`CREATE USER ${name} IDENTIFIED BY 'secret'`);
      if (privileges !== undefined) await admin.query(`GRANT ${privileges} ON test.* TO ${name}`);
      const address = new URL(server.url);
      address.username = name;
      address.password = "secret";
      return address.href;
    };
    /** The connections of everybody but this test itself. */
    const others = async () => {
      const [rows] = await admin.query({
        sql: "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND user = 'root'",
        rowsAsArray: true,
      });
      return (rows as number[][]).map(([id]) => id);
    };

    it("can be closed while it does not answer, and keeps no socket", async () => {
      const sockets = () =>
        process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
      const before = sockets();
      const store = mysqlStore({ url: server.url, table });
      await store.read("a");
      try {
        await freeze(store);
        await store.close();
        await vi.waitFor(() => expect(sockets()).toBe(before), 120_000);
      } finally {
        server.thaw();
      }
    });

    it("is slow: store/timeout at the deadline, and none the worse afterwards", async () => {
      await within(async (store) => {
        await store.write("a", Uint8Array.of(1), write);
        try {
          await freeze(store);
          for (let attempt = 0; attempt < 6; attempt += 1) await timesOut(store);
        } finally {
          server.thaw();
        }
        expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
      });
    });

    it("refuses the password, the user or the permission: store/denied", async () => {
      const wrong = new URL(server.url);
      wrong.username = "nobody_knows";
      wrong.password = "hunter2";
      const reader = await asUser("reader", "SELECT");
      const stranger = await asUser("stranger");
      for (const url of [wrong.href, stranger]) {
        await within(async (store) => {
          const error: unknown = await store.read("a").catch((cause: unknown) => cause);
          expect(error).toMatchObject({ code: "store/denied" });
          expect(String(error)).not.toContain("hunter2");
        }, url);
      }
      await within(async (store) => {
        expect(await store.read("nobody")).toBeUndefined();
        const writing = store.write("a", Uint8Array.of(1), write);
        await expect(writing).rejects.toMatchObject({ code: "store/denied" });
      }, reader);
    });

    it("has no such database: store/no-database", async () => {
      const nowhere = new URL(server.url);
      nowhere.pathname = "/nowhere";
      await within(async (store) => {
        await expect(store.read("a")).rejects.toMatchObject({ code: "store/no-database" });
      }, nowhere.href);
    });

    it("is read-only for a while: store/read-only", async () => {
      await within(
        async (store) => {
          await admin.query("SET GLOBAL read_only = 1");
          try {
            expect(await store.read("nobody")).toBeUndefined();
            const operations = [
              () => store.write("a", Uint8Array.of(1), write),
              () => store.remove("a"),
              () => store.touch("a", write.expiresAt),
            ];
            for (const operation of operations) {
              await expect(operation()).rejects.toMatchObject({ code: "store/read-only" });
            }
          } finally {
            await admin.query("SET GLOBAL read_only = 0");
          }
          expect((await store.write("a", Uint8Array.of(1), write)).ok).toBe(true);
        },
        await asUser("writer", "SELECT, INSERT, UPDATE, DELETE"),
      );
    });

    it("takes no packets that large: store/too-large", async () => {
      await admin.query("SET GLOBAL max_allowed_packet = 1048576");
      try {
        await within(async (store) => {
          for (const megabytes of [1, 1, 1, 1, 3, 17, 40]) {
            const large = new Uint8Array(megabytes * 1_048_576);
            const writing = store.write("large", large, { ...write, expect: "absent" });
            await expect(writing).rejects.toMatchObject({ code: "store/too-large" });
            // The server closes the connection: the next operation must not get it.
            expect((await store.write("small", Uint8Array.of(1), write)).ok).toBe(true);
          }
          expect(await store.read("large")).toBeUndefined();
        });
      } finally {
        await admin.query("SET GLOBAL max_allowed_packet = 67108864");
      }
    });

    it("has killed the connections: nobody notices", async () => {
      await within(async (store) => {
        const keys = ["a", "b", "c", "d"];
        const begun = await Promise.all(keys.map((key) => store.write(key, Uint8Array.of(1), write)));
        for (const id of await others()) await admin.query(`KILL ${id}`).catch(() => undefined);
        for (const [position, key] of keys.entries()) {
          const version = acknowledged(begun[position] as WriteResult);
          expect((await store.write(key, Uint8Array.of(2), { ...write, expect: version })).ok).toBe(true);
        }
      });
    });

    it("has killed the connection of a write under way: it is done once", async () => {
      await within(async (store) => {
        const version = acknowledged(await store.write("a", Uint8Array.of(1), write));
        const blocker = await admin.getConnection();
        await blocker.query("BEGIN");
        await blocker.query(`SELECT id FROM ${table} FOR UPDATE`);
        const writing = store.write("a", Uint8Array.of(2), { ...write, expect: version });
        let waiting: number[] = [];
        while (waiting.length === 0) {
          const [rows] = await admin.query({
            sql: "SELECT id FROM information_schema.processlist WHERE command = 'Execute' AND id <> CONNECTION_ID()",
            rowsAsArray: true,
          });
          waiting = (rows as number[][]).flat();
        }
        for (const id of waiting) await admin.query(`KILL ${id}`);
        await blocker.query("ROLLBACK");
        blocker.release();
        expect((await writing).ok).toBe(true);
        expect((await store.read("a"))?.payload).toEqual(Buffer.of(2));
      });
    });

    it("is killed in the middle, and started again: no acknowledged write is lost", async () => {
      await within(async (store) => {
        const steps = 150;
        let version = acknowledged(await store.write("chain", Uint8Array.of(0), write));
        const chain = async () => {
          for (let step = 1; step <= steps; step += 1) {
            const next = { ...write, expect: version };
            const result = await store.write("chain", Uint8Array.of(step), next).catch(() => undefined);
            if (result !== undefined) {
              version = acknowledged(result);
              continue;
            }
            // The server stayed away for longer than the store waits: this write was done or not, those before it were.
            const current = await eventually(() => store.read("chain"));
            expect([step - 1, step]).toContain(current?.payload[0]);
            version = current?.version ?? "";
            step = current?.payload[0] ?? step;
          }
        };
        const [restarted] = await Promise.all([server.kill().then(() => start({ again: server })), chain()]);
        server = restarted;
        expect(await store.read("chain")).toMatchObject({ version, payload: Buffer.of(steps) });
      });
    });
  });

  describe.skipIf(!recipe.available() && !isDebianAsRoot())(`${recipe.name} without room`, () => {
    it("store/full, and what is there stays", async () => {
      const server = await start({
        args: ["--innodb-file-per-table=OFF", "--innodb-data-file-path=ibdata1:12M:autoextend:max:20M"],
      });
      const admin = createPool({ uri: server.url, connectionLimit: 1 });
      const table = await makeTable(admin);
      const store = mysqlStore({ url: server.url, table });
      try {
        await store.write("first", Uint8Array.of(1), write);
        const fill = async () => {
          for (let index = 0; index < 40; index += 1) {
            await store.write(`k${index}`, new Uint8Array(1_000_000), write);
          }
        };
        await expect(fill()).rejects.toMatchObject({ code: "store/full" });
        expect((await store.read("first"))?.payload).toEqual(Buffer.of(1));
      } finally {
        await store.close();
        await admin.end();
        await server.stop();
      }
    });
  });
}
