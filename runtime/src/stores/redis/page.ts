import { expiryIn, payloadIn, termsIn } from "../shared/envelope.js";
import { includesTerm } from "../shared/index-terms.js";
import type { RedisArgument, RedisConnection } from "./connection.js";
import type { RedisNames } from "./item.js";
import type { Placement } from "./placement.js";
import { pageOfBeginningsScript, pageOfSessionsScript, pageScript, runScript } from "./scripts.js";

/** A set that is read page by page. */
export interface Pages {
  readonly placement: Placement;
  readonly names: RedisNames;
  readonly set: string;
  /** How many members a page has. */
  readonly size: number;
}

/** As many bytes as the envelopes of most sessions have in front of the payload. */
const ENVELOPE = 148;

const NOTHING = Buffer.alloc(0);

/** A member of a set, and its score. */
export type Member = readonly [key: string, score: string];

/** A member, and the record behind it, as far as it was read. */
interface ReadMember {
  readonly member: Member;
  readonly bytes: Buffer | null;
}

/**
 * Reads the sessions of a page, in one round trip; where each is on a node of its own, all at once
 * after the page.
 * @param from - the last member of the page before, if there was one
 */
export async function readPage(
  connection: RedisConnection,
  { placement, names, set, size }: Pages,
  from: readonly RedisArgument[],
): Promise<readonly ReadMember[]> {
  if (!placement.isApart(connection)) {
    const request = [names.prefix, String(size), ...from];
    try {
      return sessionsIn((await runScript(connection, pageOfSessionsScript, [set], request)) as Buffer[]);
    } catch (error) {
      if (!placement.turnsOutApart(error)) throw error;
    }
  }
  const reply = (await runScript(connection, pageScript, [set], [String(size), ...from])) as Buffer[];
  return Promise.all(
    Array.from({ length: reply.length / 2 }, async (_, index) => {
      const [key, score] = reply.slice(2 * index, 2 * index + 2);
      const name = names.of(String(key));
      const bytes = (await connection.send("get", name, [name])) as Buffer | null;
      return { member: [String(key), String(score)] as const, bytes };
    }),
  );
}

/**
 * Reads a page of beginnings, or of whole records where sessions are on other nodes than their set.
 * @param bytes - of each payload
 * @param from - the last member of the page before, if there was one
 */
export async function readBeginnings(
  connection: RedisConnection,
  pages: Pages,
  bytes: number,
  from: readonly RedisArgument[],
): Promise<PageOfBeginnings> {
  const { placement, names, set, size } = pages;
  if (!placement.isApart(connection)) {
    const request = [names.prefix, String(bytes + ENVELOPE), String(size), ...from];
    try {
      return beginningsIn((await runScript(connection, pageOfBeginningsScript, [set], request)) as Buffer);
    } catch (error) {
      if (!placement.turnsOutApart(error)) throw error;
    }
  }
  const page = await readPage(connection, pages, from);
  return {
    keys: page.map(({ member: [key] }) => key),
    records: page.map(({ bytes }) => bytes ?? NOTHING),
    last: page.at(-1)?.member,
  };
}

/** Reads what `pageOfSessionsScript` gives. */
function sessionsIn(reply: readonly Buffer[]): readonly ReadMember[] {
  return Array.from({ length: reply.length / 3 }, (_, index) => {
    const [key, score, bytes = null] = reply.slice(3 * index, 3 * index + 3);
    return { member: [String(key), String(score)], bytes };
  });
}

/** A page of no more than the beginnings of records. */
interface PageOfBeginnings {
  readonly keys: readonly string[];
  /** For each key; of no length where there is no record. */
  readonly records: readonly Buffer[];
  /** The last member; `undefined` where there is none. */
  readonly last: Member | undefined;
}

/** Reads what `pageOfBeginningsScript` gives. */
function beginningsIn(reply: Buffer): PageOfBeginnings {
  let at = 0;
  const list = (): Buffer[] => {
    const byte = reply[at] ?? 0;
    // 400 at most: 16 bits hold their number.
    const isShort = byte !== 0xdc;
    const items = new Array<Buffer>(isShort ? byte & 15 : reply.readUInt16BE(at + 1));
    at += isShort ? 1 : 3;
    for (let index = 0; index < items.length; index += 1) items[index] = text();
    return items;
  };
  const text = (): Buffer => {
    const byte = reply[at] ?? 0;
    const size = byte === 0xd9 ? 1 : byte === 0xda ? 2 : byte === 0xdb ? 4 : 0;
    const begin = at + 1 + size;
    at = begin + (size === 0 ? byte & 31 : reply.readUIntBE(at + 1, size));
    return reply.subarray(begin, at);
  };
  const keys = list().map(String);
  const records = list();
  const score = String(text());
  const key = keys.at(-1);
  return { keys, records, last: key === undefined ? undefined : [key, score] };
}

/**
 * Gives the beginning of the payload of what is live and of that term; of no length where the
 * envelope itself is longer than what was read of the record.
 */
export function beginningOf(record: Buffer | undefined, term: Buffer, now: number): Buffer | undefined {
  if (record === undefined || record.length === 0) return undefined;
  const payload = payloadIn(record);
  if (payload === undefined) return record.length < ENVELOPE ? undefined : NOTHING;
  const isLive = (expiryIn(record) ?? 0) > now;
  return isLive && includesTerm(termsIn(record), term) ? payload : undefined;
}
