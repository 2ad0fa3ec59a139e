import { mysqlStore } from "@sessgen/runtime/stores/mysql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { found, own, write } from "../sql/sessions.js";
import { as, type MysqlAccounts, mysqlAccounts } from "./accounts.js";

const url = await serviceUrl("mariadb");

describe.skipIf(url === "")("the emitted accounts of MariaDB", () => {
  let accounts: MysqlAccounts;
  beforeAll(async () => {
    accounts = await mysqlAccounts(url);
  }, 120_000);
  afterAll(() => accounts.close());

  it("let the application do all that it does, and verify", async () => {
    const { urls, table, run } = accounts;
    const store = mysqlStore({ url: urls.application, table, cleanup: 0 });
    const index = { user_id: "u" };
    expect((await store.write(own("a"), Uint8Array.of(1), { ...write, expect: "absent", index })).ok).toBe(
      true,
    );
    expect(await store.touch(own("a"), write.expiresAt + 1)).toBe("touched");
    expect(await found(store, "user_id", "u")).toEqual([own("a")]);
    expect(await store.remove(own("a"))).toBe(true);
    expect(await store.sweep?.({ limit: 10 })).toBe(0);
    await store.close();
    expect(await run(urls.application, "verify")).toMatchObject({ code: 0, err: "" });
    expect(await run(urls.migrations, "migrate")).toMatchObject({ code: 0, out: "Nothing is pending\n" });
  });

  it("cannot be used before they have a password", async () => {
    const { query, urls, table } = accounts;
    await query(`DROP USER '${table}_app'@'%'`);
    await query(accounts.emitted("roles.sql"));
    const empty = new URL(urls.application);
    empty.password = "";
    await expect(as(empty.href, "SELECT 1")).rejects.toThrow(/account is locked/);
    await query(
      `ALTER USER '${table}_app'@'%' IDENTIFIED BY '${new URL(urls.application).password}' ACCOUNT UNLOCK`,
    );
    await query(accounts.emitted("grants.sql"));
  });

  it.each([
    ["application", "DROP TABLE {table}"],
    ["application", "TRUNCATE {table}"],
    ["application", "ALTER TABLE {table} ADD x INT"],
    ["application", "CREATE INDEX i ON {table} (version)"],
    ["application", "CREATE TABLE other (x INT)"],
    ["application", "DELETE FROM sessgen_migrations"],
    ["application", "GRANT SELECT ON {table} TO CURRENT_USER"],
    ["migrations", "CREATE TABLE other (x INT)"],
    ["migrations", "CREATE USER another"],
    ["migrations", "CREATE DATABASE another"],
  ] as const)("do not let %s %s", async (who, sql) => {
    const done = as(accounts.urls[who], sql.replace("{table}", accounts.table));
    await expect(done).rejects.toMatchObject({
      code: expect.stringMatching(/^ER_.*ACCESS_DENIED|^ER_.*GRANT/),
    });
  });
});
