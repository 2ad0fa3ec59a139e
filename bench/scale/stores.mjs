// What is measured: for each store its backend in the config, and, by means of the backend's own,
// how many sessions are put there at once, and how the keys of a value are listed, in pages, which
// is the least that a lookup could cost.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const INDEX = "by_user_id";

/** How many records one statement inserts. */
const ROWS = 1000;

/** How many keys are listed at a time: as many sessions as the stores' lookups read. */
const PAGE = 400;

const sql = (kind) => ({ kind, cleanup: 0 });

/** By the names that `--stores` takes; `isListed`: whether commands can go through the sessions. */
export const stores = {
  memory: {
    isListed: false,
    backend: () => ({ kind: "memory", maxEntries: 5_000_000, maxBytes: 8 * 2 ** 30 }),
  },

  sqlite: {
    backend: ({ folder }) => ({ ...sql("sqlite"), file: join(folder, "sessions.db") }),
    async use({ folder }) {
      const { openSqlite } = await import("@sessgen/runtime/sqlite-driver");
      const database = await openSqlite(join(folder, "sessions.db"));
      database.exec("PRAGMA busy_timeout = 10000");
      const find = database.prepare(
        `SELECT id FROM sessions WHERE ${INDEX} = ? AND id > ? ORDER BY id LIMIT ${PAGE}`,
      );
      const insert = database.prepare(
        `INSERT INTO sessions (id, payload, version, expires_at, ${INDEX}) VALUES (?, ?, ?, ?, ?)`,
      );
      return {
        async put(rows) {
          database.exec("BEGIN IMMEDIATE");
          for (const { key, payload, expiresAt, user } of rows)
            insert.run(key, payload, draw(), expiresAt, user);
          database.exec("COMMIT");
        },
        keys: (user) => inPages("", async (after) => find.all(user, after).map(({ id }) => id)),
        close: () => database.close(),
      };
    },
  },

  postgres: {
    service: "postgres",
    backend: ({ url }) => ({ ...sql("postgres"), url }),
    async use({ url }) {
      const { default: pg } = await import("pg");
      const client = new pg.Client(url);
      await client.connect();
      const holder = new pg.Client(url);
      await holder.connect();
      return {
        put: (rows) =>
          client.query(
            `INSERT INTO sessions (id, payload, version, expires_at, ${INDEX}) SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::text[])`,
            [
              rows.map(({ key }) => key),
              rows.map(({ payload }) => Buffer.from(payload)),
              rows.map(draw),
              rows.map(({ expiresAt }) => expiresAt),
              rows.map(({ user }) => user),
            ],
          ),
        settle: () => client.query("VACUUM ANALYZE sessions"),
        keys: (user) =>
          inPages("", async (after) => {
            const text = `SELECT id FROM sessions WHERE ${INDEX} = $1 AND id > $2 ORDER BY id LIMIT ${PAGE}`;
            const { rows } = await client.query({ name: "keys", text, values: [user, after] });
            return rows.map(({ id }) => id);
          }),
        /** Takes a snapshot, as a report or a dump does: what is deleted meanwhile stays. */
        async hold() {
          await holder.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
          await holder.query("SELECT 1 FROM sessions LIMIT 1");
          return () => holder.query("COMMIT");
        },
        close: () => Promise.all([client.end(), holder.end()]),
      };
    },
  },

  mariadb: mysql("mariadb"),
  mysql: mysql("mysql"),

  redis: redis("redis"),
  valkey: redis("valkey"),

  mongodb: {
    service: "mongodb",
    backend: ({ url }) => ({ kind: "mongodb", url, database: "scale" }),
    async use({ url }) {
      const { MongoClient } = await import("mongodb");
      const client = new MongoClient(url);
      const collection = client.db("scale").collection("sessions");
      return {
        put: (rows) =>
          collection.insertMany(
            rows.map(({ key, payload, expiresAt, user }) => ({
              _id: key,
              payload: Buffer.from(payload),
              version: draw().toString(16).padStart(16, "0"),
              expiresAt: new Date(expiresAt),
              [INDEX]: user,
            })),
          ),
        keys: async (user) =>
          (await collection.find({ [INDEX]: user }, { projection: { _id: 1 }, batchSize: PAGE }).toArray())
            .length,
        close: () => client.close(),
      };
    },
  },

  dynamodb: {
    service: "dynamodb",
    backend: ({ url }) => ({ kind: "dynamodb", endpoint: url, region: "eu-west-1" }),
    async use({ url, tag }) {
      const { QueryCommand } = await import("@aws-sdk/client-dynamodb");
      const { dynamodbClient } = await import("../../services/dynamodb.ts");
      const client = dynamodbClient(url);
      return {
        async keys(user) {
          let count = 0;
          let from;
          do {
            const page = await client.send(
              new QueryCommand({
                TableName: "sessions",
                IndexName: INDEX,
                KeyConditionExpression: "#by = :value",
                ProjectionExpression: "id",
                ExpressionAttributeNames: { "#by": INDEX },
                ExpressionAttributeValues: { ":value": { S: `${tag}.=${user}` } },
                ExclusiveStartKey: from,
                Limit: PAGE,
              }),
            );
            count += page.Items.length;
            from = page.LastEvaluatedKey;
          } while (from !== undefined);
          return count;
        },
        close: () => client.destroy(),
      };
    },
  },

  lmdb: {
    isListed: false,
    backend: ({ folder }) => ({ kind: "lmdb", path: join(folder, "sessions") }),
  },

  file: {
    isListed: false,
    backend: ({ folder }) => ({ kind: "file", directory: join(folder, "sessions") }),
    async use({ folder, tag }) {
      const { createHash } = await import("node:crypto");
      return {
        async keys(user) {
          const name = createHash("sha256").update(`${tag}.user_id:${user}`).digest("hex");
          const hints = join(folder, "sessions/by", name);
          const files = await readdir(hints);
          for (let at = 0; at < files.length; at += 100)
            await Promise.all(files.slice(at, at + 100).map((file) => readFile(join(hints, file), "utf8")));
          return files.length;
        },
        close() {},
      };
    },
  },
};

