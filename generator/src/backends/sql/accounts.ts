import type { Artifact } from "../../output/artifact.js";
import type { Dialect } from "./dialect.js";
import { slug } from "./drafts.js";
import type { LayoutContext } from "./layouts/layout.js";
import { LEDGER } from "./ledger.js";
import { REFILLS } from "./refill.js";
import type { Table } from "./snapshot.js";

/** What the accounts are made for. */
export interface AccountsRequest {
  readonly dialect: Dialect;
  readonly tables: readonly Table[];
  /** Where the ledger is; nothing when another tool keeps account of migrations. */
  readonly ledger?: Pick<Table, "schema">;
}

/**
 * Emits an account for the application and one for migrations, as roles are emitted for Redis,
 * MongoDB and DynamoDB: who they are, and, once the tables are there, what they may do with them.
 */
export async function emitAccounts(
  { dialect, tables, ledger }: AccountsRequest,
  { folder, render }: Pick<LayoutContext, "folder" | "render">,
): Promise<Artifact[]> {
  const { quote } = dialect;
  const path = ({ schema, name }: Pick<Table, "schema" | "name">): string =>
    schema === undefined ? quote(name) : `${quote(schema)}.${quote(name)}`;
  // MySQL's names of users have at most 32 characters.
  const stem = slug(tables[0]?.name ?? "sessions").slice(0, 20);
  const data = {
    application: `${stem}_app`,
    migrations: `${stem}_migrate`,
    tables: tables.map(path),
    schemas: [...new Set(tables.map(({ schema = "public" }) => schema))].map(quote),
    makesSchemas: tables.some(({ schema }) => schema !== undefined),
    ledger: ledger && path({ ...ledger, name: LEDGER }),
    refills: path({ ...ledger, name: REFILLS }),
  };
  return Promise.all(
    ["roles.sql", "grants.sql"].map(async (file) => ({
      path: `${folder}/${file}`,
      content: await render(`sql/${dialect.name}/${file}.hbs`, data),
      kind: "owned" as const,
    })),
  );
}
