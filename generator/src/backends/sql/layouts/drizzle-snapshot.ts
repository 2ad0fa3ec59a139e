import { createHash } from "node:crypto";
import type { Column, Index, Table } from "../snapshot.js";
import { drizzleType } from "./drizzle-types.js";

type Json = Readonly<Record<string, unknown>>;

/** How Drizzle writes down a table of a kind of database. */
interface Form {
  readonly version: string;
  key(table: Table): string;
  table(table: Table): Json;
  readonly rest: Json;
}

const none = "00000000-0000-0000-0000-000000000000";

/**
 * Makes the snapshot that Drizzle would have made of a migration of ours.
 * @param last - the text of the last one there is
 * @param before - our tables before the migration
 */
export function snapshotAfter(
  dialect: string,
  last: string | undefined,
  before: readonly Table[],
  after: readonly Table[],
): string {
  const form = forms[dialect] ?? postgres;
  const base = parsed(last);
  const tables = { ...Object(base?.["tables"]) } as Record<string, unknown>;
  for (const table of before) delete tables[form.key(table)];
  for (const table of after) tables[form.key(table)] = form.table(table);
  const schemas = after.flatMap(({ schema }) => (schema === undefined ? [] : [[schema, schema] as const]));
  const content = {
    ...form.rest,
    ...base,
    version: base?.["version"] ?? form.version,
    dialect,
    ...(schemas.length > 0 && {
      schemas: { ...Object(base?.["schemas"]), ...Object.fromEntries(schemas) },
    }),
    prevId: base?.["id"] ?? none,
    tables,
  };
  return `${JSON.stringify({ ...content, id: idOf(JSON.stringify(content)) }, undefined, 2)}\n`;
}

function parsed(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A UUID, the same for the same content. */
function idOf(content: string): string {
  const hash = createHash("sha256").update(content).digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

function byName<T extends { readonly name: string }>(list: readonly T[], entry: (one: T) => Json): Json {
  return Object.fromEntries(list.map((one) => [one.name, { name: one.name, ...entry(one) }]));
}

const postgres: Form = {
  version: "7",
  key: ({ schema = "public", name }) => `${schema}.${name}`,
  table: (table) => ({
    name: table.name,
    schema: table.schema ?? "",
    columns: byName(table.columns, (column) => ({
      type: drizzleType(column.type).sql,
      primaryKey: column.primaryKey === true,
      notNull: column.nullable !== true,
      ...(column.identity === true && { identity: identityOf(table, column) }),
      ...(column.generated !== undefined && { generated: { as: column.generated, type: "stored" } }),
    })),
    indexes: byName(table.indexes, ({ columns, notNull }) => ({
      columns: columns.map((expression) => ({ expression, isExpression: false, asc: true, nulls: "last" })),
      isUnique: false,
      ...(notNull !== undefined && { where: `"${notNull}" IS NOT NULL` }),
      concurrently: false,
      method: "btree",
      with: {},
    })),
    foreignKeys: {},
    compositePrimaryKeys: {},
    uniqueConstraints: byName(uniqueOf(table), ({ columns }) => ({ nullsNotDistinct: false, columns })),
    policies: {},
    checkConstraints: {},
    isRLSEnabled: false,
  }),
  rest: {
    tables: {},
    enums: {},
    schemas: {},
    sequences: {},
    roles: {},
    policies: {},
    views: {},
    _meta: { columns: {}, schemas: {}, tables: {} },
  },
};

function identityOf({ name, schema }: Table, column: Column): Json {
  return {
    type: "always",
    name: `${name}_${column.name}_seq`,
    schema: schema ?? "public",
    increment: "1",
    startWith: "1",
    minValue: "1",
    maxValue: "9223372036854775807",
    cache: "1",
    cycle: false,
  };
}

/** PostgreSQL calls what UNIQUE of a column makes by table and column. */
function uniqueOf({ name, columns }: Table): readonly Pick<Index, "name" | "columns">[] {
  return columns
    .filter(({ unique }) => unique)
    .map((column) => ({ name: `${name}_${column.name}_key`, columns: [column.name] }));
}

const mysql: Form = {
  version: "5",
  key: ({ name }) => name,
  table: ({ name, columns, indexes }) => ({
    name,
    columns: byName(columns, (column) => ({
      type: drizzleType(column.type).sql,
      primaryKey: false,
      notNull: column.nullable !== true,
      autoincrement: false,
    })),
    indexes: byName(indexes, (index) => ({ columns: index.columns, isUnique: false })),
    foreignKeys: {},
    compositePrimaryKeys: byName(
      [
        {
          name: `${name}_id`,
          columns: columns.filter(({ primaryKey }) => primaryKey).map((one) => one.name),
        },
      ],
      ({ columns: key }) => ({ columns: key }),
    ),
    uniqueConstraints: {},
    checkConstraint: {},
  }),
  rest: {
    tables: {},
    views: {},
    _meta: { schemas: {}, tables: {}, columns: {} },
    internal: { tables: {}, indexes: {} },
  },
};

const sqlite: Form = {
  version: "6",
  key: ({ name }) => name,
  table: ({ name, columns, indexes }) => ({
    name,
    columns: byName(columns, (column) => ({
      type: drizzleType(column.type).sql,
      primaryKey: column.primaryKey === true,
      notNull: column.nullable !== true,
      autoincrement: false,
    })),
    indexes: byName(indexes, ({ columns: of, notNull }) => ({
      columns: of,
      isUnique: false,
      ...(notNull !== undefined && { where: `"${notNull}" IS NOT NULL` }),
    })),
    foreignKeys: {},
    compositePrimaryKeys: {},
    uniqueConstraints: {},
    checkConstraints: {},
  }),
  rest: {
    tables: {},
    views: {},
    enums: {},
    _meta: { schemas: {}, tables: {}, columns: {} },
    internal: { indexes: {} },
  },
};

const forms: Readonly<Record<string, Form>> = { postgresql: postgres, mysql, sqlite };
