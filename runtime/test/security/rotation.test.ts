import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Deploy } from "./rotation-node.js";

const [first, second] = ["the first secret, long enough to be one", "the second secret, long enough, too"];
const carried = (...secrets: string[]): Deploy => ({ secrets, mode: "sealed" });

const deploys = {
  unsigned: { cookie: {} },
  accepting: { cookie: { secrets: [first], acceptUnsigned: true } },
  old: { cookie: { secrets: [first] } },
  behind: { cookie: { secrets: [first, second] } },
  front: { cookie: { secrets: [second, first] } },
  new: { cookie: { secrets: [second] } },
  "old, in the cookie": carried(first),
  "behind, in the cookie": carried(first, second),
  "front, in the cookie": carried(second, first),
  "new, in the cookie": carried(second),
} satisfies Record<string, Deploy>;
type Name = keyof typeof deploys;

/** Two deploys at once, and what the browser asks which of them. */
interface Rolling {
  readonly given: { readonly older: Name; readonly newer: Name; readonly asks: readonly Ask[] };
  /** The user and the visits, or the code of the error; whether a cookie came; what was told. */
  readonly want: readonly string[];
}
type Ask = `${"older" | "newer"} ${"/" | "/login" | "/visit"}`;

/** As a visitor goes from node to node; nobody but the browser notices anything. */
const asks: readonly Ask[] = [
  "older /login",
  "newer /visit",
  "older /visit",
  "newer /login",
  "older /visit",
  "newer /",
];
const known = ["ada 0", "ada 1", "ada 2", "ada 2", "ada 3", "ada 3"] as const;

/** What is seen of it: who is known, and which of the answers bring a cookie. */
function knownWith(...cookies: readonly number[]): readonly string[] {
  return known.map((seen, at) => (cookies.includes(at) ? `${seen}, a cookie` : seen));
}

const stranger = "nobody 0, cookie-refused: signature";
const refused = "session/moved, cookie-refused: signature";

const rows: readonly (readonly [string, Rolling])[] = [
  [
    "a new secret of the signature comes behind: noticed by nobody",
    { given: { older: "old", newer: "behind", asks }, want: knownWith(0) },
  ],
  [
    "then in front: each signs anew what the other one has signed",
    { given: { older: "behind", newer: "front", asks }, want: knownWith(0, 1, 2, 3, 4, 5) },
  ],
  [
    "then the old one goes: noticed by nobody",
    { given: { older: "front", newer: "new", asks }, want: knownWith(0) },
  ],
  [
    "in front at once, login at a newer node: an older one refuses to write, and leaves the cookie",
    {
      given: {
        older: "old",
        newer: "front",
        asks: ["newer /login", "older /", "older /visit", "newer /visit"],
      },
      want: ["ada 0, a cookie", stranger, refused, "ada 1"],
    },
  ],
  [
    "in front at once, login at an older node: lost to it once a newer one has signed, until the next login",
    {
      given: {
        older: "old",
        newer: "front",
        asks: ["older /login", "newer /visit", "older /visit", "newer /", "older /login", "newer /"],
      },
      want: [
        "ada 0, a cookie",
        "ada 1, a cookie",
        refused,
        "ada 1",
        // A session of its own, which the cookie now leads to.
        "ada 0, a cookie, cookie-refused: signature",
        "ada 0, a cookie",
      ],
    },
  ],
  [
    "the old one goes before the new one is in front: the newer node refuses to write, and leaves the cookie",
    {
      given: {
        older: "behind",
        newer: "new",
        asks: ["older /login", "newer /", "newer /visit", "older /visit"],
      },
      want: ["ada 0, a cookie", stranger, refused, "ada 1"],
    },
  ],
  [
    "from unsigned to signed: signed once",
    { given: { older: "unsigned", newer: "accepting", asks }, want: knownWith(0, 1) },
  ],
  [
    "then the accept phase ends: noticed by nobody",
    { given: { older: "accepting", newer: "old", asks }, want: knownWith(0) },
  ],
  [
    "from unsigned to signed at once: the next that is written at a newer node begins a session",
    {
      given: {
        older: "unsigned",
        newer: "old",
        asks: ["older /login", "newer /", "older /", "newer /visit", "older /"],
      },
      want: [
        "ada 0, a cookie",
        stranger,
        "ada 0",
        "nobody 1, a cookie, cookie-refused: signature",
        "nobody 1",
      ],
    },
  ],
  [
    "sessions in cookies, a new secret comes behind: noticed by nobody",
    {
      given: { older: "old, in the cookie", newer: "behind, in the cookie", asks },
      want: knownWith(0, 1, 2, 4),
    },
  ],
  [
    "then in front: each seals anew what the other one has sealed",
    {
      given: { older: "behind, in the cookie", newer: "front, in the cookie", asks },
      want: knownWith(0, 1, 2, 3, 4, 5),
    },
  ],
  [
    "then the old one goes: noticed by nobody",
    {
      given: { older: "front, in the cookie", newer: "new, in the cookie", asks },
      want: knownWith(0, 1, 2, 4),
    },
  ],
  [
    "sessions in cookies, in front at once: an older node refuses to write, and leaves the cookie",
    {
      given: {
        older: "old, in the cookie",
        newer: "front, in the cookie",
        asks: ["older /login", "newer /visit", "older /", "older /visit", "newer /visit"],
      },
      want: ["ada 0, a cookie", "ada 1, a cookie", stranger, refused, "ada 2, a cookie"],
    },
  ],
];

describe("two processes behind one jar", () => {
  const directory = mkdtempSync(join(tmpdir(), "sessgen-rotation-"));
  const processes: ChildProcess[] = [];
  let ports: Record<"older" | "newer", Record<Name, number>>;

  beforeAll(async () => {
    const node = fileURLToPath(new URL("rotation-node.ts", import.meta.url));
    const start = async (): Promise<Record<Name, number>> => {
      const child = fork(node, [directory, JSON.stringify(deploys)], { execArgv: ["--import", "tsx"] });
      processes.push(child);
      const [served] = await once(child, "message");
      return served as Record<Name, number>;
    };
    const [older, newer] = await Promise.all([start(), start()]);
    ports = { older, newer };
  });
  afterAll(() => {
    for (const child of processes) child.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each(rows)("%s", async (_name, { given, want }) => {
    const go = makeFetchCookie(fetch, new CookieJar());
    const seen: string[] = [];
    for (const ask of given.asks) {
      const [node, path] = ask.split(" ") as ["older" | "newer", string];
      const port = ports[node][given[node]];
      const method = path === "/" ? "GET" : "POST";
      const response = await go(`http://127.0.0.1:${port}${path}`, { method });
      const { user = "nobody", visits, code, told } = (await response.json()) as Record<string, unknown>;
      const set = response.headers.getSetCookie().length > 0 ? ", a cookie" : "";
      const events = [told].flat().map((event) => `, ${event}`);
      seen.push(`${code ?? `${user} ${visits}`}${set}${events.join("")}`);
    }
    expect(seen).toEqual(want);
  });
});
