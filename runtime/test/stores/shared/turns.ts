import type { SessionStore } from "../../../src/stores/store.js";

/** How often others had their turn during each, and how many sessions were found. */
interface Turns {
  readonly found: number;
  readonly beginnings: number;
  readonly removed: number;
  readonly states: number;
}

/**
 * Tells how often others have their turn, in a process whose driver is synchronous, while the
 * sessions of a value are looked through, counted, and removed.
 */
export async function turnsOf(store: SessionStore, expiresAt: number, count: number): Promise<Turns> {
  const application = "shop";
  const write = { expect: "absent", expiresAt, index: { user_id: "ada" } } as const;
  const keys = Array.from({ length: count }, (_, number) => `shop.${number}`);
  await Promise.all(keys.map((key) => store.write(key, Uint8Array.of(1), write)));
  const states: { key: string; version: string }[] = [];
  const found = async (): Promise<void> => {
    for await (const page of store.findByIndex?.("user_id", "ada", { application }) ?? [])
      states.push(...page.map(({ key, stored: { version } }) => ({ key, version })));
  };
  const beginnings = async (): Promise<void> => {
    const pages = store.findBeginnings?.("user_id", "ada", { application, bytes: 64 }) ?? [];
    for await (const page of pages) void page;
  };
  const turns = { found: await turnsDuring(found), beginnings: await turnsDuring(beginnings) };
  const removed = await turnsDuring(async () => {
    const done = await store.removeMany?.(states.slice(0, 100));
    if (done?.every(Boolean) !== true) throw new Error("Not all were removed");
  });
  return { ...turns, removed, states: states.length };
}

async function turnsDuring(work: () => Promise<void>): Promise<number> {
  let [turns, isDone] = [0, false];
  const turn = (): void => {
    if (isDone) return;
    turns += 1;
    setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isDone = true;
  return turns;
}
