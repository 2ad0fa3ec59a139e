import { CodeFile } from "../../../code/code-file.js";
import type { Doc } from "../../../code/doc.js";
import { loadMorph } from "../../../code/morph.js";
import { camelCase, memberAccess, memberKey } from "../../../code/names.js";
import {
  arrow,
  call,
  constant,
  object,
  property,
  stringText,
  tallArray,
  tallObject,
} from "../../../code/syntax.js";
import type { ResolvedConfig } from "../../../config/resolved.js";
import type { Dialect } from "../dialect.js";
import type { Column, Index, Table } from "../snapshot.js";
import { drizzleType } from "./drizzle-types.js";

const cores: Readonly<Record<string, { readonly module: string; readonly table: string }>> = {
  postgresql: { module: "drizzle-orm/pg-core", table: "pgTable" },
  mysql: { module: "drizzle-orm/mysql-core", table: "mysqlTable" },
  sqlite: { module: "drizzle-orm/sqlite-core", table: "sqliteTable" },
};

/**
 * Writes the tables as Drizzle's schema has them: what it does not know, `drizzle-kit push` and
 * `drizzle-kit generate` drop.
 */
export function drizzleTables(
  { toolName }: Dialect,
  tables: readonly Table[],
  language: ResolvedConfig["language"],
): string {
  const { Project, StructureKind } = loadMorph();
  const file = new CodeFile({ project: new Project({ useInMemoryFileSystem: true }), StructureKind });
  const { module = "", table: ofNoSchema = "" } = cores[toolName] ?? {};
  const use = (name: string): string => file.use(module, name);
  const own = (kind: string, name: string, value: () => Doc): string => {
    const known = declared.get(kind + name);
    if (known !== undefined) return known;
    const local = file.scope.declare(camelCase(kind === "type" ? name.toLowerCase() : name));
    declared.set(kind + name, local);
    // Drizzle has to see what it is to compare, and nobody else.
    file.add([kind === "type" ? "" : "export ", constant(local, value())]);
    return local;
  };
  const declared = new Map<string, string>();
  const typed = (text: string): string => (language === "typescript" ? text : "");
  const sqlText = (text: string): string =>
    `${file.use("drizzle-orm", "sql")}\`${text.replace(/[\\`$]/g, "\\$&")}\``;

  const maker = (type: string): { readonly name: string; readonly options?: string } => {
    const { maker: made, options, data = "string", sql } = drizzleType(type);
    if (made !== undefined) return { name: use(made), ...(options !== undefined && { options }) };
    const config = object([property("dataType", arrow("()", stringText(sql)))]);
    return {
      name: own("type", sql, () => call(`${use("customType")}${typed(`<{ data: ${data} }>`)}`, [config])),
    };
  };
  const columnDoc = (table: Table, column: Column): Doc => {
    const { name, options } = maker(column.type);
    const args = [stringText(column.name), ...(options === undefined ? [] : [options])].join(", ");
    return property(memberKey(column.name), `${name}(${args})${modifiers(table, column, sqlText)}`);
  };
  const indexDoc = ({ name, columns, notNull }: Index): Doc => {
    const on = columns.map((column) => memberAccess("table", column)).join(", ");
    const where = notNull === undefined ? "" : `.where(${sqlText(`${JSON.stringify(notNull)} IS NOT NULL`)})`;
    return `${use("index")}(${stringText(name)}).on(${on})${where}`;
  };

  for (const table of tables) {
    const { schema } = table;
    const callee =
      schema === undefined
        ? use(ofNoSchema)
        : `${own("schema", `${schema}_schema`, () => call(use("pgSchema"), [stringText(schema)]))}.table`;
    const columns = tallObject(table.columns.map((column) => columnDoc(table, column)));
    const indexes = table.indexes.map(indexDoc);
    own("table", table.name, () =>
      call(callee, [stringText(table.name), columns, ["(table) => ", tallArray(indexes)]]),
    );
  }
  return file.print();
}

function modifiers(
  table: Table,
  { name, primaryKey, identity, unique, nullable, generated }: Column,
  sql: (text: string) => string,
): string {
  return [
    primaryKey ? ".primaryKey()" : nullable ? "" : ".notNull()",
    identity ? ".generatedAlwaysAsIdentity()" : "",
    generated === undefined ? "" : `.generatedAlwaysAs(${sql(generated)})`,
    unique ? `.unique(${stringText(`${table.name}_${name}_key`)})` : "",
  ].join("");
}
