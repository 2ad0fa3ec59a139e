import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { debianTesting, inDebianTesting } from "./debian-testing.js";
import {
  cacheFolder,
  eventually,
  freePort,
  has,
  type Program,
  startProgram,
  temporaryFolder,
} from "./machine.js";
import { NOBODY } from "./postgres.js";
import { run } from "./run.js";

const version = "2.7.0";
const packages = ["postgresql-18", "postgresql-18-documentdb", "postgresql-18-cron"];
const postgresPrograms = "/usr/lib/postgresql/18/bin";

/**
 * Brings FerretDB, which speaks MongoDB's protocol, and the PostgreSQL with DocumentDB that it
 * works on.
 */
export async function installFerretdb(): Promise<void> {
  await Promise.all([debianTesting(...packages), existsSync(ferretdb()) || build()]);
}

/**
 * Builds FerretDB, which is published as source only, with the Go of the machine or of Debian
 * testing.
 */
async function build(): Promise<void> {
  if (!has("go")) await debianTesting("golang-go");
  const install = ["install", `github.com/FerretDB/FerretDB/v2/cmd/ferretdb@v${version}`];
  const go = has("go") ? { program: "go", args: install } : inDebianTesting("go", install);
  const folder = temporaryFolder();
  try {
    const env = { ...process.env, GOBIN: folder, CGO_ENABLED: "0" };
    await run(go.program, go.args, { env });
    // Copied beside its place and then moved there, so that nobody runs half a program.
    const copy = `${ferretdb()}.${process.pid}`;
    copyFileSync(join(folder, "ferretdb"), copy);
    renameSync(copy, ferretdb());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the PostgreSQL below is given. */
export interface FerretdbOptions {
  /** `name=value` */
  readonly settings?: readonly string[];
  /** A folder for what is in the collections; otherwise it is with everything else. */
  readonly documents?: string;
}

/** A FerretDB and its PostgreSQL. */
export interface Ferretdb extends Pick<Program, "failed" | "freeze" | "thaw"> {
  /** Kills both; the data stay. */
  kill(): Promise<void>;
}

/** Starts FerretDB on the data in a folder, which may be empty. */
export async function startFerretdb(
  folder: string,
  port: number,
  user: { readonly name: string; readonly password: string },
  { settings = [], documents }: FerretdbOptions = {},
): Promise<Ferretdb> {
  const data = join(folder, "postgres");
  const created = !existsSync(data);
  if (created) await createCluster(folder, data, user);
  const postgresPort = await freePort();
  const postgres = startPostgres(data, postgresPort, settings);
  const kill = async (): Promise<void> => {
    // Without its main process the others of a PostgreSQL would linger; "immediate" is as good as
    // killing them all.
    await runPostgres("pg_ctl", "stop", "-D", data, "-m", "immediate").catch(() => {});
    await postgres.stop();
  };
  try {
    const connection = ["-h", "127.0.0.1", "-p", String(postgresPort), "-U", user.name, "-d", "postgres"];
    const commands = created ? setup(documents) : ["select 1"];
    const ready = eventually(() =>
      runPostgres("psql", ...connection, ...commands.flatMap((text) => ["-c", text])),
    );
    await Promise.race([ready, postgres.failed]);
    const address = `postgres://${user.name}@127.0.0.1:${postgresPort}/postgres`;
    const server = startProgram(ferretdb(), (state) => [
      ...[`--postgresql-url=${address}`, `--listen-addr=127.0.0.1:${port}`, "--debug-addr=-"],
      ...[`--state-dir=${state}`, "--telemetry=disable", "--log-level=error"],
    ]);
    return {
      failed: server.failed,
      freeze: server.freeze,
      thaw: server.thaw,
      kill: () => server.stop().then(kill),
    };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Statements, which may be begun anew where they failed in the middle. */
function setup(documents: string | undefined): readonly string[] {
  const extension = "create extension if not exists documentdb cascade";
  if (documents === undefined) return [extension];
  // DocumentDB has a table for each collection, and does not say where.
  const space = `create tablespace documents location '${documents}'`;
  return [extension, space, "alter database postgres set default_tablespace = documents"];
}

async function createCluster(
  folder: string,
  data: string,
  user: { readonly name: string; readonly password: string },
): Promise<void> {
  // PostgreSQL does not run as root, and must reach its folder.
  chmodSync(folder, 0o755);
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, user.password);
  for (const path of [data, passwordFile]) chownSync(path, NOBODY, NOBODY);
  const options = ["-D", data, "-U", user.name, `--pwfile=${passwordFile}`, "--auth=trust", "--no-sync"];
  await runPostgres("initdb", ...options, "--locale=C.UTF-8", "--encoding=UTF8");
}

function startPostgres(data: string, port: number, more: readonly string[]): Program {
  const settings = [
    "shared_preload_libraries=pg_cron,pg_documentdb_core,pg_documentdb",
    "cron.database_name=postgres",
    "documentdb.enableSchemaValidation=true",
    "documentdb.enableBypassDocumentValidation=true",
    "documentdb.enableUserCrud=true",
    "documentdb.maxUserLimit=100",
    "unix_socket_directories=",
    "fsync=off",
    ...more,
  ];
  const options = [
    "-D",
    data,
    "-p",
    String(port),
    "-h",
    "127.0.0.1",
    ...settings.flatMap((setting) => ["-c", setting]),
  ];
  const { program, args } = inDebianTesting(join(postgresPrograms, "postgres"), options, "nobody");
  return startProgram(program, () => args);
}

async function runPostgres(name: string, ...options: readonly string[]): Promise<void> {
  const { program, args } = inDebianTesting(join(postgresPrograms, name), options, "nobody");
  await run(program, args);
}

function ferretdb(): string {
  return join(cacheFolder(`ferretdb-${version}`), "ferretdb");
}
