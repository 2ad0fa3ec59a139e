import { chownSync, existsSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { eventually, freePort, type Program, startProgram, temporaryFolder } from "./machine.js";
import type { Running } from "./service.js";

/** A command, and the user it is to become where this process is root. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly uid?: number;
}

/** What differs between MySQL and MariaDB. */
export interface Flavor {
  /** Lays an empty database system into a folder. */
  initialize(data: string): void;
  /** The server with these arguments. */
  server(args: readonly string[]): Command;
}

/** A server of the tests' own. */
export type MysqlServer = Running & Program & { readonly port: number };

/** How a server is started. */
export interface ServerOptions {
  readonly args?: readonly string[];
  /** The folder and port of a server that was killed, to start it again. */
  readonly again?: { readonly folder: string; readonly port: number };
}

/** Both servers refuse to run as root. */
export const NOBODY = 65534;

/** Starts a server with an empty database `test`, and a root without a password. */
export async function startServer(
  flavor: Flavor,
  { args = [], again }: ServerOptions = {},
): Promise<MysqlServer> {
  const folder = again?.folder ?? temporaryFolder();
  const port = again?.port ?? (await freePort());
  const data = join(folder, "data");
  if (!existsSync(data)) {
    if (process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY);
    flavor.initialize(data);
  }
  const command = flavor.server([
    "--no-defaults",
    ...[`--datadir=${data}`, `--socket=${join(folder, "socket")}`, `--pid-file=${join(folder, "pid")}`],
    ...[`--port=${port}`, "--bind-address=127.0.0.1"],
    ...["--skip-log-bin", "--performance-schema=OFF", "--innodb-buffer-pool-size=32M"],
    ...args,
  ]);
  const program = startProgram(command.program, () => command.args, {
    folder,
    ...(command.uid !== undefined && { uid: command.uid }),
  });
  const address = `mysql://root@127.0.0.1:${port}`;
  try {
    const version = await Promise.race([probe(address), program.failed]);
    await query(address, "CREATE DATABASE IF NOT EXISTS test");
    return { ...program, port, url: `${address}/test`, version };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** Waits until the server answers, and says its version. */
export async function probe(url: string): Promise<string> {
  const rows = await eventually(() => query(url, "SELECT VERSION()"));
  return /^[\d.]+/.exec(String(rows[0]?.[0]))?.[0] ?? "unknown";
}

async function query(url: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const connection = await createConnection({ uri: url, rowsAsArray: true });
  try {
    const [rows] = await connection.query(sql);
    return rows as unknown[][];
  } finally {
    await connection.end();
  }
}
