import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Run, runIn } from "../../support/project.js";
import { driftFolder } from "./folder.js";

/** A project of which one table is kept by the accounts that are emitted for it. */
export interface AccountsProject {
  readonly root: string;
  /** An emitted file of the backend's. */
  emitted(path: string): string;
  /** Runs `sessgen` with the address of an account. */
  run(url: string, ...argv: string[]): Promise<Run>;
}

/** Emits everything for a table of that name. */
export async function accountsProject(kind: string, table: string): Promise<AccountsProject> {
  const root = await driftFolder(`{ kind: "${kind}", url: env("DATABASE_URL"), table: "${table}" }`);
  return {
    root,
    run: (url, ...argv) => runIn(root, argv, { env: { DATABASE_URL: url } }),
    emitted: (path) => readFileSync(join(root, "session-infra", kind, path), "utf8"),
  };
}

/** The same address for another account and database. */
export function addressOf(url: string, user: string, password: string, database: string): string {
  const address = new URL(url);
  address.username = user;
  address.password = password;
  address.pathname = `/${database}`;
  return address.href;
}
