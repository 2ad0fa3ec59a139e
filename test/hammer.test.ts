import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkSession, type Violation } from "../hammer/check.js";
import { type Fault, faults, impossible } from "../hammer/faults.js";
import { type Entry, Recorder, readHistory, readTickets } from "../hammer/history.js";
import { type HammerResult, hammer } from "../hammer/run.js";
import { hammerStores } from "../hammer/stores/index.js";
import { serviceUrl } from "../services/client.js";
import { recipes } from "../services/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const SEED = 20_260_105;
/** For runs on a busy machine, in milliseconds. */
const PATIENCE = 120_000;
const names = Object.keys(hammerStores);
const urls = new Map<string, string>();
for (const name of names) {
  const service = hammerStores[name]?.service;
  urls.set(name, service === undefined ? "" : await serviceUrl(service));
}

async function run(store: string, operations: number, unconditional = false): Promise<HammerResult> {
  const url = urls.get(store) ?? "";
  const common = { clients: 12, processes: 2, seed: SEED, unconditional };
  const result = await hammer({ store, url, operations, ...common });
  if (unconditional && result.history !== undefined) rmSync(result.history, { recursive: true });
  return result;
}

describe("a bounded run of the hammer", { timeout: PATIENCE }, () => {
  for (const name of names) {
    const missing = hammerStores[name]?.service !== undefined && urls.get(name) === "";
    it.skipIf(missing)(`finds nothing: ${name}`, async () => {
      const { violations, history, ...counts } = await run(name, 480);
      const first = JSON.stringify(violations[0], null, 2);
      expect(violations.length, `seed ${SEED}, history in ${history}: ${first}`).toBe(0);
      expect(counts.operations).toBeGreaterThanOrEqual(480);
      expect(counts.unknown, `seed ${SEED}: the store failed`).toBe(0);
      // Clients that do not meet prove nothing.
      expect(counts.merged, `seed ${SEED}`).toBeGreaterThan(20);
      expect(counts.refused, `seed ${SEED}`).toBeGreaterThan(0);
    });
  }

  it.each(["memory", "sqlite", "redis"])(
    "finds nothing while sessions are written anew: %s",
    async (store) => {
      const common = { clients: 12, processes: 2, seed: SEED, operations: 480 };
      const { violations, history, ...counts } = await hammer({
        store,
        url: urls.get(store) ?? "",
        ...common,
        backfill: true,
      });
      expect(violations.length, `seed ${SEED}, history in ${history}: ${JSON.stringify(violations[0])}`).toBe(
        0,
      );
      expect(counts.unknown, `seed ${SEED}: the store failed`).toBe(0);
      // A backfill that never meets a client proves nothing.
      expect(counts.rewritten, `seed ${SEED}`).toBeGreaterThan(5);
    },
  );

  const disturbed: [string, readonly Fault[], number][] = [
    ["sqlite", ["kill-client"], 240],
    // Processes that come anew open the environment while others write.
    ["lmdb", ["kill-client"], 240],
    ["redis", ["kill-client"], 240],
    ["redis", ["kill-server"], 480],
    ["redis", ["proxy"], 1200],
    ["postgres", ["kill-client"], 240],
    ["postgres", ["kill-server"], 480],
    ["postgres", ["proxy"], 1200],
    ["redis", ["kill-client", "kill-server", "proxy"], 480],
    ["memory", ["operations"], 480],
    ["lmdb", ["operations", "kill-client"], 240],
    ["mariadb", ["operations"], 240],
  ];
  for (const [store, wanted, operations] of disturbed) {
    const { service } = hammerStores[store] ?? {};
    const recipe = recipes.find(({ name }) => name === service);
    // One in a container cannot be killed and find its data again.
    const killable = !wanted.includes("kill-server") || recipe?.available();
    const url = urls.get(store) ?? "";
    it.skipIf(service !== undefined && (url === "" || !killable))(
      `finds nothing: ${store} with ${wanted.join(", ")}`,
      async () => {
        const common = { clients: 12, processes: 2, seed: SEED };
        const result = await hammer({ store, url, operations, faults: wanted, ...common });
        const first = JSON.stringify(result.violations[0], null, 2);
        expect(result.violations.length, `seed ${SEED}, history in ${result.history}: ${first}`).toBe(0);
        expect(result.disturbances, `seed ${SEED}`).toBeGreaterThan(0);
        expect(result.acknowledged, `seed ${SEED}`).toBeGreaterThan(operations / 4);
      },
    );
  }

  it.each(["memory", "sqlite"])(
    "finds lost updates and sessions come back when conditional writes are switched off: %s",
    async (name) => {
      const { violations } = await run(name, 1500, true);
      const rules = new Set(violations.map(({ rule }) => rule));
      expect([...rules], `seed ${SEED}`).toEqual(
        expect.arrayContaining<Violation["rule"]>(["lost update", "readable after its end"]),
      );
    },
  );
});

