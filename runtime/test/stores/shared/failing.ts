import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { SessionStore } from "../../../src/stores/store.js";

// What the stores are given, and no error of theirs may show.
export const PAYLOAD = "the-payload-of-the-session";
export const VALUE = "the-value-of-the-index";
export const KEY = "the-key-of-the-session";
export const PASSWORD = "the-password-of-the-server";

/** A store, on something that makes what is done next fail. */
export interface Failing {
  readonly store: SessionStore;
  fail(store: SessionStore): Promise<unknown>;
}

/** A way in which a store fails. The folder of each store has its own, as `cases` of `failing.ts`. */
export type FailingCase = readonly [name: string, open: () => Promise<Failing>];

const payload = Buffer.from(PAYLOAD);

/** All that is to stay hidden, as text, and as what errors and commands hold bytes as. */
export const secrets: readonly string[] = [
  ...[PAYLOAD, VALUE, KEY, PASSWORD],
  payload.toString("hex"),
  payload.toString("base64").slice(0, 24),
  [...payload.subarray(0, 8)].join(","),
  [...payload.subarray(0, 8)].join(", "),
  [...payload.subarray(0, 8)].map((byte) => byte.toString(16)).join(" "),
];

export const write = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;
const index = { user_id: VALUE };

/** Writes a session, with an index. */
export function writing(store: SessionStore, key: string = KEY): Promise<unknown> {
  return store.write(key, payload, { ...write, index });
}

/** Two sessions may not have one value: the database refuses the second one, and quotes it. */
export async function collide(store: SessionStore): Promise<unknown> {
  await writing(store, `${KEY}-1`);
  const other = await store.write(`${KEY}-2`, payload, { ...write, index: { user_id: "other" } });
  const expected = other.ok ? other.version : "";
  return store.write(`${KEY}-2`, payload, { ...write, expect: expected, index });
}

/** A folder for what is kept on disk. */
export const folder: string = mkdtempSync(join(tmpdir(), "sessgen-cause-"));
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
afterAll(async () => {
  for (const end of ends) await end();
});

/** Does so when all cases are through. */
export function atTheEnd(end: () => unknown): void {
  ends.push(end);
}

let names = 0;

/** A name that nobody else has, for a table, a prefix or a file. */
export function fresh(): string {
  names += 1;
  return `cause_${process.pid}_${names}`;
}
