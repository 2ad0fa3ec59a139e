import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkBrowser } from "../hammer/browsers/check.js";
import { settleTown } from "../hammer/browsers/houses.js";
import { isOver, Jar } from "../hammer/browsers/jar.js";
import { type BrowsingOptions, type BrowsingResult, browse } from "../hammer/browsers/run.js";
import type { Visit } from "../hammer/browsers/visits.js";
import type { Rule } from "../hammer/check.js";
import { failing } from "../hammer/failing.js";
import type { Fault } from "../hammer/faults.js";
import { Random } from "../hammer/random.js";
import { hammerStores } from "../hammer/stores.js";
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

describe("the checker of browsers", () => {
  /** A request that took 4 microseconds, and read in the second of them. */
  const at = (begin: number, visit: Partial<Visit>): Visit => ({
    browser: "0.1",
    kind: "read",
    begin,
    opened: begin + 1,
    ended: begin + 3,
    arrived: begin + 4,
    outcome: "done",
    ...visit,
  });
  const empty = { count: 0, balance: 0, log: [] };
  const first = { count: 1, balance: 0, log: [10] };
  const ada = { ...first, who: "ada" };
  const add = (element: number, count = 1, spend = 0) => ({ addition: { element, count, spend } });
  const begin = at(0, { kind: "post", to: "x", label: "a", ...add(10) });
  const login = at(10, { kind: "login", id: "x", found: first, who: "ada", label: "b", to: "y" });
  const logout = at(30, { kind: "logout", id: "y", found: ada, clears: true });

  const cases: [string, { given: Visit[]; want: readonly Rule[] }][] = [
    ["a login that holds", { given: [login, at(20, { id: "y", found: ada })], want: [] }],
    ["a login that is lost", { given: [login, at(20, { id: "y" })], want: ["login lost"] }],
    ["a login whose user may have logged out", { given: [login, logout, at(32, { id: "y" })], want: [] }],
    [
      "a login whose user was revoked",
      { given: [login, at(15, { kind: "revoke", label: "b" }), at(20, { id: "y" })], want: [] },
    ],
    [
      "a login of which somebody else's label was revoked",
      { given: [login, at(15, { kind: "revoke", label: "c" }), at(20, { id: "y" })], want: ["login lost"] },
    ],
    [
      "a login as somebody else",
      { given: [login, at(20, { id: "y", found: first })], want: ["somebody else's"] },
    ],
    [
      "a login without a cookie",
      { given: [at(10, { kind: "login", id: "x", found: first, who: "ada" })], want: ["login lost"] },
    ],
    [
      "another cookie for a request beside the login",
      { given: [login, at(11, { kind: "count", id: "x", to: "z", label: "a" })], want: ["cookie replaced"] },
    ],
    [
      "another cookie for a request that found the session",
      {
        given: [login, at(20, { kind: "post", id: "y", found: ada, to: "z", ...add(11) })],
        want: ["cookie replaced"],
      },
    ],
    [
      "the cookie taken away although the session is there",
      { given: [login, at(20, { id: "y", found: ada, clears: true })], want: ["cookie replaced"] },
    ],
    [
      "a jar that brings another cookie after a login",
      { given: [login, at(20, { id: "x" })], want: ["login lost"] },
    ],
    [
      "a session on its way, where there was none, that comes after the login",
      {
        given: [
          at(10, { kind: "login", who: "ada", label: "b", to: "y" }),
          at(12, { kind: "post", to: "z", label: "a", ...add(11) }),
          at(20, { id: "z", found: { count: 1, balance: 0, log: [11] } }),
        ],
        want: [],
      },
    ],
    [
      "the old id after a login",
      {
        given: [login, at(20, { id: "x", found: first }), at(19, { id: "y", found: ada })],
        want: ["readable after its end"],
      },
    ],
    [
      "the id after a logout",
      { given: [login, logout, at(40, { id: "y", found: ada })], want: ["readable after its end"] },
    ],
    [
      "a cookie taken away by a logout that failed, and a session that lives",
      {
        given: [login, { ...logout, outcome: "unknown" }, at(40, { id: "y", found: ada })],
        want: ["readable after its end"],
      },
    ],
    [
      "a logout that nobody knows of",
      {
        given: [
          login,
          at(30, { kind: "logout", id: "y", found: ada, outcome: "unknown" }),
          at(40, { id: "y", found: ada }),
        ],
        want: [],
      },
    ],
    ["a session that vanishes", { given: [at(10, { id: "x" })], want: ["vanished"] }],
    [
      "a refusal without reason",
      {
        given: [at(10, { kind: "post", id: "x", found: first, outcome: "refused", ...add(11) })],
        want: ["refused without reason"],
      },
    ],
    ["an update that is lost", { given: [at(10, { id: "x", found: empty })], want: ["lost update"] }],
    [
      "an update of unknown outcome, seen",
      {
        given: [
          at(10, { kind: "post", id: "x", found: first, outcome: "unknown", ...add(11, 5) }),
          at(20, { id: "x", found: { count: 6, balance: 0, log: [10, 11] } }),
        ],
        want: [],
      },
    ],
    [
      "an update of unknown outcome, seen and lost again",
      {
        given: [
          at(10, { kind: "post", id: "x", found: first, outcome: "unknown", ...add(11, 5) }),
          at(20, { id: "x", found: { count: 6, balance: 0, log: [10, 11] } }),
          at(30, { id: "x", found: first }),
        ],
        want: ["went back"],
      },
    ],
    [
      "an update that was dropped, seen",
      {
        given: [
          login,
          at(11, { kind: "count", id: "x", found: first, outcome: "dropped", ...add(11) }),
          at(20, { id: "y", found: { who: "ada", count: 2, balance: 0, log: [10, 11] } }),
        ],
        want: ["refused update seen"],
      },
    ],
    [
      "a counter that counted twice",
      { given: [at(10, { id: "x", found: { ...first, count: 2 } })], want: ["inexact"] },
    ],
    [
      "a payment taken twice",
      { given: [at(10, { id: "x", found: { ...first, balance: 2 } })], want: ["inexact"] },
    ],
    [
      "an element twice",
      {
        given: [at(10, { id: "x", found: { count: 2, balance: 0, log: [10, 10] } })],
        want: ["refused update seen"],
      },
    ],
    [
      "an element from nowhere",
      {
        given: [at(10, { id: "x", found: { count: 1, balance: 0, log: [10, 99] } })],
        want: ["somebody else's"],
      },
    ],
    [
      "what the user before has left",
      {
        given: [
          login,
          at(20, { kind: "login", id: "y", found: ada, who: "bob", label: "c", to: "z" }),
          at(30, { id: "z", found: { who: "bob", count: 1, balance: 0, log: [10] } }),
        ],
        want: ["somebody else's"],
      },
    ],
    [
      "a session of another house",
      { given: [at(10, { kind: "stray", id: "x", found: first })], want: ["somebody else's"] },
    ],
    [
      "a lookup of another house",
      { given: [at(10, { kind: "find", foreign: "a session" })], want: ["somebody else's"] },
    ],
    [
      "a session too many at the end",
      {
        given: [
          at(10, { kind: "final", id: "x", found: first }),
          at(20, { kind: "tally", label: "a", sessions: 2 }),
        ],
        want: ["several live ids"],
      },
    ],
    [
      "a session too few",
      {
        given: [
          at(10, { kind: "final", id: "x", found: first }),
          at(20, { kind: "tally", label: "a", sessions: 0 }),
        ],
        want: ["vanished"],
      },
    ],
  ];
  it.each(cases)("judges %s", (_name, { given, want }) => {
    expect([...new Set(checkBrowser([begin, ...given]).map(({ rule }) => rule))]).toEqual(want);
  });

  it("admits the copy of a move that was refused where operations fail, and nowhere else", () => {
    const refused = at(12, { kind: "renew", id: "x", found: first, outcome: "refused" });
    const given = [begin, login, refused, at(20, { kind: "tally", label: "a", sessions: 1 })];
    expect(checkBrowser(given).map(({ rule }) => rule)).toEqual(["several live ids"]);
    expect(checkBrowser(given, true)).toEqual([]);
  });
});
