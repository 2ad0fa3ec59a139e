import type { RedisArgument, RedisConnection } from "./connection.js";
import type { RedisNames } from "./item.js";
import type { Placement } from "./placement.js";
import { pageOfSessionsScript, pageScript, runScript } from "./scripts.js";

/** How many sessions one script reads, which everybody else waits for: about a millisecond. */
export const SESSIONS = 200;

/** A set that is read page by page. */
export interface Pages {
  readonly placement: Placement;
  readonly names: RedisNames;
  readonly set: string;
}

/** A member of a set, and its score. */
export type Member = readonly [key: string, score: string];

/** A member, and the record behind it, as far as it was read. */
export interface ReadMember {
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
  { placement, names, set }: Pages,
  from: readonly RedisArgument[],
): Promise<readonly ReadMember[]> {
  if (!placement.isApart(connection)) {
    const request = [names.prefix, String(SESSIONS), ...from];
    try {
      return sessionsIn((await runScript(connection, pageOfSessionsScript, [set], request)) as Buffer[]);
    } catch (error) {
      if (!placement.turnsOutApart(error)) throw error;
    }
  }
  const members = await readMembers(connection, set, SESSIONS, from);
  return Promise.all(
    members.map(async (member) => {
      const name = names.of(member[0]);
      return { member, bytes: (await connection.send("get", name, [name])) as Buffer | null };
    }),
  );
}

/**
 * Reads so many members of a set alone.
 * @param from - as of {@link readPage}
 */
export async function readMembers(
  connection: RedisConnection,
  set: string,
  count: number,
  from: readonly RedisArgument[],
): Promise<readonly Member[]> {
  const reply = (await runScript(connection, pageScript, [set], [String(count), ...from])) as Buffer[];
  return Array.from({ length: reply.length / 2 }, (_, index) => [
    String(reply[2 * index]),
    String(reply[2 * index + 1]),
  ]);
}

/** Reads what `pageOfSessionsScript` gives. */
function sessionsIn(reply: readonly Buffer[]): readonly ReadMember[] {
  return Array.from({ length: reply.length / 3 }, (_, index) => {
    const [key, score, bytes = null] = reply.slice(3 * index, 3 * index + 3);
    return { member: [String(key), String(score)], bytes };
  });
}
