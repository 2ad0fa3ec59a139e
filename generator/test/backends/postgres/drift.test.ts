import { describe } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { postgres as cases } from "../drift/cases/postgres.js";
import { testDrift } from "../drift/drift.js";
import { as, postgresAccounts } from "./accounts.js";

const url = await serviceUrl("postgres");

describe.skipIf(url === "")("PostgreSQL", () => {
  testDrift("PostgreSQL", cases, async () => {
    const { root, table, urls, query, emitted, close } = await postgresAccounts(url);
    const names: Readonly<Record<string, string>> = { table, app: `${table}_app` };
    return {
      root,
      env: { DATABASE_URL: urls.application },
      async reset() {
        await query(`DROP TABLE IF EXISTS ${table} CASCADE; ALTER ROLE ${table}_app RESET ALL`);
        await as(urls.migrations, emitted(`0001_create_${table}/up.sql`));
        await as(urls.migrations, emitted("grants.sql"));
      },
      change: (given) => query(given.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? "")),
      close,
    };
  });
});
