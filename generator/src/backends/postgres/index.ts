import type { Backend } from "../backend.js";
import { postgres as dialect } from "./dialect.js";
import { kept, options } from "./options.js";

/** A PostgreSQL server, 13 or later. */
export const postgres: Backend = {
  kind: "postgres",
  options,
  kept,
  first: {
    hint: "a table of PostgreSQL",
    code: 'kind: "postgres", url: env("DATABASE_URL")',
    variables: { DATABASE_URL: "postgres://localhost:5432/app" },
    rank: 1,
  },
  store: { module: "@sessgen/runtime/stores/postgres", factory: "postgresStore" },
  dialect,
  infrastructureOptions: ["layout", "unlogged"],
  live: async () => (await import("./live.js")).postgres,
  addresses: ["url", "driver", "poolSize"],
  imports: { client: "client" },
  clients: ["pg", "postgres"],
  companions: ["connect-pg-simple", "pg-promise", "@prisma/adapter-pg"],
};
