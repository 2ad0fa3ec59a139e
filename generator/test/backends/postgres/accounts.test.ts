import { postgresStore } from "@sessgen/runtime/stores/postgres";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { testAccounts } from "../sql/accounts.js";
import { as, postgresAccounts } from "./accounts.js";

const url = await serviceUrl("postgres");

describe.skipIf(url === "")("PostgreSQL", () => {
  testAccounts(
    "PostgreSQL",
    {
      open: () => postgresAccounts(url),
      store: (address, table) => postgresStore({ url: address, table, cleanup: 0 }),
      as,
      refused: { code: "42501" },
      forbidden: [
        ["application", "DROP TABLE {table}"],
        ["application", "TRUNCATE {table}"],
        ["application", "ALTER TABLE {table} ADD x int"],
        ["application", "CREATE INDEX ON {table} (version)"],
        ["application", "CREATE TABLE other (x int)"],
        ["application", "DELETE FROM sessgen_migrations"],
        ["migrations", "CREATE ROLE another"],
        ["migrations", "CREATE DATABASE another"],
        ["migrations", "CREATE SCHEMA another"],
      ],
    },
    (accounts) => {
      it("can be made again", async () => {
        const { query, urls, emitted } = accounts();
        await query(emitted("roles.sql"));
        await as(urls.migrations, emitted("grants.sql"));
      });

      it("do not let the application hand out what it may do: PostgreSQL warns, and grants nothing", async () => {
        const { urls, table } = accounts();
        await as(urls.application, `GRANT SELECT ON ${table} TO PUBLIC`);
        const isGranted = `SELECT 1 / has_table_privilege('public', '${table}', 'SELECT')::int`;
        await expect(as(urls.migrations, isGranted)).rejects.toMatchObject({ code: "22012" });
      });
    },
  );
});