function mysql(service) {
  return {
    service,
    backend: ({ url }) => ({ ...sql("mysql"), url }),
    async use({ url }) {
      const { createPool } = await import("mysql2/promise");
      const pool = createPool({ uri: url, connectionLimit: 2 });
      // The tests' own servers have a quarter of it, and would read most sessions from the disk.
      const [[{ size }]] = await pool.query("SELECT @@innodb_buffer_pool_size AS size");
      if (size < 2 ** 30) await pool.query(`SET GLOBAL innodb_buffer_pool_size = ${2 ** 30}`);
      return {
        put: (rows) =>
          pool.query(`INSERT INTO sessions (id, payload, version, expires_at, ${INDEX}) VALUES ?`, [
            rows.map(({ key, payload, expiresAt, user }) => [
              Buffer.from(key),
              Buffer.from(payload),
              draw(),
              expiresAt,
              Buffer.from(user),
            ]),
          ]),
        settle: () => pool.query("ANALYZE TABLE sessions"),
        keys: (user) =>
          inPages(Buffer.alloc(0), async (after) => {
            const text = `SELECT id FROM sessions WHERE ${INDEX} = ? AND id > ? ORDER BY id LIMIT ${PAGE}`;
            const [rows] = await pool.execute(text, [Buffer.from(user), after]);
            return rows.map(({ id }) => id);
          }),
        async hold() {
          const connection = await pool.getConnection();
          await connection.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
          return async () => {
            await connection.query("COMMIT");
            connection.release();
          };
        },
        close: () => pool.end(),
      };
    },
  };
}

function redis(service) {
  return {
    service,
    backend: ({ url }) => ({ kind: "redis", url, prefix: "scale:" }),
    async use({ url, tag }) {
      const { Redis } = await import("ioredis");
      const client = new Redis(url);
      return {
        async keys(user) {
          for (let count = 0; ; ) {
            const page = await client.zrange(`scale:${tag}.by:user_id:${user}`, count, count + PAGE - 1);
            count += page.length;
            if (page.length < PAGE) return count;
          }
        },
        close: () => client.disconnect(),
      };
    },
  };
}

/** Counts keys, a page behind the last one of the page before. */
async function inPages(first, pageBehind) {
  for (let [count, after] = [0, first]; ; ) {
    const page = await pageBehind(after);
    count += page.length;
    if (page.length < PAGE) return count;
    after = page.at(-1);
  }
}

/** A version, as the stores draw them. */
function draw() {
  return Math.floor(Math.random() * 2 ** 52);
}

/** Puts sessions there, by statements of many rows or through the store. */
export async function fill(store, { put }, rows, budget) {
  const end = performance.now() + budget;
  let count = 0;
  const batch = [];
  const flush = async () => {
    if (put !== undefined) await put(batch);
    else
      await Promise.all(
        batch.map(({ key, payload, expiresAt, user }) =>
          store.write(key, payload, { expect: "any", expiresAt, index: { user_id: user } }),
        ),
      );
    count += batch.length;
    batch.length = 0;
  };
  for (const row of rows) {
    batch.push(row);
    if (batch.length < (put === undefined ? 200 : ROWS)) continue;
    await flush();
    if (performance.now() > end) return count;
  }
  if (batch.length > 0) await flush();
  return count;
}
