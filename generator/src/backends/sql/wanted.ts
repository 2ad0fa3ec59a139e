import type { BackendConfig } from "../../config/values.js";
import type { FieldIndex, SessionModel, Type } from "../../model/model.js";
import type { Dialect, IndexRequest } from "./dialect.js";
import { keyOf, type Table } from "./snapshot.js";

/** Gives the tables that the backends of a dialect need, each once. */
export function wantedTables(
  backends: readonly BackendConfig[],
  model: SessionModel,
  dialect: Dialect,
): Table[] {
  const tables = backends.map((options) => tableOf(dialect, options, model));
  const byKey = new Map(tables.map((table) => [keyOf(table), table]));
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, table]) => table);
}

/** Gives the table of one backend. */
export function tableOf(
  dialect: Dialect,
  options: Readonly<Record<string, unknown>>,
  model: Pick<SessionModel, "zod" | "fields">,
): Table {
  const indexes = model.fields
    .flatMap((field) => field.indexes ?? [])
    .map((index) => requestOf(index, model.zod))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return dialect.table({
    name: typeof options["table"] === "string" ? options["table"] : "sessions",
    options,
    indexes,
  });
}

function requestOf({ name, hashed, type }: FieldIndex, zod: 3 | 4): IndexRequest {
  return { name, hashed, integer: !hashed && isSafeInteger(type, zod) };
}

/** Zod 4 takes only safe integers for integers, Zod 3 all that have no fraction. */
function isSafeInteger(type: Type, zod: 3 | 4): boolean {
  if (type.kind !== "number" || !type.integer) return false;
  const { min, max } = type;
  const bounded =
    min !== undefined &&
    max !== undefined &&
    min.value >= Number.MIN_SAFE_INTEGER &&
    max.value <= Number.MAX_SAFE_INTEGER;
  return zod === 4 || bounded;
}
