import { execFileSync } from "node:child_process";
import { startContainer } from "./container.js";
import { has, installPackages } from "./machine.js";
import { type MysqlServer, NOBODY, probe, type ServerOptions, startServer } from "./mysql-server.js";
import type { Recipe } from "./service.js";

/** MariaDB 10.11 of Debian's, or whichever there is. */
export const mariadb: Recipe = {
  name: "mariadb",
  variable: "MARIADB_URL",
  probe,
  available: () => has("mariadbd") && has("mariadb-install-db"),
  start: () => startMariadb(),
  startContainer: (engine) =>
    startContainer(engine, "docker.io/library/mariadb:11", 3306, {
      env: { MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: "1", MARIADB_DATABASE: "test" },
      url: (port) => `mysql://root@127.0.0.1:${port}/test`,
      probe,
    }),
  install: () => installPackages("mariadb-server"),
};

/** Starts a server of the program on the machine. */
export function startMariadb(options?: ServerOptions): Promise<MysqlServer> {
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY } : {};
  return startServer(
    {
      initialize: (data) => {
        const options = ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal"];
        execFileSync("mariadb-install-db", [...options, "--skip-test-db", "--skip-name-resolve"], {
          stdio: "pipe",
          ...asNobody,
        });
      },
      server: (args) => ({ program: "mariadbd", args, ...asNobody }),
    },
    options,
  );
}
