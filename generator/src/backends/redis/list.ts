import type { SessionStore } from "@sessgen/runtime";
import type { ListRequest, StoredPayload, Target } from "../../live/live.js";
import { ownSessions } from "../../live/own-sessions.js";
import type { Total } from "../../live/progress.js";
import { prefixOf } from "./commands.js";
import { type RedisNode, withNodes } from "./connection.js";
import { scan } from "./refill.js";
import { runOf } from "./servers.js";

/** How many records are read at once. */
const AT_ONCE = 20;

/** Where this user may not ask which start of a server it is: it is begun with anew. */
const UNKNOWN = "unknown";

/**
 * Goes through records in the order in which the servers name them. A position is one start of a
 * server and its cursor, which it knows in another connection, too, and however many keys it has by
 * then.
 */
export async function listRedis(target: Target, { store, after, onPage }: ListRequest): Promise<void> {
  const own = await ownSessions(target);
  const prefix = prefixOf(target);
  const [from, cursor = "0"] = after?.split(" ") ?? [];
  await withNodes(target, async (all) => {
    const nodes = primariesIn(all);
    const runs = await Promise.all(nodes.map(runOf));
    // One that was started since sorts its keys anew, and one that has left the cluster has given
    // them to others.
    const first = runs.findIndex((run) => run !== undefined && run === from);
    for (const [index, node] of nodes.entries()) {
      if (index < first) continue;
      const at = index === first ? cursor : "0";
      if (at === "end") continue;
      for await (const page of scan(node, prefix + own.prefix, at)) {
        const keys = page.names.map((name) => name.slice(prefix.length));
        const position = `${runs[index] ?? UNKNOWN} ${page.cursor === "0" ? "end" : page.cursor}`;
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
