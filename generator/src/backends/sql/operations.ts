import { SessgenError } from "../../errors.js";
import type { Dialect } from "./dialect.js";
import { type Column, type Index, keyOf, type Table } from "./snapshot.js";

/** One change of the database. `table` is as it is before. */
export type Operation =
  | { readonly kind: "create"; readonly table: Table }
  | { readonly kind: "rename"; readonly table: Table; readonly to: Table }
  | { readonly kind: "logged"; readonly table: Table; readonly unlogged: boolean }
  | {
      readonly kind: "settings";
      readonly table: Table;
      readonly settings: NonNullable<Table["settings"]>;
    }
  | { readonly kind: "add"; readonly table: Table; readonly columns: readonly Column[] }
  | { readonly kind: "retype"; readonly table: Table; readonly columns: readonly Column[] }
  | { readonly kind: "refill"; readonly table: Table; readonly columns: readonly Column[] }
  | { readonly kind: "dropIndex"; readonly table: Table; readonly index: Index }
  | { readonly kind: "addIndex"; readonly table: Table; readonly index: Index }
  | { readonly kind: "drop"; readonly table: Table; readonly columns: readonly Column[] }
  /** The config no longer names it; it stays. */
  | { readonly kind: "unused"; readonly table: Table };

/**
 * Gives what leads from the tables there are to those that are wanted, in the order in which it can
 * be done while sessions are used.
 * @throws SessgenError `migrate/unsupported-change`
 */
export function operationsBetween(
  dialect: Dialect,
  before: readonly Table[],
  wanted: readonly Table[],
): Operation[] {
  const added = wanted.filter((table) => !has(before, table));
  const gone = before.filter((table) => !has(wanted, table));
  const [from, to] = [gone[0], added[0]];
  // One table gone and one new is a renamed one: its sessions are kept.
  const renamed =
    gone.length === 1 && added.length === 1 && from !== undefined && to !== undefined && sameKey(from, to);
  const operations: Operation[] = [];
  const change = (table: Table, target: Table): void =>
    void operations.push(...changes(dialect, table, target));
  if (renamed) {
    const table = renamedTable(from, to);
    operations.push({ kind: "rename", table: from, to: table });
    change(table, to);
  } else {
    operations.push(...added.map((table) => ({ kind: "create", table }) as const));
    operations.push(...gone.map((table) => ({ kind: "unused", table }) as const));
  }
  for (const target of wanted) {
    const table = before.find((other) => keyOf(other) === keyOf(target));
    if (table !== undefined) change(table, target);
  }
  return operations;
}

/** Gives the tables after an operation. */
export function apply(tables: readonly Table[], operation: Operation): Table[] {
  if (operation.kind === "create") return sorted([...tables, operation.table]);
  const key = keyOf(operation.table);
  if (operation.kind === "unused") return tables.filter((table) => keyOf(table) !== key);
  return sorted(tables.map((table) => (keyOf(table) === key ? applyTo(table, operation) : table)));
}

/** Gives the indexes that lead to one of the columns. */
export function indexesOn(table: Table, columns: readonly Column[]): Index[] {
  return table.indexes.filter((index) =>
    index.columns.some((name) => columns.some((column) => column.name === name)),
  );
}

function applyTo(table: Table, operation: Exclude<Operation, { kind: "create" | "unused" }>): Table {
  const without = (columns: readonly Column[]): Pick<Table, "columns" | "indexes"> => ({
    columns: table.columns.filter(({ name }) => !columns.some((column) => column.name === name)),
    indexes: table.indexes.filter((index) => !indexesOn(table, columns).includes(index)),
  });
  switch (operation.kind) {
    case "rename":
      return operation.to;
    case "logged": {
      const { unlogged: _, columns, indexes, ...rest } = table;
      return { ...rest, ...(operation.unlogged && { unlogged: true }), columns, indexes };
    }
    case "settings": {
      const { columns, indexes, settings: _, ...rest } = table;
      return { ...rest, settings: operation.settings, columns, indexes };
    }
    case "add":
      return { ...table, columns: inOrder([...table.columns, ...operation.columns]) };
    case "retype": {
      const kept = without(operation.columns);
      return { ...table, ...kept, columns: inOrder([...kept.columns, ...operation.columns]) };
    }
    case "refill":
      return { ...table, columns: inOrder([...without(operation.columns).columns, ...operation.columns]) };
    case "drop":
      return { ...table, ...without(operation.columns) };
    case "dropIndex":
      return { ...table, indexes: table.indexes.filter(({ name }) => name !== operation.index.name) };
    case "addIndex":
      return { ...table, indexes: sortedIndexes([...table.indexes, operation.index]) };
  }
}

