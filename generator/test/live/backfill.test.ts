import type { SessionStore } from "@sessgen/runtime";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import { expect, it } from "vitest";
import { backfillPage, NONE } from "../../src/live/backfill.js";

const HOUR = 3_600_000;

it("writes a few sessions of a page at a time, and requests have their turn after each few", async () => {
  const inner = memoryStore();
  const events: string[] = [];
  const store: SessionStore = Object.create(inner, {
    read: { value: (key: string) => inner.read(key) },
    write: {
      value: (...args: Parameters<SessionStore["write"]>) => {
        events.push("write");
        return inner.write(...args);
      },
    },
  });
  const records = Array.from({ length: 25 }, (_, number) => ({
    key: `app.${number}`,
    payload: Uint8Array.of(1),
  }));
  for (const { key, payload } of records)
    await inner.write(key, payload, { expect: "absent", expiresAt: Date.now() + HOUR });
  const counts = await backfillPage({ records }, NONE, {
    store,
    rewrite: () => ({ kind: "changed", payload: Uint8Array.of(2), changes: ["format"], index: undefined }),
    isSession: () => true,
    dryRun: false,
    rest: async () => void events.push("rest"),
  });
  expect(counts).toMatchObject({ seen: 25, rewritten: 25, changes: { format: 25 } });
  expect(
    events
      .join(" ")
      .split(" rest")
      .map((writes) => writes.split(" ").filter(Boolean).length),
  ).toEqual([10, 10, 5, 0]);
});