it.each<[string, Fault, boolean]>([
  ["memory", "kill-client", false],
  ["file", "kill-client", true],
  ["memcached", "kill-server", false],
  ["redis", "kill-server", true],
  ["redis-cluster", "proxy", false],
  ["sqlite", "proxy", false],
  ["postgres", "proxy", true],
  ["memory", "operations", true],
])("%s with %s is possible or says why not", (store, fault, possible) => {
  expect(impossible(store, fault) === undefined).toBe(possible);
});

describe("the history of a process that was killed", () => {
  const entry = { client: 3, kind: "write", session: "s", id: "x", begin: 1, opened: 2 } as const;

  it.each<[string, { given: boolean; want: Partial<Entry> }]>([
    [
      "has what it was about to do, of unknown outcome",
      { given: false, want: { outcome: "unknown", append: 7 } },
    ],
    [
      "has what became of it, if that was written down",
      { given: true, want: { outcome: "done", append: 7 } },
    ],
  ])("%s", (_name, { given, want }) => {
    const folder = mkdtempSync(join(tmpdir(), "sessgen-history-"));
    try {
      const recorder = new Recorder(folder, 0, true);
      recorder.intend(5, { ...entry, append: 7 });
      if (given) recorder.record(5, { ...entry, append: 7, end: 9, outcome: "done", to: "y", cookie: "c=y" });
      expect([...readHistory(folder)]).toEqual([[expect.objectContaining(want)]]);
      const ticket = { place: 5, session: "s", id: "y", cookie: "c=y" };
      expect(readTickets(folder, 0)).toEqual(given ? [ticket] : []);
      expect(readTickets(folder, 1)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the checker", () => {
  const create: Entry = {
    client: 0,
    kind: "create",
    session: "s",
    id: "",
    begin: 0,
    opened: 1,
    end: 2,
    outcome: "done",
    increment: 1,
    append: 10,
    add: 20,
    to: "x",
  };
  /** A request that took 4 microseconds, and read in the second of them what {@link create} had written. */
  const at = (begin: number, entry: Partial<Entry>): Entry => ({
    client: 1,
    kind: "write",
    session: "s",
    id: "x",
    begin,
    opened: begin + 1,
    end: begin + 3,
    outcome: "done",
    seen: { label: "s", count: 1, balance: 0 },
    ...entry,
  });
  const see = (seen: object) => ({
    kind: "read" as const,
    seen: { label: "s", count: 1, balance: 0, log: [10], items: [20], ...seen },
  });
  const absent = { kind: "read" as const, seen: undefined } as unknown as Partial<Entry>;

  const cases: [string, { given: Entry[]; want: Violation["rule"][] }][] = [
    ["an update that is seen", { given: [at(10, { increment: 2 }), at(20, see({ count: 3 }))], want: [] }],
    [
      "an update at the same time, seen or not",
      { given: [at(10, { increment: 2 }), at(12, see({})), at(11, see({ count: 3 }))], want: [] },
    ],
    ["an increment lost", { given: [at(10, { increment: 2 }), at(20, see({}))], want: ["lost update"] }],
    [
      "a spending lost",
      { given: [at(10, { kind: "spend", spend: 2 }), at(20, see({}))], want: ["lost update"] },
    ],
    [
      "a spending that is seen",
      { given: [at(10, { kind: "spend", spend: 2 }), at(20, see({ balance: 2 }))], want: [] },
    ],
    ["an append lost", { given: [at(10, { append: 11 }), at(20, see({}))], want: ["lost update"] }],
    ["an addition lost", { given: [at(10, { add: 21 }), at(20, see({}))], want: ["lost update"] }],
    ["a removal lost", { given: [at(10, { remove: 20 }), at(20, see({}))], want: ["lost update"] }],
    [
      "an element that comes back, since its request had no answer and merged it again",
      {
        given: [
          at(10, { add: 21, outcome: "unknown", again: true, end: 17 }),
          at(14, { remove: 21 }),
          at(20, see({ items: [20, 21] })),
        ],
        want: [],
      },
    ],
    [
      "an element that comes back, although its request had ended",
      {
        given: [at(10, { add: 21, again: true }), at(14, { remove: 21 }), at(20, see({ items: [20, 21] }))],
        want: ["lost update"],
      },
    ],
    ["a removal that is seen", { given: [at(10, { remove: 20 }), at(20, see({ items: [] }))], want: [] }],
    [
      "a refused increment seen",
      {
        given: [
          at(5, { kind: "logout", outcome: "unknown" }),
          at(10, { increment: 2, outcome: "gone" }),
          at(20, see({ count: 3 })),
        ],
        want: ["refused update seen"],
      },
    ],
    [
      "a refused append seen",
      {
        given: [at(10, { append: 11, outcome: "conflict" }), at(20, see({ log: [10, 11] }))],
        want: ["refused update seen"],
      },
    ],
    ["an append seen twice", { given: [at(20, see({ log: [10, 10] }))], want: ["refused update seen"] }],
    [
      "an unknown outcome, seen or not, at any time",
      {
        given: [
          at(10, { increment: 2, append: 11, outcome: "unknown" }),
          at(20, see({})),
          at(30, see({ count: 3, log: [10, 11] })),
        ],
        want: [],
      },
    ],
    [
      "an unknown outcome that is seen and lost again",
      {
        given: [at(10, { increment: 2, outcome: "unknown" }), at(20, see({ count: 3 })), at(30, see({}))],
        want: ["went back"],
      },
    ],
    [
      "an unknown outcome that comes late",
      {
        given: [
          at(10, { append: 11, outcome: "unknown" }),
          at(20, { append: 12 }),
          at(30, see({ log: [10, 12, 11] })),
        ],
        want: [],
      },
    ],
    [
      "the log in another order than that of time",
      {
        given: [at(10, { append: 11 }), at(20, { append: 12 }), at(30, see({ log: [10, 12, 11] }))],
        want: ["out of order"],
      },
    ],
    ["a session that vanishes", { given: [at(10, absent)], want: ["vanished"] }],
    [
      "a session that is refused as gone, and is not",
      { given: [at(10, { outcome: "gone" })], want: ["refused without reason"] },
    ],
    ["a session that is logged out", { given: [at(10, { kind: "logout" }), at(20, absent)], want: [] }],
    [
      "a session that comes back after a logout",
      { given: [at(10, { kind: "logout" }), at(20, see({}))], want: ["readable after its end"] },
    ],
    [
      "a session that goes on under a new id after a logout",
      {
        given: [
          at(10, { kind: "regenerate", to: "y" }),
          at(10, { kind: "logout" }),
          at(20, { ...see({}), id: "y" }),
        ],
        want: ["readable after its end"],
      },
    ],
    [
      "an old id that still works",
      {
        given: [at(10, { kind: "regenerate", to: "y" }), at(20, see({}))],
        want: ["readable after its end"],
      },
    ],
    [
      "two ids at the end",
      {
        given: [
          at(10, { kind: "regenerate", to: "y", outcome: "unknown" }),
          at(20, { ...see({}), kind: "final" }),
          at(20, { ...see({}), kind: "final", id: "y" }),
        ],
        want: ["several live ids"],
      },
    ],
    [
      "a second session that is found at the end",
      { given: [at(20, { ...see({}), kind: "final", found: 2 })], want: ["several live ids"] },
    ],
    [
      "a session that is not found at the end",
      { given: [at(20, { ...see({}), kind: "final", found: 0 })], want: ["vanished"] },
    ],
    ["another session", { given: [at(10, see({ label: "t" }))], want: ["somebody else's"] }],
    [
      "a new user under the old id",
      {
        given: [at(10, { kind: "login", user: "ada", to: "y" }), at(12, see({ user: "ada" }))],
        want: ["somebody else's"],
      },
    ],
    ["an element from nowhere", { given: [at(10, see({ items: [20, 99] }))], want: ["somebody else's"] }],
  ];
  it.each(cases)("judges %s", (_name, { given, want }) => {
    expect(checkSession([create, ...given]).map(({ rule }) => rule)).toEqual(want);
  });

  it("admits the copy of a move that was refused if the store failed meanwhile, and else not", () => {
    const given = (more: Partial<Entry>) => [
      create,
      at(10, { kind: "login", user: "ada", outcome: "gone", ...more }),
      at(11, { kind: "logout" }),
      at(20, { ...absent, kind: "final", found: 1 }),
    ];
    expect(checkSession(given({})).map(({ rule }) => rule)).toEqual(["several live ids"]);
    expect(checkSession(given({ storeFailed: true }))).toEqual([]);
  });
});

describe("docs/hammer.md", { timeout: PATIENCE }, () => {
  const page = readFileSync(`${root}docs/hammer.md`, "utf8");
  const commands = [...page.matchAll(/^npm run hammer -- (.*)$/gm)].map(([, args = ""]) => args.split(" "));
  const command = (args: readonly string[]) =>
    spawnSync("npm", ["run", "--silent", "hammer", "--", ...args], { cwd: root, encoding: "utf8" });

  const isWeak = (args: readonly string[]): boolean =>
    args.includes("--unconditional") || args.includes("--traceless");

  it("names every store and every option", () => {
    for (const name of [...names, ...faults]) expect(page).toContain(name);
    expect(commands.length).toBeGreaterThan(1);
  });

  it.each([
    [
      "finds nothing: code 0",
      { without: true, code: 0, last: /^sqlite +\d+ +\d+ +\d+ +\d+ +0 +0 +\d+(?: +\d+)?$/m },
    ],
    [
      "finds something: code 1",
      { without: false, code: 1, last: /^memory +\d+ +\d+ +\d+ +\d+ +0 +[1-9]\d* +\d+(?: +\d+)?$/m },
    ],
  ])("has commands that work, smaller and elsewhere; one that %s", (_name, { without, code, last }) => {
    const plain = commands.filter((each) => !each.includes("--faults"));
    for (const args of plain.filter((each) => without !== isWeak(each))) {
      const smaller = args.map((arg, index) => {
        if (args[index - 1] === "--operations") return "400";
        return args[index - 1] === "--store" && arg !== "memory" ? "sqlite" : arg;
      });
      const { status, stdout, stderr } = command([...smaller, "--seed", String(SEED)]);
      expect({ status, stderr }, stdout).toEqual({ status: code, stderr: "" });
      expect(stdout).toContain(`seed ${SEED}`);
      expect(stdout).toMatch(last);
      for (const [folder] of stdout.matchAll(/\S+sessgen-history-\S+/g)) rmSync(folder, { recursive: true });
    }
  });

  it("has a command with faults that leaves out what a store cannot bear, and counts the rest", () => {
    const [given = []] = commands.filter((each) => each.includes("--faults"));
    expect(given).toContain(faults.join());
    const smaller = ["--seed", String(SEED), "--operations", "100", "--clients", "4", "--processes", "2"];
    const all = command([...given.slice(0, 2), "--store", "sqlite", ...smaller]);
    expect(all).toMatchObject({ status: 0, stderr: "" });
    expect(all.stdout).toMatch(/^sqlite +left out: .*server that promises.*; .*connection to cut$/m);
    const browsers = command(["--browsers", ...given.slice(0, 2), "--store", "redis", ...smaller]);
    expect(browsers).toMatchObject({ status: 0, stderr: "" });
    expect(browsers.stdout).toMatch(/^redis +left out: all browsers live in one process$/m);
    const one = command(["--faults", "kill-client", "--store", "sqlite", ...smaller]);
    expect(one).toMatchObject({ status: 0, stderr: "" });
    expect(one.stdout).toMatch(/ unclear +disturbances$/m);
    expect(one.stdout).toMatch(/^sqlite +\d+ +\d+ +\d+ +\d+ +\d+ +0 +\d+ +\d+ +6$/m);
  });

  it.each([
    [["--store", "nosuch"], /There is no store nosuch/],
    [["--faults", "earthquake"], /There is no fault earthquake/],
    [["--clients", "0"], /--clients is a whole number, at least 1/],
    [["--traceless"], /--traceless is for --browsers/],
    [["--nosuch"], /nosuch/],
  ])("%j is refused: code 2", (args, want) => {
    const { status, stderr } = command(args);
    expect(stderr).toMatch(want);
    expect(stderr).not.toContain("    at ");
    expect(status).toBe(2);
  });
});
