import { banner } from "../../../code/banner.js";
import { pascalCase } from "../../../code/names.js";
import type { Dialect } from "../dialect.js";
import type { Column, Table } from "../snapshot.js";

/** Prisma's type of each of SQL. */
const types: Readonly<Record<string, string>> = {
  text: "String",
  'text COLLATE "C"': "String",
  bytea: "Bytes",
  bigint: "BigInt",
  TEXT: "String",
  BLOB: "Bytes",
  INTEGER: "BigInt",
  BIGINT: "BigInt",
  LONGBLOB: "Bytes @db.LongBlob",
};

/**
 * Writes the tables as models of Prisma, so that `prisma migrate dev` takes them for what the
 * schema has. For a schema of several files.
 */
export function prismaModel(dialect: Dialect, tables: readonly Table[]): string {
  const models = tables.map((table) => {
    const fields = table.columns.map((column) => [
      fieldName(column.name),
      `${typeOf(column)}${column.nullable ? "?" : ""}`.replace(/ (@db\S+)\?$/, "? $1"),
      attributes(column),
    ]);
    const [nameWidth, typeWidth] = [0, 1].map((at) => Math.max(...fields.map((row) => row[at]?.length ?? 0)));
    const lines = fields.map(([name = "", type = "", rest = ""]) =>
      `  ${name.padEnd(nameWidth ?? 0)} ${type.padEnd(typeWidth ?? 0)} ${rest}`.trimEnd(),
    );
    const indexes = table.indexes.map(
      ({ name, columns }) =>
        `  @@index([${columns.map(fieldName).join(", ")}], map: ${JSON.stringify(name)})`,
    );
    const schema = table.schema === undefined ? [] : [`  @@schema(${JSON.stringify(table.schema)})`];
    const map = `  @@map(${JSON.stringify(table.name)})`;
    return `model Sessgen${pascalCase(table.name)} {\n${[...lines, "", ...indexes, map, ...schema].join("\n")}\n}\n`;
  });
  const computed = tables.flatMap(({ columns }) =>
    columns.filter(({ generated }) => generated !== undefined),
  );
  // What Prisma makes of it is a default, and no default of PostgreSQL's refers to other columns.
  const deployed =
    computed.length === 0
      ? ""
      : `// \`prisma migrate deploy\` makes them, from our migrations. \`prisma db push\` cannot: it has no way to say that
// ${computed.map(({ name }) => name).join(", ")} is computed.
`;
  return `${banner}// For Prisma's schema (${dialect.toolName}): the tables of sessions, for sessions alone.
${deployed}
${models.join("\n")}`;
}

function typeOf({ type }: Column): string {
  const bytes = /^VARBINARY\((\d+)\)$/.exec(type)?.[1];
  return bytes === undefined
    ? (types[type] ?? `Unsupported(${JSON.stringify(type)})`)
    : `Bytes @db.VarBinary(${bytes})`;
}

function attributes({ name, primaryKey, identity, unique, generated }: Column): string {
  return [
    ...(primaryKey ? ["@id"] : []),
    ...(identity ? ["@default(autoincrement())"] : []),
    ...(generated === undefined ? [] : [`@default(dbgenerated(${JSON.stringify(`(${generated})`)}))`]),
    ...(unique ? ["@unique"] : []),
    ...(fieldName(name) === name ? [] : [`@map(${JSON.stringify(name)})`]),
  ].join(" ");
}

/** Prisma's fields begin with a letter and have no other signs than `_`. */
function fieldName(column: string): string {
  return column.replace(/[^A-Za-z0-9_]/g, "_");
}
