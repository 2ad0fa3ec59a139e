import { postgresStore } from "@sessgen/runtime/stores/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { found, own, write } from "../sql/sessions.js";
import { as, type PostgresAccounts, postgresAccounts } from "./accounts.js";

const url = await serviceUrl("postgres");

describe.skipIf(url === "")("the emitted accounts of PostgreSQL", () => {
  let accounts: PostgresAccounts;
  beforeAll(async () => {
    accounts = await postgresAccounts(url);
  }, 120_000);
  afterAll(() => accounts.close());

  it("let the application do all that it does, and verify", async () => {
    const { urls, table, run } = accounts;
    const store = postgresStore({ url: urls.application, table, cleanup: 0 });
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

  it("can be made again", async () => {
    await accounts.query(accounts.emitted("roles.sql"));
    await as(accounts.urls.migrations, accounts.emitted("grants.sql"));
  });

  it.each([
    ["application", "DROP TABLE {table}"],
    ["application", "TRUNCATE {table}"],
    ["application", "ALTER TABLE {table} ADD x int"],
    ["application", "CREATE INDEX ON {table} (version)"],
    ["application", "CREATE TABLE other (x int)"],
    ["application", "DELETE FROM sessgen_migrations"],
    ["application", "GRANT SELECT ON {table} TO PUBLIC"],
    ["migrations", "CREATE ROLE another"],
    ["migrations", "CREATE DATABASE another"],
    ["migrations", "CREATE SCHEMA another"],
  ] as const)("do not let %s %s", async (who, sql) => {
    const done = as(accounts.urls[who], sql.replace("{table}", accounts.table));
    if (sql.startsWith("GRANT")) {
      // PostgreSQL warns, and grants nothing.
      await done;
      return expect(
        as(
          accounts.urls.migrations,
          `SELECT 1 / has_table_privilege('public', '${accounts.table}', 'SELECT')::int`,
        ),
      ).rejects.toMatchObject({ code: "22012" });
    }
    await expect(done).rejects.toMatchObject({ code: "42501" });
  });
});
