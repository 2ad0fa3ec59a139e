import type { ListRequest } from "../../live/live.js";
import { ownSessions } from "../../live/own-sessions.js";
import type { Total } from "../../live/progress.js";
import { describe, type Table } from "./table.js";

/** Goes through the whole table, in the order in which it names its items: others may share it. */
export async function listTable(table: Table, { after, onPage }: ListRequest): Promise<void> {
  const { connection, items, name, target } = table;
  const { sdk, client } = connection;
  const own = await ownSessions(target);
  for (let from = after === undefined ? undefined : items.key(after); ; ) {
    const input = { TableName: name, ExclusiveStartKey: from };
    const page = await client.send(new sdk.ScanCommand(input));
    const records = (page.Items ?? []).flatMap((item) => {
      const key = items.keyOf(item);
      const session = key?.startsWith(own.prefix) ? items.decode(item) : undefined;
      if (key === undefined || session === undefined || session.expiresAt <= Date.now()) return [];
      return [{ key, payload: session.payload }];
    });
    from = page.LastEvaluatedKey;
    const position = from === undefined ? undefined : items.keyOf(from);
    if (position === undefined) {
      if (records.length > 0) await onPage({ records, position: records.at(-1)?.key ?? "" });
      return;
    }
    if (!(await onPage({ records, position }))) return;
  }
}

/** Gives what DynamoDB says of the whole table, some hours ago. */
export async function countTable(table: Table): Promise<Total> {
  const count = (await describe(table))?.ItemCount;
  return { count: count ?? 0, exact: false };
}
