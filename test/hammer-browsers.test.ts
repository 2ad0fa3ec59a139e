import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { settleTown } from "../hammer/browsers/houses.js";
import { isOver, Jar } from "../hammer/browsers/jar.js";
import { type BrowsingOptions, type BrowsingResult, browse } from "../hammer/browsers/run.js";
import type { Rule } from "../hammer/check.js";
import { failing } from "../hammer/failing.js";
import type { Fault } from "../hammer/faults.js";
import { Random } from "../hammer/random.js";
import { hammerStores } from "../hammer/stores/index.js";
import type { SessionStore } from "../runtime/src/index.js";
import { memoryStore } from "../runtime/src/stores/memory/index.js";
import { serviceUrl } from "../services/client.js";

const SEED = 20_261_130;
/** For runs on a busy machine, in milliseconds. */
const PATIENCE = 120_000;
const names = Object.keys(hammerStores);
const urls = new Map<string, string>();
for (const name of names) {
  const service = hammerStores[name]?.service;
  urls.set(name, service === undefined ? "" : await serviceUrl(service));
}
const isMissing = (name: string): boolean =>
  hammerStores[name]?.service !== undefined && urls.get(name) === "";

function run(
  store: string,
  operations: number,
  more: Partial<BrowsingOptions> = {},
): Promise<BrowsingResult> {
  return browse({ store, url: urls.get(store) ?? "", clients: 12, operations, seed: SEED, ...more });
}

function expectNothing({ violations, history }: BrowsingResult): void {
  const first = JSON.stringify(violations[0], null, 2);
  expect(violations.length, `seed ${SEED}, history in ${history}: ${first}`).toBe(0);
}

describe("a bounded run of browsers", { timeout: PATIENCE }, () => {
  for (const name of names) {
    it.skipIf(isMissing(name))(`finds nothing: ${name}`, async () => {
      // DynamoDB Local takes its time.
      const operations = name === "dynamodb" ? 150 : 300;
      const result = await run(name, operations);
      expectNothing(result);
      expect(result.operations).toBeGreaterThanOrEqual(operations);
      expect(result.unknown, `seed ${SEED}: the store failed`).toBe(0);
      // Requests that do not meet prove nothing.
      expect(result.merged, `seed ${SEED}`).toBeGreaterThan(10);
      expect(result.refused, `seed ${SEED}`).toBeGreaterThan(0);
      expect(result.dropped, `seed ${SEED}`).toBeGreaterThan(0);
    });
  }

  const disturbed: [string, readonly Fault[], number][] = [
    ["memory", ["operations"], 600],
    ["sqlite", ["operations"], 300],
    ["redis", ["operations", "proxy"], 300],
    ["postgres", ["operations", "proxy"], 300],
  ];
  for (const [store, faults, operations] of disturbed) {
    it.skipIf(isMissing(store))(`finds nothing: ${store} with ${faults.join(", ")}`, async () => {
      const result = await run(store, operations, { faults });
      expectNothing(result);
      expect(result.disturbances, `seed ${SEED}`).toBeGreaterThan(0);
      expect(result.unknown, `seed ${SEED}`).toBeGreaterThan(0);
      expect(result.acknowledged, `seed ${SEED}`).toBeGreaterThan(operations / 2);
    });
  }

  it.each<[string, { given: Partial<BrowsingOptions>; want: readonly Rule[] }]>([
    [
      "conditional writes",
      { given: { unconditional: true }, want: ["lost update", "readable after its end"] },
    ],
    ["traces", { given: { traceless: true }, want: ["cookie replaced"] }],
  ])("finds what goes wrong without %s", async (_name, { given, want }) => {
    const { violations, history = "" } = await run("memory", 1000, given);
    rmSync(history, { recursive: true, force: true });
    const rules = [...new Set(violations.map(({ rule }) => rule))];
    expect(rules, `seed ${SEED}`).toEqual(expect.arrayContaining([...want]));
  });
});

describe("a house without sessions", () => {
  /** The same store, but that it sweeps whatever has expired, whoever asks. */
  const forgetful = (): SessionStore => {
    const store = memoryStore();
    return {
      kind: store.kind,
      read: (...args) => store.read(...args),
      write: (...args) => store.write(...args),
      touch: (...args) => store.touch(...args),
      remove: (...args) => store.remove(...args),
      sweep: async ({ application: _, ...options } = {}) => (await store.sweep?.(options)) ?? 0,
      findByIndex: (...args) => store.findByIndex?.(...args) ?? nothing(),
      close: () => store.close(),
    };
  };
  async function* nothing(): AsyncGenerator<never> {}

  it.each<[string, { given: SessionStore; want: RegExp | undefined }]>([
    ["ends nobody's sessions", { given: memoryStore(), want: undefined }],
    ["is found out when it sweeps others'", { given: forgetful(), want: /^3 sessions of others were swept/ }],
  ])("%s", async (_name, { given, want }) => {
    const town = await settleTown(given);
    const session = await town.servers[0]?.[0]?.open(undefined);
    if (session === undefined) throw new Error("There is no house");
    session.label = "3.1";
    await session.$commit();
    const found = await town.leaveAlone(["3.1"]);
    if (want === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(want);
  });
});

describe("a store whose operations fail", () => {
  it("fails before, after, and before it is done late; no more when it is calm", async () => {
    const inner = memoryStore();
    const { store, calm } = failing(inner, new Random(SEED));
    const ends = { expect: "absent", expiresAt: Date.now() + 60_000 } as const;
    const seen = new Set<string>();
    for (let each = 0; each < 1000; each += 1) {
      const error = await store.write(`a.${each}`, Uint8Array.of(1), ends).then(
        () => undefined,
        ({ code }: { code: string }) => code,
      );
      if (error !== undefined) seen.add(`${error}, ${(await inner.read(`a.${each}`)) ? "done" : "not done"}`);
    }
    expect(seen).toEqual(
      new Set(["store/unavailable, done", "store/unavailable, not done", "store/timeout, not done"]),
    );
    await calm();
    let stored = 0;
    for (let each = 0; each < 1000; each += 1) if (await store.read(`a.${each}`)) stored += 1;
    expect(stored).toBeGreaterThan(970);
    expect(stored).toBeLessThan(1000);
  });
});

describe("a jar", () => {
  it.each<[string, { given: readonly string[]; want: string | undefined }]>([
    ["keeps what it is given", { given: ["s=1; Path=/; HttpOnly"], want: "s=1" }],
    ["keeps what came last", { given: ["s=1", "s=2; Max-Age=60"], want: "s=2" }],
    ["forgets with Max-Age=0", { given: ["s=1", "s=; Max-Age=0"], want: undefined }],
    [
      "forgets with a day that is past",
      { given: ["s=1", "s=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], want: undefined },
    ],
  ])("%s", (_name, { given, want }) => {
    const jar = new Jar();
    jar.take(given);
    expect(jar.cookie).toBe(want);
    expect(isOver(given.at(-1) ?? "")).toBe(want === undefined);
  });
});
