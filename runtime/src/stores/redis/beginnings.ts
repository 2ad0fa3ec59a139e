import type { Clock } from "../../time/clock.js";
import { ahead } from "../shared/ahead.js";
import { expiryIn, hasTerm, payloadIn } from "../shared/envelope.js";
import type { FoundBeginning } from "../store.js";
import type { RedisConnection } from "./connection.js";
import { KeyListing, type Run } from "./key-listing.js";
import type { Pages } from "./page.js";
import { beginningsScript, pageOfBeginningsScript, runScript } from "./scripts.js";

/** What {@link beginningsIn} reads, and how. */
export interface BeginningsOptions {
  readonly run: Run;
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

type Records = readonly (Buffer | null)[];

/** Keys of a set, and what is behind each. */
interface Page {
  readonly keys: readonly string[];
  readonly records: Records;
}

/**
 * Reads the beginnings of the sessions in a set, each once. The first page is of one moment. What
 * is not there any more is left to `findByIndex` to take out of its set.
 */
export function beginningsIn(options: BeginningsOptions): AsyncGenerator<readonly FoundBeginning[]> {
  return new Beginnings(options).read();
}

class Beginnings {
  readonly #options: BeginningsOptions;
  readonly #listing: KeyListing;
  /** How many bytes of each record are read; `undefined`: all. */
  #most: number | undefined;
  /** Whether somebody was listed who had gone when the record was read. */
  #isGone = false;

  constructor(options: BeginningsOptions) {
    this.#options = options;
    this.#listing = new KeyListing(options.run, options.pages.set);
  }

  async *read(): AsyncGenerator<readonly FoundBeginning[]> {
    const { run, pages } = this.#options;
    const first = await run((connection) => readFirst(connection, pages));
    if (first !== undefined && first.keys.length > 0) {
      this.#listing.note(first.keys);
      yield this.#found(first);
    }
    if (first !== undefined && first.keys.length < FIRST) return;
    do {
      // Who has moved away before the record was read may have gone behind the last key.
      this.#isGone = false;
      for await (const page of this.#pages()) yield this.#found(page);
    } while (this.#isGone);
  }

  /**
   * Gives what is behind the last key. While records are looked at, those of the next page are on
   * their way, and the keys behind them: neither this process nor the server waits for the other.
   */
  async *#pages(): AsyncGenerator<Page> {
    const { run, pages } = this.#options;
    let before: Promise<Page> | undefined;
    for await (const keys of ahead(this.#listing.behind())) {
      if (keys.length === 0) continue;
      const most = this.#most;
      const page = run(async (connection) => ({
        keys,
        records: await readRecords(connection, pages, keys, most),
      }));
      // Whoever takes it is told what happened.
      page.catch(() => {});
      if (before !== undefined) yield await before;
      before = page;
    }
    if (before !== undefined) yield await before;
  }

  #found({ keys, records }: Page): readonly FoundBeginning[] {
    const { term, bytes, clock } = this.#options;
    const now = clock();
    const found: FoundBeginning[] = [];
    let total = 0;
    for (let position = 0; position < keys.length; position += 1) {
      const record = records[position] ?? NOTHING;
      total += record.length;
      const beginning = beginningOf(record, term, now);
      if (beginning === undefined) this.#isGone = true;
      else found.push({ key: keys[position] as string, beginning });
    }
    if (total > SHORT * keys.length) this.#most = bytes + ENVELOPE;
    return found;
  }
}

/** The first page, of one moment; `undefined` where sessions are on other nodes than their set. */
async function readFirst(
  connection: RedisConnection,
  { placement, names, set }: Pages,
): Promise<Page | undefined> {
  if (placement.isApart(connection)) return undefined;
  const request = [String(FIRST), names.prefix, String(2 * SHORT)];
  try {
    const reply = new Reply(await runScript(connection, pageOfBeginningsScript, [set], request));
    return { keys: reply.list().map(String), records: reply.list() };
  } catch (error) {
    if (!placement.turnsOutApart(error)) throw error;
    return undefined;
  }
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
  return (expiryIn(record) ?? 0) > now && hasTerm(record, term) ? payload : undefined;
}
