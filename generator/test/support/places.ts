import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import type { SessionStore } from "@sessgen/runtime";
import { dynamodbStore } from "@sessgen/runtime/stores/dynamodb";
import { mongodbStore } from "@sessgen/runtime/stores/mongodb";
import { redisStore } from "@sessgen/runtime/stores/redis";
import { MongoClient } from "mongodb";
import { onTestFinished } from "vitest";
import { serviceUrl } from "../../../services/client.js";
import { dynamodbClient } from "../../../services/dynamodb.js";
import { servers } from "../backends/sql/servers.js";
import { config, type Project, project, runIn } from "./project.js";

/** A user's project with sessions of its own on a backend. */
export interface Place {
  readonly user: Project;
  /** Writes the config: a schema, and more options behind the backend. */
  configure(schema: string, rest: string): void;
  open(): SessionStore;
  /** What the config takes out of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A backend on which sessions are found by a field. */
export interface Backend {
  readonly name: string;
  /** Empty where there is no server. */
  readonly url: string;
  place(): Promise<Place>;
}

let places = 0;

function placeWith(backend: string, open: Place["open"], env: Place["env"] = {}): Place {
  const made = project();
  const user = { ...made, run: (...argv: string[]) => runIn(made.root, argv, { env }) };
  const configure = (schema: string, rest: string): void =>
    user.write({ "session.config.ts": config(schema, `backend: ${backend}${rest}`) });
  return { user, configure, open, env };
}

const others: readonly { name: string; url: string; place(url: string): Promise<Place> }[] = [
  {
    name: "redis",
    url: await serviceUrl("redis"),
    async place(url) {
      const prefix = `encrypted:${process.pid}:${places}:`;
      return placeWith(`{ kind: "redis", url: "${url}", prefix: "${prefix}" }`, () =>
        redisStore({ url, prefix }),
      );
    },
  },
  {
    name: "mongodb",
    url: await serviceUrl("mongodb"),
    async place(url) {
      const database = `encrypted_${process.pid}_${places}`;
      onTestFinished(async () => {
        const client = new MongoClient(url);
        await client.db(database).dropDatabase();
        await client.close();
      });
      const options = { url, database, prefix: "app:" };
      // Its address may have a password.
      return placeWith(
        `{ kind: "mongodb", url: env("MONGODB_OF_TEST"), database: "${database}", prefix: "app:" }`,
        () => mongodbStore(options),
        { MONGODB_OF_TEST: url },
      );
    },
  },
  {
    name: "dynamodb",
    url: await serviceUrl("dynamodb"),
    async place(endpoint) {
      const table = `encrypted_${process.pid}_${places}`;
      const client = dynamodbClient(endpoint);
      onTestFinished(async () => {
        await client.send(new DeleteTableCommand({ TableName: table })).catch(() => {});
        client.destroy();
      });
      return placeWith(
        `{ kind: "dynamodb", endpoint: "${endpoint}", table: "${table}", prefix: "app:" }`,
        () => dynamodbStore({ client, table, prefix: "app:" }),
      );
    },
  },
];

/** Every backend on which sessions are found by a field, and `sessgen migrate` fills indexes in. */
export const backends: readonly Backend[] = [
  ...servers
    .filter(({ name }) => name !== "postgres (postgres)")
    .map(({ name, url, place }) => ({
      name,
      url,
      async place(): Promise<Place> {
        const { user, configure, store } = await place();
        return {
          user,
          configure: (schema, rest) => configure(schema, "", rest),
          open: () => store(),
          env: {},
        };
      },
    })),
  ...others.map(({ name, url, place }) => ({
    name,
    url,
    place: () => {
      places += 1;
      return place(url);
    },
  })),
];
