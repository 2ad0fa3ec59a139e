import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { withBreaks } from "../../live/breaks.js";
import { emittedIndexValues, type IndexReader, isDone, unreadableNote } from "../../live/emitted-fields.js";
import type { MigrateRequest } from "../../live/live.js";
import { type OwnSessions, ownSessions } from "../../live/own-sessions.js";
import { progressOf } from "../../live/progress.js";
import { isError } from "./connection.js";
import { describe, type Table } from "./table.js";

type Item = Record<string, AttributeValue>;

/** How many sessions are read at once. */
const PAGE = 500;
/** How many pages are read at most in search of a sample. */
const SAMPLE_PAGES = 10;
/** How many sessions are written at once. */
const WRITERS = 16;

/**
 * The key, behind the application's tag, of the item where it is written down how far its sessions
 * have been filled in, and the attribute it stands in: no session has such a key, and none has text
 * in its payload.
 */
const NOTES = "sessgen";
const NOTE = "payload";

/** What sessions can be found by, those too that were stored before the index was asked for. */
interface Notes {
  /** Indexes, as {@link signatures} names them. */
  readonly filled: readonly string[];
  /** They were filled in when no older deploy was running. */
  readonly final: boolean;
  /** A pass over the sessions that was begun. */
  readonly pass?: { readonly indexes: readonly string[]; readonly after: string };
}

/** Tells whether an older session may lack what it is to be found by. */
export async function needsRefill(table: Table, afterDeploy: boolean): Promise<boolean> {
  const { filled, final } = await readNotes(table);
  return (afterDeploy && !final) || signatures(table).some((index) => !filled.includes(index));
}

/** Notes that there is nothing to fill in, the table being new. */
export async function noteNew(table: Table): Promise<void> {
  if (signatures(table).length > 0) await writeNotes(table, { filled: signatures(table), final: true });
}

/**
 * Forgets indexes that are not asked for any more: sessions are written without them from now on.
 */
export async function forgetOthers(table: Table): Promise<void> {
  const notes = await readNotes(table);
  const filled = notes.filled.filter((index) => signatures(table).includes(index));
  if (filled.length < notes.filled.length) await writeNotes(table, { ...notes, filled });
}

/**
 * Lets stored sessions of the application be found by the indexes, beside traffic: who writes a
 * session meanwhile wins. Interrupted, it goes on where it was.
 */
export async function refill(table: Table, title: string, request: MigrateRequest): Promise<void> {
  const { sdk, client } = table.connection;
  const valuesOf = await emittedIndexValues(table.target);
  const own = await ownSessions(table.target);
  const [indexes, notes] = [signatures(table), await readNotes(table)];
  const begun = notes.pass?.indexes.join() === indexes.join() ? notes.pass : undefined;
  let from = begun === undefined ? undefined : table.items.key(begun.after);
  const counts: Record<Outcome, number> = { filled: 0, other: 0, unreadable: 0 };
  let seen = 0;
  const count = (await describe(table))?.ItemCount;
  const progress = progressOf({
    say: (line) => request.progress(`${title}: ${line}`),
    what: "items",
    // Some hours old, and of the whole table.
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
      await writeNotes(table, { ...notes, pass: { indexes, after } });
    progress.add(page.ScannedCount ?? 0, `${counts.filled} sessions filled in`);
  };
  const beside = withBreaks(request.share);
  do await beside(scanPage);
  while (from !== undefined);
  if (isDone(table.target, counts.unreadable))
    await writeNotes(table, { filled: indexes, final: request.afterDeploy === true });
  else await writeNotes(table, { filled: notes.filled, final: false });
  const unreadable = unreadableNote(table.target, counts.unreadable);
  request.progress(`${title}: ${counts.filled} of ${seen} sessions${unreadable}`);
}

/**
 * Tells how many of the application's first sessions, of how many, cannot be found by what they
 * have; nothing is changed.
 */
export async function sample(table: Table): Promise<{ readonly lacking: number; readonly seen: number }> {
  const valuesOf = await emittedIndexValues(table.target);
  const items = await firstOwn(table, PAGE);
  const lacking = items.filter((item) => typeof updateOf(table, item, valuesOf) !== "string");
  return { lacking: lacking.length, seen: items.length };
}

/**
 * Sessions of the application's on the first page that has any: of a table that is shared, some may
 * be all of others.
 */
async function firstOwn(table: Table, limit: number): Promise<readonly Item[]> {
  const { sdk, client } = table.connection;
  const own = await ownSessions(table.target);
  let from: Item | undefined;
  for (let pages = 0; pages < SAMPLE_PAGES; pages += 1) {
    const input = { TableName: table.name, Limit: limit, ExclusiveStartKey: from };
    const page = await client.send(new sdk.ScanCommand(input));
    const items = (page.Items ?? []).filter((item) => isOwn(table, own, item));
    from = page.LastEvaluatedKey;
    if (items.length > 0 || from === undefined) return items;
  }
  return [];
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

async function readNotes(table: Table): Promise<Notes> {
  const { sdk, client } = table.connection;
  const input = { TableName: table.name, Key: await notesKey(table), ConsistentRead: true };
  const { Item: item } = await client.send(new sdk.GetItemCommand(input));
  const text = item?.[NOTE]?.S;
  return text === undefined ? { filled: [], final: false } : (JSON.parse(text) as Notes);
}

async function writeNotes(table: Table, notes: Notes): Promise<void> {
  const { sdk, client } = table.connection;
  await client.send(
    new sdk.UpdateItemCommand({
      TableName: table.name,
      Key: await notesKey(table),
      UpdateExpression: "SET #note = :note",
      ExpressionAttributeNames: { "#note": NOTE },
      ExpressionAttributeValues: { ":note": { S: JSON.stringify(notes) } },
    }),
  );
}

async function notesKey({ target, items }: Table): Promise<Item> {
  const { prefix } = await ownSessions(target);
  return items.key(prefix + NOTES);
}
