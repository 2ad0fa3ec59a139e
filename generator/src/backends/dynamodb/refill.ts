import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { withBreaks } from "../../live/breaks.js";
import { emittedIndexValues, type IndexReader, isDone, unreadableNote } from "../../live/emitted-fields.js";
import { noteFilled } from "../../live/index-notes.js";
import type { MigrateRequest } from "../../live/live.js";
import { type OwnSessions, ownSessions } from "../../live/own-sessions.js";
import { progressOf } from "../../live/progress.js";
import type { FieldIndex } from "../../model/model.js";
import { isError } from "./connection.js";
import { describe, type Table } from "./table.js";

type Item = Record<string, AttributeValue>;

/** How many sessions are read at once. */
const PAGE = 500;
/** How many sessions are written at once. */
const WRITERS = 16;

/**
 * Where it is written down how far the sessions of an application have been filled in: the item's
 * key, behind the application's tag, and the attribute. No session has such a key, and none has
 * text in its payload.
 */
const PASS = "sessgen";
const NOTE = "payload";

/** A pass over the sessions that was begun. */
interface Pass {
  readonly indexes: readonly string[];
  readonly after: string;
}

/**
 * Lets stored sessions of the application be found by the indexes, beside traffic: who writes a
 * session meanwhile wins. Interrupted, it goes on where it was.
 */
export async function refill(
  table: Table,
  title: string,
  open: readonly FieldIndex[],
  request: MigrateRequest,
): Promise<void> {
  const { sdk, client } = table.connection;
  const valuesOf = await emittedIndexValues(table.target);
  const own = await ownSessions(table.target);
  const indexes = signatures(table);
  const begun = await readPass(table);
  let from = begun?.indexes.join() === indexes.join() ? table.items.key(begun.after) : undefined;
  const counts: Record<Outcome, number> = { filled: 0, other: 0, unreadable: 0 };
  let seen = 0;
  const count = (await describe(table))?.ItemCount;
  const progress = progressOf({
    say: (line) => request.progress(`${title}: ${line}`),
    what: "items",
    // The number is some hours old, and counts the whole table.
    total: count === undefined || count === 0 || begun !== undefined ? undefined : { count, exact: false },
  });
  const scanPage = async (): Promise<void> => {
    const input = { TableName: table.name, Limit: PAGE, ExclusiveStartKey: from };
    const page = await client.send(new sdk.ScanCommand(input));
    const queue = (page.Items ?? []).filter((item) => isOwn(table, own, item));
    seen += queue.length;
    const writer = async (): Promise<void> => {
      for (let item = queue.pop(); item !== undefined; item = queue.pop())
        counts[await refillOne(table, item, valuesOf)] += 1;
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
    from = page.LastEvaluatedKey;
    // Of a table that applications share, a page may end with a session of another one.
    const after = from === undefined ? undefined : table.items.keyOf(from);
    if (after !== undefined && isDone(table.target, counts.unreadable))
      await writePass(table, { indexes, after });
    progress.add(page.ScannedCount ?? 0, `${counts.filled} sessions filled in`);
  };
  const beside = withBreaks(request.share);
  do await beside(scanPage);
  while (from !== undefined);
  await writePass(table, undefined);
  if (isDone(table.target, counts.unreadable)) await noteFilled(table.target, open, request);
  const unreadable = unreadableNote(table.target, counts.unreadable);
  request.progress(`${title}: ${counts.filled} of ${seen} sessions${unreadable}`);
}

type Outcome = "filled" | "other" | "unreadable";

async function refillOne(table: Table, item: Item, valuesOf: IndexReader): Promise<Outcome> {
  const { sdk, client } = table.connection;
  const key = table.items.key(table.items.keyOf(item) ?? "");
  for (let current = item; ; ) {
    const update = updateOf(table, current, valuesOf);
    if (typeof update === "string") return update;
    try {
      const input = { TableName: table.name, Key: key, ...update };
      await client.send(
        new sdk.UpdateItemCommand({ ...input, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
      );
      return "filled";
    } catch (error) {
      if (!isError(error, "ConditionalCheckFailedException")) throw error;
      const { Item: written } = error as { Item?: Item };
      if (written === undefined) return "other";
      // Somebody wrote the session meanwhile; an older deploy does so without the index.
      current = written;
    }
  }
}

function updateOf({ items }: Table, item: Item, valuesOf: IndexReader) {
  const session = items.decode(item);
  if (session === undefined || session.expiresAt <= Date.now()) return "other";
  const values = valuesOf(session.payload, items.keyOf(item) ?? "");
  return values === undefined ? "unreadable" : (items.reindex(item, values) ?? "other");
}

/** Whether an item is a session of this application's: others may share the table. */
function isOwn({ items }: Table, own: OwnSessions, item: Item): boolean {
  return own.has(items.keyOf(item) ?? "") && items.decode(item) !== undefined;
}

/** The indexes, and what is in them. */
function signatures({ target }: Table): string[] {
  return target.indexes.map(({ name, path, hashed }) => `${name}=${hashed ? "#" : ""}${path}`);
}

async function readPass(table: Table): Promise<Pass | undefined> {
  const { sdk, client } = table.connection;
  const input = { TableName: table.name, Key: await passKey(table), ConsistentRead: true };
  const { Item: item } = await client.send(new sdk.GetItemCommand(input));
  const text = item?.[NOTE]?.S;
  return text === undefined ? undefined : (JSON.parse(text) as Pass);
}

async function writePass(table: Table, pass: Pass | undefined): Promise<void> {
  const { sdk, client } = table.connection;
  const place = { TableName: table.name, Key: await passKey(table) };
  if (pass === undefined) await client.send(new sdk.DeleteItemCommand(place));
  else
    await client.send(
      new sdk.UpdateItemCommand({
        ...place,
        UpdateExpression: "SET #note = :note",
        ExpressionAttributeNames: { "#note": NOTE },
        ExpressionAttributeValues: { ":note": { S: JSON.stringify(pass) } },
      }),
    );
}

async function passKey({ target, items }: Table): Promise<Item> {
  const { prefix } = await ownSessions(target);
  return items.key(prefix + PASS);
}
