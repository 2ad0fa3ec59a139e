import type { Dialect } from "./dialect.js";
import type { Numbering } from "./numbers.js";
import { apply, indexesOn, type Operation } from "./operations.js";
import { type Column, type Index, type Refill, type Snapshot, snapshotHash, type Table } from "./snapshot.js";

/** A migration to be: what it does, and what it leads to. */
export interface Draft {
  /** The folder's name: `0002_add_by_user_id`. */
  readonly name: string;
  readonly operations: readonly Operation[];
  readonly snapshot: Snapshot;
  /** Deploys that were made before still need what it takes away. */
  readonly afterDeploy: boolean;
  /** The database can do it only outside of a transaction. */
  readonly noTransaction: boolean;
}

/** Divides operations among migrations, each of which the database does wholly or not at all. */
export function draftsOf(
  dialect: Dialect,
  operations: readonly Operation[],
  last: Snapshot | undefined,
  number: Numbering,
): Draft[] {
  const drafts: Draft[] = [];
  let snapshot = last;
  for (const group of groupsOf(dialect, operations)) {
    const tables = group.reduce<readonly Table[]>(apply, snapshot?.tables ?? []);
    const refill = group.flatMap(refillOf);
    snapshot = {
      dialect: dialect.name,
      parent: snapshot === undefined ? null : snapshotHash(snapshot),
      ...(refill.length > 0 && { refill }),
      tables,
    };
    drafts.push({
      name: `${number(drafts.length)}_${titleOf(group)}`,
      operations: group,
      snapshot,
      afterDeploy: group.some(({ kind }) => kind === "drop"),
      noTransaction: dialect.atomic === "statement" || (dialect.atomic === "tables" && group.some(isIndex)),
    });
  }
  return drafts;
}

/** Gives what the templates of a dialect get: all operations by their kind, all names quoted. */
export function templateData(
  dialect: Dialect,
  { name, operations, ...draft }: Draft,
): Record<string, unknown> {
  const { quote } = dialect;
  const table = ({ schema, name: plain }: Table): string =>
    schema === undefined ? quote(plain) : `${quote(schema)}.${quote(plain)}`;
  const column = (one: Column, position: number, all: readonly Column[]): object => ({
    ...one,
    name: quote(one.name),
    primaryKey: one.primaryKey === true,
    identity: one.identity === true,
    unique: one.unique === true,
    nullable: one.nullable === true,
    generated: one.generated ?? "",
    last: position === all.length - 1,
  });
  const index = (of: Table) => (one: Index, position: number, all: readonly Index[]) => ({
    name: quote(one.name),
    // As a statement on its own names it: PostgreSQL's are in the table's schema.
    path: of.schema === undefined ? quote(one.name) : `${quote(of.schema)}.${quote(one.name)}`,
    columns: one.columns.map(quote).join(", "),
    notNull: one.notNull === undefined ? "" : quote(one.notNull),
    last: position === all.length - 1,
  });
  const data: Record<Operation["kind"], object[]> = {
    create: [],
    rename: [],
    logged: [],
    settings: [],
    add: [],
    retype: [],
    refill: [],
    dropIndex: [],
    addIndex: [],
    drop: [],
    unused: [],
  };
  const schemas = new Set<string>();
  for (const operation of operations) {
    const target = operation.kind === "rename" ? operation.to : operation.table;
    const arrives = operation.kind === "create" || operation.table.schema !== target.schema;
    if (arrives && target.schema !== undefined) schemas.add(target.schema);
    data[operation.kind].push({
      table: table(operation.table),
      unlogged: operation.kind === "logged" ? operation.unlogged : operation.table.unlogged === true,
      settings: settingsText(operation.kind === "settings" ? operation.settings : operation.table.settings),
      ...(operation.kind === "settings" && settingsData(operation)),
      ...("columns" in operation && {
        columns: operation.columns.map(column),
        before: operation.columns
          .flatMap(({ name: wanted }) => operation.table.columns.filter((old) => old.name === wanted))
          .map(column),
        indexes: indexesOn(operation.table, operation.columns).map(index(operation.table)),
      }),
      ...("index" in operation && { index: index(operation.table)(operation.index, 0, [operation.index]) }),
      ...(operation.kind === "create" && {
        columns: operation.table.columns.map(column),
        indexes: operation.table.indexes.map(index(operation.table)),
      }),
      ...(operation.kind === "rename" && renameData(operation, { quote, table, index })),
    });
  }
  return {
    name,
    afterDeploy: draft.afterDeploy,
    noTransaction: draft.noTransaction,
    refilled: (draft.snapshot.refill ?? []).map((one) => quote(one.column)).join(", "),
    schemas: [...schemas].map((schema) => ({
      name: quote(schema),
      text: `'${schema.replaceAll("'", "''")}'`,
    })),
    ...data,
  };
}

