import type { ListRequest, Target } from "../../live/live.js";
import { ownSessions } from "../../live/own-sessions.js";
import type { Total } from "../../live/progress.js";
import type { SqlDatabase } from "./database.js";
import type { Dialect } from "./dialect.js";
import { tableOf } from "./wanted.js";

/** Connects; `undefined` where nothing was stored yet. */
type Connect = () => Promise<SqlDatabase | undefined>;

/** Goes through records a page at a time; their keys lie together, behind the tag. */
export async function listSql(
  target: Target,
  dialect: Dialect,
  connect: Connect,
  request: ListRequest,
): Promise<void> {
  const database = await connect();
  try {
    if (database !== undefined) await listRecords(target, dialect, database, request);
  } finally {
    await database?.close();
  }
}

/** Goes through records as {@link listSql} does, by a connection that stays open. */
export async function listRecords(
  target: Target,
  dialect: Dialect,
  database: Pick<SqlDatabase, "page">,
  { after, onPage }: ListRequest,
): Promise<void> {
  const own = await ownSessions(target);
  const job = { name: "list", title: "list", table: tableFor(target, dialect), columns: [] };
  for (let position = after; ; ) {
    const records = await database.page(job, own, position);
    position = records.at(-1)?.position;
    if (position === undefined || !(await onPage({ records, position }))) return;
  }
}

/** Counts the records that {@link listSql} comes by. */
export async function countSql(target: Target, dialect: Dialect, connect: Connect): Promise<Total> {
  const own = await ownSessions(target);
  const database = await connect();
  try {
    const count = (await database?.count(tableFor(target, dialect), own)) ?? 0;
    return { count, exact: true };
  } finally {
    await database?.close();
  }
}

function tableFor({ options }: Target, dialect: Dialect) {
  return tableOf(dialect, options, { zod: 4, fields: [] });
}
