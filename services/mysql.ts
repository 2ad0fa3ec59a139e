import { execFileSync } from "node:child_process";
import { startContainer } from "./container.js";
import { debianTesting, hasDebianTesting, inDebianTesting } from "./debian-testing.js";
import { has, isDebianAsRoot } from "./machine.js";
import {
  type Command,
  type MysqlServer,
  NOBODY,
  probe,
  type ServerOptions,
  startServer,
} from "./mysql-server.js";
import type { Recipe } from "./service.js";

/** Debian has MySQL in unstable only. */
const PACKAGE = "mysql-server-core";

/** MySQL 8.4 in a container, or 9 of Debian unstable, or whichever there is. */
export const mysql: Recipe = {
  name: "mysql",
  variable: "MYSQL_URL",
  probe,
  available: () => isOnThePath() || (isDebianAsRoot() && hasDebianTesting(PACKAGE)),
  start: () => startMysql(),
  startContainer: (engine) =>
    startContainer(engine, "docker.io/library/mysql:8.4", 3306, {
      env: { MYSQL_ALLOW_EMPTY_PASSWORD: "1", MYSQL_DATABASE: "test" },
      url: (port) => `mysql://root@127.0.0.1:${port}/test`,
      probe,
    }),
  install: async () => void (await debianTesting(PACKAGE)),
};

/** Starts a server of the program on the machine, or in the folder of Debian testing. */
export function startMysql(options?: ServerOptions): Promise<MysqlServer> {
  return startServer(
    {
      initialize: (data) => {
        const { program, args, uid } = command([
          "--no-defaults",
          "--initialize-insecure",
          `--datadir=${data}`,
        ]);
        execFileSync(program, args, { stdio: "pipe", ...(uid !== undefined && { uid }) });
      },
      server: (args) => command([...args, "--mysqlx=OFF", "--secure-file-priv=NULL"]),
    },
    options,
  );
}

function command(args: readonly string[]): Command {
  if (!isOnThePath()) return inDebianTesting("mysqld", args, "nobody");
  return { program: "mysqld", args, ...(process.getuid?.() === 0 && { uid: NOBODY }) };
}

/** MariaDB, too, comes with a `mysqld`. */
function isOnThePath(): boolean {
  return has("mysqld") && !execFileSync("mysqld", ["--version"], { encoding: "utf8" }).includes("MariaDB");
}
