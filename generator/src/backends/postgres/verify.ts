import type { Drift } from "../../live/live.js";
import { type LiveColumn, type LiveIndex, type LiveTable, quotedNames, typeText } from "../sql/live-table.js";
import type { Table } from "../sql/snapshot.js";
import { type PostgresSession, postgresPath } from "./connection.js";

type Rows = Awaited<ReturnType<PostgresSession["query"]>>;

/** Reads the table as it is; nothing when there is none. */
export async function readTable(session: PostgresSession, wanted: Table): Promise<LiveTable | undefined> {
  const [found] = await session.query(
    "SELECT oid::text, relpersistence::text AS persistence, relrowsecurity AS rls, coalesce(array_to_string(reloptions, ' '), '') AS options FROM pg_class WHERE oid = to_regclass($1)",
    [postgresPath(wanted)],
  );
  const oid = found?.["oid"];
  if (typeof oid !== "string") return undefined;
  const rows = (text: string): Promise<Rows> => session.query(text, [oid]);
  return {
    columns: columnsOf(await rows(COLUMNS)),
    indexes: indexesOf(await rows(INDEXES)),
    denied: await deniedIn(session, oid, wanted),
    further: [
      ...persistenceDrifts(wanted, found),
      ...autovacuumDrifts(wanted, found, await session.query("SHOW autovacuum")),
      ...(found?.["rls"] === true ? policyDrifts(wanted, await rows(POLICIES)) : []),
      ...triggerDrifts(wanted, await rows(TRIGGERS)),
      ...constraintDrifts(wanted, await rows(CONSTRAINTS)),
    ],
  };
}

const COLUMNS = `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS filled, attcollation = '"C"'::regcollation AS bytes, atthasdef OR attidentity <> '' AS given, CASE WHEN attgenerated = 's' THEN pg_get_expr(adbin, adrelid) END AS expression FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped`;

function columnsOf(rows: Rows): ReadonlyMap<string, LiveColumn> {
  return new Map(
    rows.map(({ name, type, filled, bytes, given, expression }) => {
      const generated = typeof expression === "string" ? expression.replace(/^\((.*)\)$/, "$1") : undefined;
      const text = typeText({
        type: type === "text" && bytes === true ? 'text COLLATE "C"' : String(type),
        nullable: filled !== true,
        ...(generated !== undefined && { generated }),
      });
      return [String(name), { type: text, required: filled === true && given !== true }];
    }),
  );
}

/** The only predicate of ours is that the first column is not NULL. */
const INDEXES =
  "SELECT c.relname AS name, i.indisvalid AS valid, i.indisunique AS unique, i.indimmediate AS immediate, m.amname AS method, pg_get_expr(i.indpred, i.indrelid) AS predicate, (SELECT json_agg(coalesce(a.attname, '(expression)') ORDER BY k.position) FROM unnest(i.indkey) WITH ORDINALITY AS k (number, position) LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.position <= i.indnkeyatts)::text AS columns, (SELECT format('(%I IS NOT NULL)', attname) FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = i.indkey[0]) AS ours FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam WHERE i.indrelid = $1::oid";

function indexesOf(rows: Rows): readonly LiveIndex[] {
  return rows.map(({ name, valid, unique, immediate, method, predicate, columns, ours }) => {
    const flaw =
      valid !== true
        ? "is INVALID: building it was interrupted"
        : method !== "btree"
          ? `is one of the kind ${String(method)}`
          : predicate !== null && predicate !== ours
            ? `holds only sessions with ${String(predicate)}`
            : immediate !== true
              ? "is DEFERRABLE: ON CONFLICT cannot go by it"
              : undefined;
    return {
      name: String(name),
      columns: JSON.parse(String(columns)) as string[],
      unique: unique === true,
      ...(flaw !== undefined && { flaw }),
    };
  });
}

/** Permissions can be granted for a table or for each of its columns; but one to delete. */
async function deniedIn(session: PostgresSession, oid: string, { columns }: Table): Promise<string[]> {
  const denied: string[] = [];
  for (const privilege of ["SELECT", "INSERT", "UPDATE"]) {
    const rows = await session.query(
      "SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped AND NOT has_column_privilege(attrelid, attnum, $2)",
      [oid, privilege],
    );
    // What the database gives a value is never written.
    const written = columns.filter(({ identity, generated }) => !identity && generated === undefined);
    const used = privilege === "SELECT" ? columns : written;
    const lacking = used.filter(({ name }) => rows.some((row) => row["name"] === name));
    if (lacking.length === used.length) denied.push(privilege);
    else if (lacking.length > 0) denied.push(`${privilege} (${lacking.map(({ name }) => name).join(", ")})`);
  }
  const [row] = await session.query("SELECT has_table_privilege($1::oid, 'DELETE') AS granted", [oid]);
  if (row?.["granted"] !== true) denied.push("DELETE");
  return denied;
}

