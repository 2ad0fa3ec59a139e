import { describe, expect, it } from "vitest";
import { checkBrowser } from "../hammer/browsers/check.js";
import type { Visit } from "../hammer/browsers/visits.js";
import type { Rule } from "../hammer/check.js";

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

  it("admits the copy of a move that was refused if the store failed meanwhile, and else not", () => {
    const refused = at(12, { kind: "renew", id: "x", found: first, outcome: "refused" });
    const given = (more: Partial<Visit>) => [
      begin,
      login,
      { ...refused, ...more },
      at(20, { kind: "tally", label: "a", sessions: 1 }),
    ];
    expect(checkBrowser(given({})).map(({ rule }) => rule)).toEqual(["several live ids"]);
    expect(checkBrowser(given({ storeFailed: true }))).toEqual([]);
  });
});
