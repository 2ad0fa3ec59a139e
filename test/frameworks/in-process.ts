import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "@sessgen/runtime/sqlite-driver";
import type { Running } from "./host.js";

/** An application that runs in the test's own process. */
export interface Served {
  readonly server: Server;
  /** Its HTTP/2 server, without TLS. */
  readonly http2?: Server;
  /** Closes the sessions, and what else is open. */
  close(): Promise<unknown>;
}

/**
 * Starts an application in a folder with an empty, migrated database: examples keep their sessions in `.data/` of where they run.
 * @param example - the URL of a file in the example's `test/`
 */
export async function inProcess(example: string, serve: () => Served | Promise<Served>): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-example-"));
  const here = process.cwd();
  process.chdir(folder);
  await migrate(new URL("../session-infra/sqlite/", example));
  const { server, http2, close } = await serve();
  return {
    origin: await listen(server),
    ...(http2 && { http2: await listen(http2) }),
    database: join(folder, ".data/sessions.db"),
    close: async () => {
      for (const open of [server, http2]) await end(open);
      await close();
      process.chdir(here);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes the database that an example's config names, in the current folder. */
async function migrate(migrations: URL): Promise<void> {
  mkdirSync(".data");
  const database = await openSqlite(".data/sessions.db");
  for (const name of readdirSync(migrations).sort())
    database.exec(readFileSync(new URL(`${name}/up.sql`, migrations), "utf8"));
  database.close();
}

async function listen(server: Server): Promise<string> {
  if (!server.listening) await once(server.listen(0, "localhost"), "listening");
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function end(server: Server | undefined): Promise<void> {
  if (!server?.listening) return;
  if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
  await new Promise((resolve) => server.close(resolve));
}
