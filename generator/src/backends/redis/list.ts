import type { SessionStore } from "@sessgen/runtime";
import type { ListRequest, StoredPayload, Target } from "../../live/live.js";
import { ownSessions } from "../../live/own-sessions.js";
import type { Total } from "../../live/progress.js";
import { type RedisNode, withNodes } from "./connection.js";
import { prefixOf, scan } from "./refill.js";

/** How many records are read at once. */
const AT_ONCE = 20;

/**
 * Goes through records in the order in which the servers name them. A position is a server and its
 * cursor, which it knows in another connection, too, and however many keys it has by then.
 */
export async function listRedis(target: Target, { store, after, onPage }: ListRequest): Promise<void> {
  const own = await ownSessions(target);
  const prefix = prefixOf(target);
  const [from, cursor = "0"] = after?.split(" ") ?? [];
  await withNodes(target, async (all) => {
    const nodes = primariesIn(all);
    // A server that has left the cluster since has given its keys to others.
    const first = nodes.findIndex(({ address }) => address === from);
    for (const [index, node] of nodes.slice(Math.max(0, first)).entries()) {
      const at = index === 0 && first !== -1 ? cursor : "0";
      if (at === "end") continue;
      for await (const page of scan(node, prefix + own.prefix, at)) {
        const keys = page.names.map((name) => name.slice(prefix.length));
        const position = `${node.address} ${page.cursor === "0" ? "end" : page.cursor}`;
        if (!(await onPage({ records: await read(store, keys), position }))) return;
      }
    }
  });
}

/** Gives what the servers say of all that they hold. */
export async function countRedis(target: Target): Promise<Total> {
  return withNodes(target, async (nodes) => {
    const counts = await Promise.all(primariesIn(nodes).map((node) => node.send("DBSIZE")));
    return { count: counts.reduce((sum: number, count) => sum + Number(count), 0), exact: false };
  });
}

/** In an order that is the same the next time. */
function primariesIn(nodes: readonly RedisNode[]): readonly RedisNode[] {
  return nodes.filter(({ replica }) => !replica).sort((one, other) => (one.address < other.address ? -1 : 1));
}

async function read(store: SessionStore, keys: readonly string[]): Promise<readonly StoredPayload[]> {
  const records: StoredPayload[] = [];
  const queue = [...keys];
  const reader = async (): Promise<void> => {
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      const stored = await store.read(key);
      if (stored !== undefined) records.push({ key, payload: stored.payload });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return records;
}