function persistenceDrifts({ name, unlogged = false }: Table, found: Rows[number] = {}): Drift[] {
  const isUnlogged = found["persistence"] === "u";
  if (isUnlogged === unlogged) return [];
  const summary = isUnlogged
    ? `${name} is UNLOGGED: it is empty after a crash of the server, and on a replica that takes over`
    : `${name} is logged, the config asks for UNLOGGED`;
  const fix = `ALTER TABLE ${name} SET ${unlogged ? "UNLOGGED" : "LOGGED"}, which writes it anew; or change \`unlogged\` in the config.`;
  return [{ id: "verify/table-settings", summary, fix }];
}

function autovacuumDrifts({ name }: Table, found: Rows[number] = {}, [server]: Rows): Drift[] {
  const everywhere = server?.["autovacuum"] === "off";
  if (!everywhere && !/autovacuum_enabled=(?:false|off|0|no)\b/.test(String(found["options"]))) return [];
  const summary = `Autovacuum is off ${everywhere ? "on the server" : `for ${name}`}`;
  const fix = everywhere ? "Set autovacuum to on." : `ALTER TABLE ${name} RESET (autovacuum_enabled).`;
  return [{ id: "verify/autovacuum-off", summary, fix }];
}

const POLICIES = "SELECT polcmd::text AS command FROM pg_policy WHERE polrelid = $1::oid AND polpermissive";

/** Whether a policy lets the application's rows through nobody can tell from outside. */
function policyDrifts({ name }: Table, policies: Rows): Drift[] {
  const commands = { r: "SELECT", a: "INSERT", w: "UPDATE", d: "DELETE" };
  const covered = new Set(policies.map(({ command }) => command));
  const missing = Object.entries(commands).flatMap(([letter, command]) =>
    covered.has(letter) || covered.has("*") ? [] : [command],
  );
  if (missing.length === 0) return [];
  const summary = `Row-level security of ${name} is on, and no policy lets anybody but its owner ${missing.join(", ")}`;
  const fix = `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY, or CREATE POLICY for the application's account.`;
  return [{ id: "verify/row-security", summary, fix }];
}

/** A rule rewrites statements: what is written may go nowhere. */
const TRIGGERS = `SELECT 'trigger' AS kind, tgname AS name FROM pg_trigger WHERE tgrelid = $1::oid AND NOT tgisinternal AND tgenabled <> 'D'
UNION ALL SELECT 'rule', rulename FROM pg_rewrite WHERE ev_class = $1::oid AND ev_enabled <> 'D' AND rulename <> '_RETURN' ORDER BY 1, 2`;

function triggerDrifts({ name }: Table, rows: Rows): Drift[] {
  return ["trigger", "rule"].flatMap((kind): Drift[] => {
    const some = rows.filter((row) => row["kind"] === kind);
    if (some.length === 0) return [];
    return [{ id: "verify/trigger", summary: `${name} has the ${kind} ${quotedNames(some)}` }];
  });
}

const CONSTRAINTS =
  "SELECT conname AS name FROM pg_constraint WHERE conrelid = $1::oid AND contype IN ('c', 'f', 'x') ORDER BY conname";

function constraintDrifts({ name }: Table, rows: Rows): Drift[] {
  if (rows.length === 0) return [];
  return [{ id: "verify/constraint", summary: `${name} has the constraint ${quotedNames(rows)}` }];
}

/** Finds out whether anything can be written at all. */
export async function serverDrifts(session: PostgresSession): Promise<readonly Drift[]> {
  const [row] = await session.query(
    "SELECT pg_is_in_recovery() AS replica, current_setting('default_transaction_read_only') AS account",
  );
  if (row?.["replica"] === true)
    return [{ id: "verify/read-only", summary: "The server is a replica: it takes no writes" }];
  if (row?.["account"] !== "on") return [];
  const fix = "ALTER ROLE … RESET default_transaction_read_only, or the same of the database.";
  return [{ id: "verify/read-only", summary: "The account, the database or the server is read-only", fix }];
}

/** Tells whether an error says that the account lacks a permission: insufficient_privilege. */
export function isDenied(error: unknown): boolean {
  return Reflect.get(Object(error), "code") === "42501";
}
