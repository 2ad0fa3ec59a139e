import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "@sessgen/runtime/sqlite-driver";
import { afterAll, beforeAll } from "vitest";
import { createApp, type ExpressModule } from "../src/app.js";
import { sessions } from "../src/session/index.js";

const migrations = new URL("../session-infra/sqlite/", import.meta.url);

/**
 * Has a test file run in a folder with an empty, migrated database: the example keeps its sessions
 * in `.data/` of where it runs.
 */
export function inFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-express-"));
  const here = process.cwd();
  beforeAll(async () => {
    process.chdir(folder);
    mkdirSync(".data");
    const database = await openSqlite(".data/sessions.db");
    for (const entry of readdirSync(migrations, { withFileTypes: true }).sort(byName)) {
      if (entry.isDirectory())
        database.exec(readFileSync(new URL(`${entry.name}/up.sql`, migrations), "utf8"));
    }
    database.close();
  });
  afterAll(async () => {
    await sessions.close();
    process.chdir(here);
    rmSync(folder, { recursive: true, force: true });
  });
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}

/** Serves the example; gives back its origin, and what ends it. */
export async function serve(express: ExpressModule): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createApp(express).listen(0, "localhost");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
