import type { Clock } from "../../time/clock.js";
import { expiryIn, payloadIn, termsIn } from "../shared/envelope.js";
import { includesTerm } from "../shared/index-terms.js";
import { PAGE } from "../shared/pages.js";
import type { FoundBeginning } from "../store.js";
import type { RedisConnection } from "./connection.js";
import type { Member, Pages } from "./page.js";
import { beginningsScript, pageOfBeginningsScript, pageOfKeysScript, runScript } from "./scripts.js";

/** What {@link beginningsIn} reads, and how. */
export interface BeginningsOptions {
  /** Does one round trip. */
  run<T>(work: (connection: RedisConnection) => Promise<T>): Promise<T>;
  readonly pages: Pages;
  /** The value, as it stands in a record. */
  readonly term: Buffer;
  /** How many bytes of each payload are wanted. */
  readonly bytes: number;
  readonly clock: Clock;
}

/** How many sessions the first page has, which is the only one of most values. */
const FIRST = 100;

/** As many bytes as the envelopes of most sessions have in front of the payload. */
const ENVELOPE = 148;

/**
 * Up to so many bytes a record, on the average of a page, the server gives whole records for less
 * than it takes a script to cut them.
 */
const SHORT = 512;

const NOTHING = Buffer.alloc(0);

/** Keys of a set, and what is behind them, where that was read along. */
interface KeysPage {
  readonly keys: readonly string[];
  /** The last of them; `undefined` where there is none. */
  readonly last: Member | undefined;
  readonly records?: Records;
}

type Records = readonly (Buffer | null)[];

/**
 * Reads the beginnings of the sessions in a set, each once. The first page is of one moment; of the
 * others, keys are read in the packet that asks for the records of the page before. What is not
 * there any more is left to `findByIndex` to take out of its set.
 */
export async function* beginningsIn({
  run,
  pages,
  term,
  bytes,
  clock,
}: BeginningsOptions): AsyncGenerator<readonly FoundBeginning[]> {
  // One that is touched meanwhile goes to the end of the set.
  const seen = new Set<string>();
  let most: number | undefined;
  let page = await run((connection) => readFirst(connection, pages));
  for (let size = FIRST; page.last !== undefined; size = PAGE) {
    const { keys, last } = page;
    const isLast = keys.length < size;
    const [records, next] =
      page.records === undefined
        ? await run((connection) =>
            Promise.all([
              readRecords(connection, pages, keys, most),
              isLast ? undefined : readKeys(connection, pages, last),
            ]),
          )
        : [page.records];
    const now = clock();
    const found: FoundBeginning[] = [];
    let [total, gone] = [0, 0];
    for (const [position, key] of keys.entries()) {
      const record = records[position] ?? NOTHING;
      total += record.length;
      const beginning = beginningOf(record, term, now);
      if (beginning === undefined) gone += 1;
      if (beginning === undefined || seen.has(key)) continue;
      seen.add(key);
      found.push({ key, beginning });
    }
    yield found;
    // What has moved away between the two may have gone behind the last one.
    if (isLast && (gone === 0 || page.records !== undefined)) return;
    if (total > SHORT * keys.length) most = bytes + ENVELOPE;
    page = next ?? (await run((connection) => readKeys(connection, pages, last)));
  }
}

async function readFirst(connection: RedisConnection, pages: Pages): Promise<KeysPage> {
  const { placement, names, set } = pages;
  if (!placement.isApart(connection)) {
    const request = [String(FIRST), names.prefix, String(2 * SHORT)];
    try {
      const reply = new Reply(await runScript(connection, pageOfBeginningsScript, [set], request));
      return { ...reply.keys(), records: reply.list() };
    } catch (error) {
      if (!placement.turnsOutApart(error)) throw error;
    }
  }
  return readKeys(connection, pages, undefined, FIRST);
}

async function readKeys(
  connection: RedisConnection,
  { set }: Pages,
  last: Member | undefined,
  size: number = PAGE,
): Promise<KeysPage> {
  return new Reply(
    await runScript(connection, pageOfKeysScript, [set], [String(size), ...(last ?? [])]),
  ).keys();
}

/**
 * Reads all of a page at once, each by itself where they are on different nodes.
 * @param most - how many bytes of each; `undefined`: all
 */
async function readRecords(
  connection: RedisConnection,
  { placement, names }: Pages,
  keys: readonly string[],
  most: number | undefined,
): Promise<Records> {
  const [first, ...others] = keys.map((key) => names.of(key));
  if (first === undefined) return [];
  if (!placement.isApart(connection)) {
    try {
      if (most === undefined) return (await connection.send("mget", first, [first, ...others])) as Records;
      const request = [String(most)];
      return new Reply(await runScript(connection, beginningsScript, [first, ...others], request)).list();
    } catch (error) {
      if (!placement.turnsOutApart(error)) throw error;
    }
  }
  const read = (name: string) => connection.send("get", name, [name]) as Promise<Buffer | null>;
  return Promise.all([first, ...others].map(read));
}

/** What a script has packed, read from its beginning. */
class Reply {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(reply: unknown) {
    this.#bytes = reply as Buffer;
  }

  keys(): KeysPage {
    const keys = this.list().map(String);
    const score = String(this.#text());
    const key = keys.at(-1);
    return { keys, last: key === undefined ? undefined : [key, score] };
  }

  list(): readonly Buffer[] {
    const byte = this.#bytes[this.#at] ?? 0;
    // There are never more than 16 bits hold.
    const isShort = byte !== 0xdc;
    const items = new Array<Buffer>(isShort ? byte & 15 : this.#bytes.readUInt16BE(this.#at + 1));
    this.#at += isShort ? 1 : 3;
    for (let index = 0; index < items.length; index += 1) items[index] = this.#text();
    return items;
  }

  #text(): Buffer {
    const byte = this.#bytes[this.#at] ?? 0;
    const size = byte === 0xd9 ? 1 : byte === 0xda ? 2 : byte === 0xdb ? 4 : 0;
    const begin = this.#at + 1 + size;
    this.#at = begin + (size === 0 ? byte & 31 : this.#bytes.readUIntBE(this.#at + 1, size));
    return this.#bytes.subarray(begin, this.#at);
  }
}

/**
 * Gives the beginning of the payload of what is live and of that term; of no length where the
 * envelope itself is longer than what was read of the record.
 */
function beginningOf(record: Buffer, term: Buffer, now: number): Buffer | undefined {
  if (record.length === 0) return undefined;
  const payload = payloadIn(record);
  if (payload === undefined) return record.length < ENVELOPE ? undefined : NOTHING;
  const isLive = (expiryIn(record) ?? 0) > now;
  return isLive && includesTerm(termsIn(record), term) ? payload : undefined;
}
