import { PAGE } from "../shared/pages.js";
import type { RedisArgument, RedisConnection } from "./connection.js";
import type { RedisNames } from "./item.js";
import type { Placement } from "./placement.js";
import { pageOfSessionsScript, pageScript, runScript } from "./scripts.js";

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
    const request = [names.prefix, String(PAGE), ...from];
    try {
      return sessionsIn((await runScript(connection, pageOfSessionsScript, [set], request)) as Buffer[]);
    } catch (error) {
      if (!placement.turnsOutApart(error)) throw error;
    }
  }
  const reply = (await runScript(connection, pageScript, [set], [String(PAGE), ...from])) as Buffer[];
  return Promise.all(
    Array.from({ length: reply.length / 2 }, async (_, index) => {
      const [key, score] = reply.slice(2 * index, 2 * index + 2);
      const name = names.of(String(key));
      const bytes = (await connection.send("get", name, [name])) as Buffer | null;
      return { member: [String(key), String(score)] as const, bytes };
    }),
  );
}

/** Reads what `pageOfSessionsScript` gives. */
function sessionsIn(reply: readonly Buffer[]): readonly ReadMember[] {
  return Array.from({ length: reply.length / 3 }, (_, index) => {
    const [key, score, bytes = null] = reply.slice(3 * index, 3 * index + 3);
    return { member: [String(key), String(score)], bytes };
  });
}
