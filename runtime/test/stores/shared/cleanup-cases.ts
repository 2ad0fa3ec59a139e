import { expect } from "vitest";
import type { SessionStore } from "../../../src/stores/store.js";

const expiresAt = Date.UTC(2100, 0, 1);
const bytes = Uint8Array.of(1);

/** Something done with a store, and whether an expired session goes with it. */
export interface CleanupCase {
  readonly given: (store: SessionStore) => Promise<unknown>;
  readonly want: "swept" | "left";
}

/** Every request with a session does one of the first two; what else it does must not count again. */
export const cleanupCases: readonly [string, CleanupCase][] = [
  ["a read", { given: (store) => store.read("nobody"), want: "swept" }],
  [
    "a new session",
    { given: (store) => store.write("new", bytes, { expect: "absent", expiresAt }), want: "swept" },
  ],
  [
    "a write of what was read",
    { given: (store) => store.write("gone", bytes, { expect: "1", expiresAt }), want: "left" },
  ],
  [
    "a write over anything",
    { given: (store) => store.write("new", bytes, { expect: "any", expiresAt }), want: "left" },
  ],
  ["a touch", { given: (store) => store.touch("nobody", expiresAt), want: "left" }],
  ["a removal", { given: (store) => store.remove("nobody"), want: "left" }],
];

/**
 * Tries one case.
 * @param store - cleans up at every request
 * @param ids - of all rows there are
 */
export async function tryCleanup(
  store: SessionStore,
  ids: () => Promise<readonly string[]>,
  { given, want }: CleanupCase,
): Promise<void> {
  await store.write("old", bytes, { expect: "any", expiresAt: 0 });
  await given(store);
  await store.close();
  expect((await ids()).includes("old")).toBe(want === "left");
}
