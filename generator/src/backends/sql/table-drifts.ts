import type { Drift } from "../../live/live.js";
import { type LiveTable, typeText } from "./live-table.js";
import type { Table } from "./snapshot.js";

/** Compares the form of a table with what was emitted. */
export function tableDrifts(wanted: Table, found: LiveTable): Drift[] {
  return [
    ...columnDrifts(wanted, found),
    ...foreignColumns(wanted, found),
    ...keyDrifts(wanted, found),
    ...indexDrifts(wanted, found),
    ...permissionDrifts(wanted, found),
    ...found.further,
  ];
}

function columnDrifts(wanted: Table, found: LiveTable): Drift[] {
  return wanted.columns.flatMap((column): Drift[] => {
    const actual = found.columns.get(column.name)?.type;
    const expected = typeText(column);
    if (actual === undefined)
      return [{ id: "verify/missing-column", summary: `${wanted.name} has no column ${column.name}` }];
    if (actual === expected) return [];
    const summary = `${wanted.name}.${column.name} is ${actual} and should be ${expected}`;
    return [{ id: "verify/column-type", summary }];
  });
}

/** What the store does not know it gives no value: not even an older deploy's columns need one. */
function foreignColumns(wanted: Table, found: LiveTable): Drift[] {
  return [...found.columns].flatMap(([name, { required }]): Drift[] => {
    if (!required || wanted.columns.some((column) => column.name === name)) return [];
    const summary = `${wanted.name}.${name} is no column of sessgen's, is NOT NULL and has no default`;
    return [{ id: "verify/foreign-column", summary }];
  });
}

function keyDrifts(wanted: Table, found: LiveTable): Drift[] {
  const key = keyOf(wanted);
  const keys = found.indexes.filter(
    ({ columns, unique }) => unique && columns.length === 1 && columns[0] === key,
  );
  const drifts: Drift[] = [];
  if (keys.every(({ flaw }) => flaw !== undefined)) {
    const [flawed] = keys;
    drifts.push({
      id: "verify/primary-key",
      summary: flawed
        ? `What should keep two rows of ${wanted.name} from having the same ${key}, ${flawed.name}, ${flawed.flaw}`
        : `Nothing in ${wanted.name} keeps two rows from having the same ${key}: it is no primary key any more`,
    });
  }
  for (const { name, columns, unique } of found.indexes) {
    if (!unique || columns.includes(key) || isOwnKey(wanted, columns)) continue;
    drifts.push({
      id: "verify/unique-index",
      summary: `The index ${name} of ${wanted.name} lets ${columns.join(", ")} have each value once`,
      fix: `Drop the index ${name}, or make it again without UNIQUE.`,
    });
  }
  return drifts;
}

/** The column that the store knows a session by. */
function keyOf({ columns }: Table): string {
  const found = columns.find(({ primaryKey, identity, unique }) => unique || (primaryKey && !identity));
  return found?.name ?? "id";
}

/** A number that the database gives is unique, too. */
function isOwnKey(wanted: Table, columns: readonly string[]): boolean {
  return columns.some((name) => wanted.columns.some((column) => column.name === name && column.identity));
}

function indexDrifts(wanted: Table, found: LiveTable): Drift[] {
  return wanted.indexes.flatMap((index): Drift[] => {
    const alike = found.indexes.filter(({ columns }) => starts(columns, index.columns));
    if (alike.some(({ flaw }) => flaw === undefined)) return [];
    const [flawed] = alike;
    const columns = index.columns.join(", ");
    const summary =
      flawed === undefined
        ? `${wanted.name} has no index on ${columns}`
        : `The index ${flawed.name} on ${columns} ${flawed.flaw}`;
    const fix = `Make the index ${index.name} again, as the migration that has it does.`;
    return [{ id: "verify/missing-index", summary, fix }];
  });
}

function permissionDrifts(wanted: Table, found: LiveTable): Drift[] {
  return found.denied.map((privilege) => ({
    id: "verify/missing-permission",
    summary: `The account may not ${privilege} in ${wanted.name}`,
    fix: `GRANT ${privilege} ON the table to the account that the application uses, as the emitted grants.sql does.`,
  }));
}

function starts(columns: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((column, index) => columns[index] === column);
}
