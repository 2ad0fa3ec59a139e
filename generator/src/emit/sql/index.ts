import { join } from "node:path";
import type { Artifact } from "../../artifact.js";
import { backend } from "../../backends/index.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import { render } from "../../render.js";
import type { Dialect } from "./dialect.js";
import { checkHistory, type History, type Migration } from "./history.js";
import { printSnapshot, type Snapshot, snapshotHash, type Table, wantedTables } from "./snapshot.js";
import { sqlite } from "./sqlite/index.js";

/** Every dialect. To add one: its folder, and a line here. */
export const dialects: readonly Dialect[] = [sqlite];

/** Where the migrations of a dialect are, relative to the config. */
export function migrationsFolder(config: ResolvedConfig, dialect: string): string {
  return `${config.infrastructure}/${dialect}`;
}

/**
 * Emits the migration from what the last one left to what the config asks for: nothing when that is the same. Compares with
 * the last snapshot and never looks at a database.
 *
 * @throws SessgenError `migrate/branched`, `migrate/broken-history`
 */
export async function emitSql(config: ResolvedConfig, history: History): Promise<Artifact[]> {
  const emitted = await Promise.all(
    dialects.map((dialect) => emitDialect(config, dialect, history.get(dialect.name) ?? [])),
  );
  return emitted.flat();
}

async function emitDialect(
  config: ResolvedConfig,
  dialect: Dialect,
  migrations: readonly Migration[],
): Promise<Artifact[]> {
  const folder = migrationsFolder(config, dialect.name);
  checkHistory(migrations, folder);
  const kinds = new Set(Object.values(config.backends).map(({ kind }) => kind));
  const tables = [...kinds]
    .filter((kind) => backend(kind).migrations === dialect.name)
    .flatMap((kind) => wantedTables(config, kind, dialect.table));
  const last = migrations.at(-1)?.snapshot;
  if (tables.length === 0 || JSON.stringify(tables) === JSON.stringify(last?.tables)) return [];
  const snapshot: Snapshot = {
    dialect: dialect.name,
    parent: last === undefined ? null : snapshotHash(last),
    tables,
  };
  const difference = differenceOf(dialect, last?.tables ?? [], tables);
  const number = String(migrations.length + 1).padStart(4, "0");
  const verb = difference.create.length > 0 ? "create" : difference.rename.length > 0 ? "rename" : "change";
  const name = `${number}_${verb}_${slug(tables[0]?.name ?? "")}`;
  const options = {
    root: config.root,
    ...(config.templates === undefined ? {} : { overrides: join(config.root, config.templates) }),
  };
  const [up, down] = await Promise.all(
    ["up", "down"].map((direction) =>
      render(`sql/${dialect.name}/${direction}.sql.hbs`, { name, ...difference }, options),
    ),
  );
  return [
    { path: `${folder}/${name}/up.sql`, content: up ?? "", kind: "once" },
    { path: `${folder}/${name}/down.sql`, content: down ?? "", kind: "once" },
    { path: `${folder}/${name}/snapshot.json`, content: printSnapshot(snapshot), kind: "once" },
  ];
}

/** What the templates get; all names are quoted. */
interface Difference {
  readonly create: readonly TableText[];
  readonly rename: readonly { readonly from: TableText; readonly to: TableText }[];
  /** Tables that stay, and whose indexes do not. */
  readonly change: readonly { readonly name: string; readonly add: Indexes; readonly drop: Indexes }[];
  readonly unused: readonly string[];
}

type Indexes = TableText["indexes"];

interface TableText {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly definition: string; readonly last: boolean }[];
  readonly indexes: readonly { readonly name: string; readonly columns: string }[];
}

/** One table gone and one new is a renamed one: its sessions are kept. */
function differenceOf(dialect: Dialect, before: readonly Table[], after: readonly Table[]): Difference {
  const names = (tables: readonly Table[]): Set<string> => new Set(tables.map(({ name }) => name));
  const added = after.filter(({ name }) => !names(before).has(name));
  const gone = before.filter(({ name }) => !names(after).has(name));
  const text = (table: Table): TableText => tableText(dialect, table);
  const [from, to] = [gone[0], added[0]];
  if (gone.length === 1 && added.length === 1 && from !== undefined && to !== undefined) {
    return { create: [], rename: [{ from: text(from), to: text(to) }], change: [], unused: [] };
  }
  const change = after.flatMap((table) => {
    const old = before.find(({ name }) => name === table.name);
    if (old === undefined || JSON.stringify(old) === JSON.stringify(table)) return [];
    return [indexChange(text(old), text(table))];
  });
  return { create: added.map(text), rename: [], change, unused: gone.map(({ name }) => dialect.quote(name)) };
}

function indexChange(before: TableText, after: TableText): Difference["change"][number] {
  const without = (indexes: Indexes, others: Indexes): Indexes =>
    indexes.filter((index) => !others.some((other) => JSON.stringify(other) === JSON.stringify(index)));
  return {
    name: after.name,
    add: without(after.indexes, before.indexes),
    drop: without(before.indexes, after.indexes),
  };
}

function tableText({ quote }: Dialect, table: Table): TableText {
  return {
    name: quote(table.name),
    columns: table.columns.map(({ name, type, primaryKey }, index) => ({
      name: quote(name),
      definition: `${type} NOT NULL${primaryKey ? " PRIMARY KEY" : ""}`,
      last: index === table.columns.length - 1,
    })),
    indexes: table.indexes.map(({ name, columns }) => ({
      name: quote(name),
      columns: columns.map(quote).join(", "),
    })),
  };
}

function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .slice(0, 60) || "table"
  );
}
