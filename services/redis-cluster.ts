import { Redis } from "ioredis";
import { eventually, freePort, has, installPackages } from "./machine.js";
import { probe, startServer } from "./redis.js";
import type { Recipe, Running } from "./service.js";

const SLOTS = 16_384;

/** A cluster of three primaries; its address is that of the first. */
export const redisCluster: Recipe = {
  name: "redis-cluster",
  variable: "REDIS_CLUSTER_URL",
  probe,
  available: () => has("redis-server"),
  start: () => startCluster(3),
  install: () => installPackages("redis-server"),
};

/** Starts a cluster whose slots are spread evenly. */
export async function startCluster(size: number): Promise<Running> {
  const nodes = await Promise.all(Array.from({ length: size }, startNode));
  const url = `redis://127.0.0.1:${nodes[0]?.port}`;
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(({ program }) => program.stop()));
  };
  try {
    const version = await Promise.race([probe(url), ...nodes.map(({ program }) => program.failed)]);
    await join(nodes);
    return {
      url,
      version,
      freeze: () => nodes.forEach(({ program }) => void program.freeze()),
      thaw: () => nodes.forEach(({ program }) => void program.thaw()),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startNode() {
  const port = await freePort();
  const bus = await freePort();
  const program = startServer("redis-server", port, [
    ...["--cluster-enabled", "yes", "--cluster-port", String(bus), "--cluster-node-timeout", "15000"],
  ]);
  return { port, bus, program };
}

/** Deals out the slots, introduces the nodes to the first one, and waits until all agree. */
async function join(nodes: readonly { readonly port: number; readonly bus: number }[]): Promise<void> {
  const clients = nodes.map(({ port }) =>
    new Redis(port, { maxRetriesPerRequest: 100 }).on("error", () => {}),
  );
  try {
    for (const [index, client] of clients.entries()) {
      const first = Math.floor((index * SLOTS) / clients.length);
      const last = Math.floor(((index + 1) * SLOTS) / clients.length) - 1;
      await client.call("CLUSTER", "SET-CONFIG-EPOCH", index + 1);
      await client.call("CLUSTER", "ADDSLOTSRANGE", first, last);
      await client.call("CLUSTER", "MEET", "127.0.0.1", nodes[0]?.port ?? 0, nodes[0]?.bus ?? 0);
    }
    await eventually(async () => {
      for (const client of clients) {
        const info = String(await client.call("CLUSTER", "INFO"));
        const complete =
          info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${nodes.length}`);
        if (!complete) throw new Error("The nodes of the cluster do not know each other yet");
      }
    });
  } finally {
    for (const client of clients) client.disconnect();
  }
}

/**
 * Moves all slots of the first node that hold keys to another one, as `redis-cli --cluster reshard`
 * does: key by key, while clients go on.
 * @returns how many keys were moved
 */
export async function moveSlots(url: string): Promise<number> {
  const from = new Redis(url);
  const nodes = String(await from.call("CLUSTER", "NODES"))
    .split("\n")
    .map((line) => line.split(" "));
  const [source = ""] = nodes.find(([, , flags]) => flags?.includes("myself")) ?? [];
  const [target = "", address = ""] = nodes.find(([, , flags]) => flags === "master") ?? [];
  const [host = "", port = ""] = address.split(/[:@]/);
  const to = new Redis(Number(port), host);
  let moved = 0;
  try {
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
    const counts = await Promise.all(slots.map((slot) => from.call("CLUSTER", "COUNTKEYSINSLOT", slot)));
    for (const slot of slots.filter((each) => Number(counts[each]) > 0)) {
      await to.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source);
      await from.call("CLUSTER", "SETSLOT", slot, "MIGRATING", target);
      for (;;) {
        const keys = (await from.callBuffer("CLUSTER", "GETKEYSINSLOT", slot, 10)) as Buffer[];
        if (keys.length === 0) break;
        for (const key of keys) await from.call("MIGRATE", host, port, key, 0, 5000);
        moved += keys.length;
      }
      for (const node of [to, from]) await node.call("CLUSTER", "SETSLOT", slot, "NODE", target);
    }
    return moved;
  } finally {
    from.disconnect();
    to.disconnect();
  }
}
