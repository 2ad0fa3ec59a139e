import type { SessionStore } from "../../../src/stores/store.js";

/** Sessions of one value: three pages. */
const COUNT = 1000;

/**
 * Tells how often others have their turn, in a process whose driver is synchronous, while the
 * sessions of a value are looked through, counted, and removed.
 */
export async function turnsOf(store: SessionStore, expiresAt: number): Promise<Record<string, number>> {
  const application = "shop";
  for (let index = 0; index < COUNT; index += 1)
    await store.write(`shop.${index}`, Uint8Array.of(1), {
      expect: "absent",
      expiresAt,
      index: { user_id: "ada" },
    });
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