function changes(dialect: Dialect, before: Table, wanted: Table): Operation[] {
  if (!sameKey(before, wanted)) {
    throw new SessgenError(
      "migrate/unsupported-change",
      `The table ${wanted.name} cannot get another layout while it is in use`,
      { fix: "Give `table` another name, too: sessions begin anew there. Or leave the layout as it was." },
    );
  }
  let table = before;
  const operations: Operation[] = [];
  const add = (operation: Operation): void => {
    operations.push(operation);
    if (operation.kind !== "drop") table = apply([table], operation)[0] ?? table;
  };
  const old = (column: Column): Column | undefined => before.columns.find(({ name }) => name === column.name);
  // What can hold every value stays as it is: deploys that still run may write such values.
  const target = wanted.columns.map((column) => {
    const type = old(column)?.type;
    return type === dialect.anyType && column.nullable ? { ...column, type } : column;
  });
  const select = (test: (column: Column, previous: Column | undefined) => boolean): Column[] =>
    target.filter((column) => test(column, old(column)));
  const unlogged = wanted.unlogged === true;
  if ((before.unlogged === true) !== unlogged) add({ kind: "logged", table, unlogged });
  const { settings = {} } = wanted;
  if (!same(before.settings ?? {}, settings)) add({ kind: "settings", table, settings });
  const added = select((_column, previous) => previous === undefined);
  if (added.length > 0) add({ kind: "add", table, columns: added });
  const retyped = select((column, previous) => previous !== undefined && previous.type !== column.type);
  if (retyped.length > 0) add({ kind: "retype", table, columns: retyped });
  const rehashed = select(
    (column, previous) => previous?.type === column.type && previous.hashed !== column.hashed,
  );
  if (rehashed.length > 0) add({ kind: "refill", table, columns: rehashed });
  const dropped = before.columns.filter(({ name }) => !wanted.columns.some((column) => column.name === name));
  const unwanted = table.indexes.filter(
    (index) =>
      !wanted.indexes.some((other) => same(other, index)) && !indexesOn(table, dropped).includes(index),
  );
  for (const index of unwanted) add({ kind: "dropIndex", table, index });
  const missing = wanted.indexes.filter((index) => !table.indexes.some((other) => same(other, index)));
  for (const index of missing) add({ kind: "addIndex", table, index });
  if (dropped.length > 0) add({ kind: "drop", table, columns: dropped });
  return operations;
}

/**
 * The table under its new name; indexes whose names have the table's in them are renamed with it.
 */
function renamedTable(from: Table, to: Table): Table {
  const { schema: _, ...table } = from;
  const named = (index: Index): string =>
    to.indexes.find(({ columns }) => same(columns, index.columns))?.name ?? index.name;
  return {
    name: to.name,
    ...(to.schema !== undefined && { schema: to.schema }),
    ...(table.unlogged && { unlogged: true }),
    ...(table.settings && { settings: table.settings }),
    columns: table.columns,
    indexes: sortedIndexes(table.indexes.map((index) => ({ ...index, name: named(index) }))),
  };
}

/** Whether the columns that every session has are the same. */
function sameKey(one: Table, other: Table): boolean {
  const fixed = ({ columns }: Table): Column[] => columns.filter(({ nullable }) => !nullable);
  return same(fixed(one), fixed(other));
}

function has(tables: readonly Table[], table: Table): boolean {
  return tables.some((other) => keyOf(other) === keyOf(table));
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sorted(tables: readonly Table[]): Table[] {
  return [...tables].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Those of every session first, then those that sessions are found by, by name. */
function inOrder(columns: readonly Column[]): Column[] {
  const fixed = columns.filter(({ nullable }) => !nullable);
  return [...fixed, ...columns.filter(({ nullable }) => nullable).sort(byName)];
}

function sortedIndexes(indexes: readonly Index[]): Index[] {
  return [...indexes].sort(byName);
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}
