import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { startContainer } from "./container.js";
import { type Ferretdb, type FerretdbOptions, installFerretdb, startFerretdb } from "./ferretdb.js";
import { freePort, has, startProgram, temporaryFolder } from "./machine.js";
import type { Recipe, Running } from "./service.js";

const user = { name: "sessgen", password: "for-tests-only" };

/** MongoDB 8, or FerretDB where that is not to be had: the version says which. */
export const mongodb: Recipe = {
  name: "mongodb",
  variable: "MONGODB_URL",
  probe,
  available: () => has("mongod"),
  start,
  startContainer: (engine) =>
    startContainer(engine, "docker.io/library/mongo:8", 27017, {
      env: { MONGO_INITDB_ROOT_USERNAME: user.name, MONGO_INITDB_ROOT_PASSWORD: user.password },
      url,
      probe,
    }),
  install: installFerretdb,
};

/** A server that was started as a program. */
export interface RunningProgram extends Running {
  /** Kills it without warning, and starts it again on the same data and port. */
  restart(): Promise<void>;
}

async function start(): Promise<RunningProgram> {
  return has("mongod") ? running(startMongod) : startOnFerretdb();
}

/**
 * A FerretDB even where there is a MongoDB. Settings hold from the first restart on; for tests of a
 * read-only one.
 */
export function startOnFerretdb({
  settings = [],
  ...options
}: FerretdbOptions = {}): Promise<RunningProgram> {
  let starts = 0;
  return running((folder, port) => {
    starts += 1;
    return startFerretdb(folder, port, user, { ...options, settings: starts > 1 ? settings : [] });
  });
}

type Start = (folder: string, port: number) => Promise<Ferretdb>;

async function running(startServer: Start): Promise<RunningProgram> {
  const folder = temporaryFolder();
  const port = await freePort();
  const address = url(port);
  let server = await startServer(folder, port);
  const stop = async (): Promise<void> => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return {
      url: address,
      version: await Promise.race([probe(address), server.failed]),
      freeze: () => server.freeze(),
      thaw: () => server.thaw(),
      restart: async () => {
        await server.kill();
        server = await startServer(folder, port);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startMongod(folder: string, port: number): Promise<Ferretdb> {
  const data = join(folder, "data");
  const created = mkdirSync(data, { recursive: true }) !== undefined;
  const options = ["--dbpath", data, "--port", String(port), "--bind_ip", "127.0.0.1", "--auth"];
  const program = startProgram("mongod", () => options);
  if (created) {
    // As long as there is nobody, whoever comes from the machine itself may create the first user.
    const createUser = { createUser: user.name, pwd: user.password, roles: ["root"] };
    await Promise.race([command(`mongodb://127.0.0.1:${port}`, createUser), program.failed]);
  }
  return { failed: program.failed, freeze: program.freeze, thaw: program.thaw, kill: program.stop };
}

function url(port: number): string {
  return `mongodb://${user.name}:${user.password}@127.0.0.1:${port}/`;
}

/** Waits until the server answers, at most a minute. */
async function probe(address: string): Promise<string> {
  const information = await command(address, { buildInfo: 1 });
  const { version, ferretdb } = information as { version?: string; ferretdb?: { version?: string } };
  return ferretdb === undefined ? `MongoDB ${version}` : `FerretDB ${ferretdb.version?.replace(/^v/, "")}`;
}

async function command(address: string, document: Record<string, unknown>): Promise<unknown> {
  const client = new MongoClient(address, { serverSelectionTimeoutMS: 60_000 });
  try {
    return await client.db("admin").command(document);
  } finally {
    await client.close();
  }
}
