import type { Redis } from "ioredis";
import type { SessionStore } from "../../../src/stores/store.js";
import { foundKeys } from "../../../src/testing/found-keys.js";

/** The keys found by a value, sorted, each once. */
export async function found(store: SessionStore, index: string, value: string): Promise<string[]> {
  return [...new Set(await foundKeys(store, index, value))].sort();
}

/** How often clients sent each command meanwhile, apart from what the observer sends itself. */
export async function counted(observer: Redis, work: () => Promise<void>): Promise<Record<string, number>> {
  const monitor = await observer.monitor();
  const sent: Record<string, number> = {};
  const end = `end ${Math.random()}`;
  const ended = new Promise<void>((resolve) => {
    monitor.on("monitor", (_time: string, [command = "", argument]: string[], source: string) => {
      if (argument === end) resolve();
      // What scripts call is reported with `lua` as its source.
      else if (source !== "lua") sent[command.toLowerCase()] = (sent[command.toLowerCase()] ?? 0) + 1;
    });
  });
  await work();
  await observer.echo(end);
  await ended;
  monitor.disconnect();
  return sent;
}
