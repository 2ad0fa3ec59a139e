import { join } from "node:path";
import type { SessionStore } from "@sessgen/runtime";
import { openSqlite } from "@sessgen/runtime/sqlite-driver";
import { mysqlStore } from "@sessgen/runtime/stores/mysql";
import { postgresStore } from "@sessgen/runtime/stores/postgres";
import { sqliteStore } from "@sessgen/runtime/stores/sqlite";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import { onTestFinished } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { config, type Project, project } from "../../support/project.js";

export { found, own, payload, write } from "./sessions.js";

export type Rows = readonly Readonly<Record<string, unknown>>[];

/** A database of a test's own, and a user's project that keeps its sessions there. */
export interface Place {
  readonly user: Project;
  /** Writes the config; options of the backend and more options of the config may be added. */
  configure(schema: string, options?: string, rest?: string): void;
  query(sql: string): Promise<Rows>;
  store(options?: { readonly table?: string; readonly schema?: string }): SessionStore;
  /** As in SQL. */
  quote(name: string): string;
}

/** A kind of database. */
export interface Server {
  readonly name: string;
  readonly dialect: "sqlite" | "postgres" | "mysql";
  readonly url: string;
  place(): Promise<Place>;
}

let count = 0;

const double = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const backtick = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

function placeOf(
  backend: string,
  query: (user: Project) => Place["query"],
  store: (user: Project) => Place["store"],
  quote: Place["quote"],
): Place {
  const user = project();
  return {
    user,
    configure: (schema, options = "", rest = "") =>
      user.write({
        "session.config.ts": config(schema, `backend: { ${backend}${options} }${rest}`),
      }),
    query: query(user),
    store: store(user),
    quote,
  };
}

const sqlite: Server = {
  name: "sqlite",
  dialect: "sqlite",
  url: "file",
  place: async () =>
    placeOf(
      'kind: "sqlite", file: "s.db"',
      (user) => async (sql) => {
        const database = await openSqlite(join(user.root, "s.db"));
        try {
          if (!/^(SELECT|PRAGMA)/.test(sql)) {
            database.exec(sql);
            return [];
          }
          return database.prepare(sql).all();
        } finally {
          database.close();
        }
      },
      (user) => (options) => closing(sqliteStore({ file: join(user.root, "s.db"), cleanup: 0, ...options })),
      double,
    ),
};

async function postgres(driver: "pg" | "postgres"): Promise<Server> {
  const url = await serviceUrl("postgres");
  return {
    name: `postgres (${driver})`,
    dialect: "postgres",
    url,
    async place() {
      count += 1;
      const name = `migrate_${process.pid}_${count}`;
      const admin = new pg.Pool({ connectionString: url, max: 1 });
      await admin.query(`CREATE DATABASE ${name}`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      const pool = new pg.Pool({ connectionString: own.href, max: 2 });
      pool.on("error", () => {});
      onTestFinished(async () => {
        await pool.end();
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
        await admin.end();
      });
      return placeOf(
        `kind: "postgres", driver: "${driver}", url: "${own.href}"`,
        () => async (sql) => (await pool.query(sql)).rows,
        () => (options) => closing(postgresStore({ url: own.href, driver, cleanup: 0, ...options })),
        double,
      );
    },
  };
}

async function mysql(service: string): Promise<Server> {
  const url = await serviceUrl(service);
  return {
    name: service,
    dialect: "mysql",
    url,
    async place() {
      count += 1;
      const name = `migrate_${process.pid}_${count}`;
      const admin = await createConnection({ uri: url });
      await admin.query(`CREATE DATABASE ${name}`);
      await admin.query(`USE ${name}`);
      onTestFinished(async () => {
        await admin.query(`DROP DATABASE ${name}`);
        await admin.end();
      });
      const own = new URL(url);
      own.pathname = `/${name}`;
      return placeOf(
        `kind: "mysql", url: "${own.href}"`,
        () => async (sql) => {
          const [rows] = await admin.query(sql);
          return Array.isArray(rows) ? (rows as Rows) : [];
        },
        () => (options) => closing(mysqlStore({ url: own.href, ...options })),
        backtick,
      );
    },
  };
}

function closing(store: SessionStore): SessionStore {
  onTestFinished(() => store.close());
  return store;
}

/** Every database that migrations are for. */
export const servers: readonly Server[] = [
  sqlite,
  await postgres("pg"),
  await postgres("postgres"),
  await mysql("mariadb"),
  await mysql("mysql"),
];
