import type { Backend } from "../backend.js";
import { sqlite as dialect } from "./dialect.js";
import { kept, options } from "./options.js";

/** An SQLite database file. */
export const sqlite: Backend = {
  kind: "sqlite",
  options,
  kept,
  first: {
    hint: "a file on this machine",
    code: 'kind: "sqlite", file: ".data/sessions.db"',
    preselected: true,
    rank: 5,
  },
  store: { module: "@sessgen/runtime/stores/sqlite", factory: "sqliteStore" },
  dialect,
  paths: { file: "found" },
  live: async () => (await import("./live.js")).sqlite,
  builtIn: "node:sqlite",
  clients: ["libsql", "better-sqlite3"],
  companions: ["@libsql/client", "connect-sqlite3"],
};