/** `fillfactor = 80, …`. */
function settingsText(settings: Table["settings"] = {}): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");
}

/** What is set no longer, and how it was before. */
function settingsData({ table, settings }: Extract<Operation, { kind: "settings" }>): object {
  const { settings: before = {} } = table;
  const without = (some: object, others: object): string =>
    Object.keys(some)
      .filter((name) => !(name in others))
      .join(", ");
  return {
    reset: without(before, settings),
    before: settingsText(before),
    resetBefore: without(settings, before),
  };
}

function renameData(
  { table: from, to }: Extract<Operation, { kind: "rename" }>,
  text: {
    quote(name: string): string;
    table(table: Table): string;
    index(of: Table): (one: Index, position: number, all: readonly Index[]) => object;
  },
): object {
  const path = (schema: string | undefined, name: string): string =>
    schema === undefined ? text.quote(name) : `${text.quote(schema)}.${text.quote(name)}`;
  // An unnamed schema is the connection's own, and public unless somebody changed that.
  const schema = to.schema ?? (from.schema === undefined ? undefined : "public");
  const indexes = to.indexes.flatMap((index, position) => {
    const old = from.indexes.find(
      ({ name, columns }) => name !== index.name && columns.join() === index.columns.join(),
    );
    if (old === undefined) return [];
    const [before, after] = [text.index(from)(old, 0, []), text.index(to)(index, position, [])];
    return [{ from: before, to: after, between: path(schema, old.name) }];
  });
  return {
    to: text.table(to),
    name: text.quote(to.name),
    oldName: text.quote(from.name),
    // PostgreSQL moves a table between schemas and renames it in two steps.
    moved: from.schema !== to.schema,
    schema: text.quote(to.schema ?? "public"),
    oldSchema: text.quote(from.schema ?? "public"),
    between: path(schema, from.name),
    renamed: from.name !== to.name,
    indexes,
  };
}

function groupsOf({ atomic }: Dialect, operations: readonly Operation[]): Operation[][] {
  const drops = operations.filter(({ kind }) => kind === "drop");
  const others = operations.filter(({ kind }) => kind !== "drop");
  const apart = atomic === "all" ? [] : atomic === "tables" ? others.filter(isIndex) : others;
  const together = others.filter((operation) => !apart.includes(operation));
  return [together, ...apart.map((operation) => [operation]), ...byTable(drops, atomic)].filter(
    (group) => group.length > 0,
  );
}

function byTable(drops: readonly Operation[], atomic: Dialect["atomic"]): Operation[][] {
  return atomic === "statement" ? drops.map((drop) => [drop]) : [[...drops]];
}

function isIndex({ kind }: Operation): boolean {
  return kind === "addIndex" || kind === "dropIndex";
}

function refillOf(operation: Operation): Refill[] {
  if (operation.kind !== "add" && operation.kind !== "retype" && operation.kind !== "refill") return [];
  const { schema, name } = operation.table;
  return operation.columns.map((column) => ({
    ...(schema !== undefined && { schema }),
    table: name,
    column: column.name,
  }));
}

const verbs = {
  create: "create",
  rename: "rename",
  logged: "change",
  settings: "tune",
  add: "add",
  retype: "change",
  refill: "refill",
  dropIndex: "unindex",
  addIndex: "index",
  drop: "drop",
  unused: "retire",
} as const;

/** `add_by_user_id`, `create_sessions`. */
function titleOf(operations: readonly Operation[]): string {
  const [first] = operations;
  if (first === undefined) return "change";
  const subject =
    "columns" in first
      ? first.columns.map(({ name }) => name).join("_")
      : "index" in first
        ? (first.index.columns[0] ?? "")
        : first.kind === "rename"
          ? first.to.name
          : first.table.name;
  return `${verbs[first.kind]}_${slug(subject)}`;
}

/** Makes a part of a file or an account of a name. */
export function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .slice(0, 60) || "table"
  );
}
