import type { Total } from "../../live/progress.js";
import { type RedisNode, refusal } from "./connection.js";

/** Gives what the servers say of all that they hold; nothing where this user may not ask. */
export async function totalOf(nodes: readonly RedisNode[]): Promise<Total | undefined> {
  const counts = await Promise.all(nodes.map((node) => allowed(() => node.send("DBSIZE"))));
  if (counts.includes(undefined)) return undefined;
  return { count: counts.reduce((sum: number, count) => sum + Number(count), 0), exact: false };
}

/**
 * Tells which start of a server this is: a cursor means nothing to another one, and would pass keys
 * by. Nothing where this user may not ask.
 */
export async function runOf(node: RedisNode): Promise<string | undefined> {
  const info = await allowed(() => node.send("INFO", "server"));
  return /^run_id:(\w+)/m.exec(String(info))?.[1];
}

async function allowed(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    if (refusal(error) === undefined) throw error;
    return undefined;
  }
}
