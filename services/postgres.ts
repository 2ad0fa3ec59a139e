import { execFileSync } from "node:child_process";
import { chownSync, readdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startContainer } from "./container.js";
import {
  eventually,
  freePort,
  has,
  installPackages,
  type Program,
  startProgram,
  temporaryFolder,
} from "./machine.js";
import type { Recipe, Running } from "./service.js";

/** The user that PostgreSQL runs as, since it refuses to run as root. */
export const NOBODY = 65534;

/** PostgreSQL 15 of Debian's, or whichever there is. */
export const postgres: Recipe = {
  name: "postgres",
  variable: "POSTGRES_URL",
  probe,
  available: () => programs() !== undefined,
  start,
  startContainer: (engine) =>
    startContainer(engine, "docker.io/library/postgres:18-alpine", 5432, {
      env: { POSTGRES_HOST_AUTH_METHOD: "trust" },
      url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
      probe,
    }),
  install: () => installPackages("postgresql"),
};

/**
 * Starts a server.
 * @param folder - one that {@link initialize} made, to start the same server again
 */
export async function start(
  folder?: string,
  port?: number,
): Promise<Running & Program & { readonly port: number }> {
  // After a kill, processes of the old server may hold its memory for a moment longer.
  if (folder !== undefined) return eventually(() => startIn(folder, port, (program) => program.kill()));
  return startIn(initialize(), port, (program) => program.stop());
}

async function startIn(
  folder: string,
  port: number | undefined,
  giveUp: (program: Program) => Promise<void>,
): Promise<Running & Program & { readonly port: number }> {
  const chosen = port ?? (await freePort());
  const program = startProgram(
    join(programs() ?? "", "postgres"),
    () => ["-D", join(folder, "data"), "-p", String(chosen), "-h", "127.0.0.1", "-k", folder],
    { folder, ...asNobody() },
  );
  const url = `postgres://postgres@127.0.0.1:${chosen}/postgres`;
  try {
    return { ...program, port: chosen, url, version: await Promise.race([probe(url), program.failed]) };
  } catch (error) {
    await giveUp(program);
    throw error;
  }
}

/** A temporary folder with an empty database cluster in it. */
function initialize(): string {
  const folder = temporaryFolder();
  if (process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY);
  const options = ["-D", join(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"];
  execFileSync(join(programs() ?? "", "initdb"), options, { stdio: "pipe", cwd: folder, ...asNobody() });
  return folder;
}

function asNobody(): { uid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY } : {};
}

/** The folder of the server's programs; Debian does not put them on the PATH. */
function programs(): string | undefined {
  if (has("postgres") && has("initdb"))
    return execFileSync("sh", ["-c", "dirname $(readlink -f $(command -v initdb))"], {
      encoding: "utf8",
    }).trim();
  const root = "/usr/lib/postgresql";
  try {
    const [latest] = readdirSync(root).sort((one, other) => Number(other) - Number(one));
    return latest === undefined ? undefined : join(root, latest, "bin");
  } catch {
    return undefined;
  }
}

async function probe(url: string): Promise<string> {
  return eventually(async () => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    try {
      const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
      return rows[0]?.server_version.split(" ")[0] ?? "unknown";
    } finally {
      await client.end();
    }
  });
}
