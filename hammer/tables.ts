import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DeleteTableCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { MongoClient } from "mongodb";
import { createPool } from "mysql2/promise";
import pg from "pg";
import { openSqlite } from "../runtime/src/stores/sqlite/driver.js";
import { dynamodbClient } from "../services/dynamodb.js";
import type { Target } from "./stores.js";

/** What a store needs besides its server. */
interface Table {
  make(target: Target): Promise<void>;
  drop?(target: Target): Promise<void>;
}

const mysql: Table = {
  make: ({ url, name }) =>
    inMysql(
      url,
      `CREATE TABLE ${name} (id VARBINARY(767) NOT NULL PRIMARY KEY, payload LONGBLOB NOT NULL, version BIGINT NOT NULL, expires_at BIGINT NOT NULL, by_label VARBINARY(255), INDEX (expires_at), INDEX (by_label)) ENGINE = InnoDB`,
    ),
  drop: ({ url, name }) => inMysql(url, `DROP TABLE ${name}`),
};

/** The stores that are not here make what they need, or let it expire, a day later. */
const tables: Readonly<Record<string, Table>> = {
  sqlite: {
    async make({ folder }) {
      const database = await openSqlite(join(folder, "sessions.db"));
      database.exec(
        "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_label TEXT)",
      );
      database.exec("CREATE INDEX sessions_by_label ON sessions (by_label)");
      database.close();
    },
  },
  mongodb: {
    make: ({ url, name }) =>
      inMongodb(url, (client) => client.db(name).collection("sessions").createIndex({ by_label: 1 })),
    drop: ({ url, name }) => inMongodb(url, (client) => client.db(name).dropDatabase()),
  },
  dynamodb: { make: makeDynamodbTable, drop: dropDynamodbTable },
  postgres: {
    make: ({ url, name }) =>
      inPostgres(
        url,
        `CREATE TABLE ${name} (id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL, by_label text); CREATE INDEX ON ${name} (by_label)`,
      ),
    drop: ({ url, name }) => inPostgres(url, `DROP TABLE ${name}`),
  },
  mysql,
  mariadb: mysql,
};

let runs = 0;

/** Makes a place for the sessions of one run, used by nobody else. */
export async function makePlace(store: string, url: string): Promise<Target> {
  runs += 1;
  const name = `hammer_${process.pid}_${Date.now()}_${runs}`;
  const target = { url, name, folder: await mkdtemp(join(tmpdir(), "sessgen-hammer-")) };
  await tables[store]?.make(target);
  return target;
}

/** Removes it again. */
export async function removePlace(store: string, target: Target): Promise<void> {
  await tables[store]?.drop?.(target);
  rmSync(target.folder, { recursive: true, force: true });
}

async function inMysql(url: string, sql: string): Promise<void> {
  const pool = createPool({ uri: url, connectionLimit: 1 });
  try {
    await pool.query(sql);
  } finally {
    await pool.end();
  }
}

async function inPostgres(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function inMongodb(url: string, use: (client: MongoClient) => Promise<unknown>): Promise<void> {
  const client = new MongoClient(url);
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

async function makeDynamodbTable({ url, name }: Target): Promise<void> {
  const client = dynamodbClient(url);
  const text = (attribute: string) => ({ AttributeName: attribute, AttributeType: "S" }) as const;
  const hash = (attribute: string) => [{ AttributeName: attribute, KeyType: "HASH" }] as const;
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [text("id"), text("by_label")],
        KeySchema: [...hash("id")],
        GlobalSecondaryIndexes: [
          {
            IndexName: "by_label",
            KeySchema: [...hash("by_label")],
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
        ],
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: name });
  } finally {
    client.destroy();
  }
}

async function dropDynamodbTable({ url, name }: Target): Promise<void> {
  const client = dynamodbClient(url);
  try {
    await client.send(new DeleteTableCommand({ TableName: name }));
  } finally {
    client.destroy();
  }
}
