import assert from "node:assert/strict";
import type { FindOptions, SessionStore } from "../stores/store.js";

/**
 * Lists the keys that a store names as having a value, those it names twice twice.
 * @param options - `application`: whose sessions; those whose keys have no tag unless given
 */
export async function foundKeys(
  store: SessionStore,
  index: string,
  value: string,
  options: Partial<FindOptions> = {},
): Promise<string[]> {
  assert.ok(store.findByIndex, "the store should have findByIndex, or say why it has not");
  const keys: string[] = [];
  for await (const page of store.findByIndex(index, value, { application: "", ...options }))
    keys.push(...page.map(({ key }) => key));
  return keys;
}
