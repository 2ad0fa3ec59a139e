import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { eventually, freePort, startProgram } from "./machine.js";
import { probe, startServer } from "./redis.js";

/** A primary with a replica, watched by a Sentinel. */
export interface Watched {
  /** The Sentinel's address. */
  readonly url: string;
  /** What it calls the primary. */
  readonly name: string;
  killPrimary(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the three. The Sentinel elects the replica by itself three seconds after the primary is
 * gone; earlier, one on a busy machine would be taken for dead.
 */
export async function startSentinel(): Promise<Watched> {
  const name = "sessions";
  const [primaryPort, replicaPort, port] = [await freePort(), await freePort(), await freePort()];
  const primary = startServer("redis-server", primaryPort, []);
  const replicaOf = ["--replicaof", "127.0.0.1", String(primaryPort), "--repl-diskless-sync-delay", "0"];
  const replica = startServer("redis-server", replicaPort, replicaOf);
  await Promise.all([primaryPort, replicaPort].map((each) => probe(`redis://127.0.0.1:${each}`)));
  const sentinel = startProgram("redis-server", (folder) => {
    const file = join(folder, "sentinel.conf");
    const lines = [
      `port ${port}`,
      "bind 127.0.0.1",
      `sentinel monitor ${name} 127.0.0.1 ${primaryPort} 1`,
      `sentinel down-after-milliseconds ${name} 3000`,
      `sentinel failover-timeout ${name} 3000`,
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    return [file, "--sentinel"];
  });
  const stop = async (): Promise<void> => {
    await Promise.all([primary, replica, sentinel].map((program) => program.stop()));
  };
  const url = `redis://127.0.0.1:${port}`;
  try {
    await Promise.race([knowsReplica(url, name), sentinel.failed, replica.failed, primary.failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, name, killPrimary: () => primary.stop(), stop };
}

/** Without a replica that is in sync there is nothing to elect. */
async function knowsReplica(url: string, name: string): Promise<void> {
  const client = new Redis(url, { maxRetriesPerRequest: 100 });
  client.on("error", () => {});
  try {
    await eventually(async () => {
      const replicas = (await client.call("SENTINEL", "REPLICAS", name)) as string[][];
      if (!replicas.some((fields) => fields[fields.indexOf("master-link-status") + 1] === "ok"))
        throw new Error("The Sentinel knows no replica in sync yet");
    });
  } finally {
    client.disconnect();
  }
}
