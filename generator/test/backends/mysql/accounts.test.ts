import { mysqlStore } from "@sessgen/runtime/stores/mysql";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { testAccounts } from "../sql/accounts.js";
import { as, mysqlAccounts } from "./accounts.js";

const servers = [
  ["MariaDB", await serviceUrl("mariadb")],
  ["MySQL", await serviceUrl("mysql")],
] as const;

describe.each(servers.filter(([, url]) => url !== ""))("%s", (name, url) => {
  testAccounts(
    name,
    {
      open: () => mysqlAccounts(url),
      store: (address, table) => mysqlStore({ url: address, table, cleanup: 0 }),
      as,
      refused: { code: expect.stringMatching(/^ER_.*ACCESS_?DENIED|^ER_.*GRANT/) },
      forbidden: [
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
      ],
    },
    (accounts) => {
      it("cannot be used before they have a password", async () => {
        const { query, urls, table, emitted } = accounts();
        await query(`DROP USER '${table}_app'@'%'`);
        await query(emitted("roles.sql"));
        const empty = new URL(urls.application);
        empty.password = "";
        await expect(as(empty.href, "SELECT 1")).rejects.toThrow(/account is locked/i);
        await query(
          `ALTER USER '${table}_app'@'%' IDENTIFIED BY '${new URL(urls.application).password}' ACCOUNT UNLOCK`,
        );
        await query(emitted("grants.sql"));
      });
    },
  );
});
