import { describe, expect, it } from "vitest";
import { SessionError, storedSessions } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { type Fault, faulty } from "../support/faults.js";
import {
  application,
  cookieHeader,
  fields,
  history,
  type Session,
  setup,
  start,
  visit,
} from "../support/fixture.js";

const MINUTE = 60_000;

/** A request, on a session that is anonymous or logged in, and what others do meanwhile. */
interface Scenario {
  readonly name: string;
  /** How the session stands before; `undefined`: there is none. */
  readonly before: ((session: Session) => void) | undefined;
  /** What the request changes. */
  readonly change: (session: Session) => void | Promise<void>;
  /** What another request changes between the two. */
  readonly meanwhile?: (session: Session) => void;
  /** How it ends; `$commit()` unless said otherwise. */
  readonly end?: (session: Session) => Promise<unknown>;
  /** Milliseconds that pass before the request. */
  readonly later?: number;
  /** What the counter and the list gain when it is done. */
  readonly gains: { readonly visits: number; readonly log: readonly string[] };
  readonly destroys?: true;
}

const begin = (session: Session): void => session.$assign({ visits: 1, user: "ada", log: ["begun"] });
const change = (session: Session): void => {
  session.visits += 1;
  session.log.push("mine");
};
const gains = { visits: 1, log: ["mine"] };
const meanwhile = (session: Session): void => {
  session.visits += 10;
  session.log.push("theirs");
};
const none = { visits: 0, log: [] };

const scenarios: readonly Scenario[] = [
  { name: "create", before: undefined, change, gains },
  { name: "update", before: begin, change, gains },
  { name: "update that meets another", before: begin, change, meanwhile, gains },
  { name: "touch", before: begin, change: (session) => void session.visits, later: 20 * MINUTE, gains: none },
  {
    name: "regenerate",
    before: begin,
    change: async (session) => {
      change(session);
      await session.$regenerate();
    },
    gains,
  },
  {
    name: "regenerate that meets another",
    before: begin,
    change: async (session) => {
      change(session);
      await session.$regenerate();
    },
    meanwhile,
    gains,
  },
  {
    name: "login",
    before: (session) => session.$assign({ visits: 1, log: ["begun"] }),
    change: (session) => {
      change(session);
      session.user = "ada";
    },
    gains,
  },
  {
    name: "destroy",
    before: begin,
    change: () => {},
    end: (session) => session.$destroy(),
    gains: none,
    destroys: true,
  },
  {
    name: "destroy that meets another",
    before: begin,
    change: () => {},
    meanwhile,
    end: (session) => session.$destroy(),
    gains: none,
    destroys: true,
  },
  { name: "lock", before: begin, change: () => {}, end: (s) => s.$lock(() => change(s)), gains },
];

const faults: readonly Fault[] = ["refused", "lost before", "lost after", "lost after, and gone"];

/** What an application may do after an error; the store is back by then. */
const followUps: Readonly<
  Record<
    string,
    (session: Session, scenario: Scenario, failure: SessionError | undefined) => Promise<unknown>
  >
> = {
  nothing: async () => {},
  // Under a lock, what was done is not to be done again, nor what may have been done.
  "the same again": (session, { name, end = commit }, failure) =>
    name === "lock" && (failure === undefined || failure.code === "session/lock-unclear")
      ? commit(session)
      : end(session),
  "another commit": commit,
  "another change, and a commit": (session) => {
    session.secret = "late";
    return session.$commit();
  },
  "a commit, and another": async (session) => {
    await session.$commit();
    await session.$commit();
  },
  "a logout": (session) => session.$destroy(),
};

async function commit(session: Session): Promise<unknown> {
  return session.$commit();
}

/** Everything that is known when the request is over. */
interface Ending {
  readonly failure: SessionError | undefined;
  readonly failureAfter: SessionError | undefined;
  /** What the browser has. */
  readonly cookie: string;
  readonly cookieBefore: string;
  /** What that cookie opens. */
  readonly session: Session;
  /** How many sessions are stored, reachable or not. */
  readonly stored: number;
  readonly operations: readonly string[];
}

async function play(scenario: Scenario, fault?: Fault, at = 0, followUp = "nothing"): Promise<Ending> {
  const time = { now: start };
  const clock = () => time.now;
  const inner = memoryStore({ clock });
  const keys = new Set<string>();
  const remembered: SessionStore = {
    kind: "memory",
    read: (...args) => inner.read(...args),
    write: (key, ...args) => {
      keys.add(key);
      return inner.write(key, ...args);
    },
    touch: (...args) => inner.touch(...args),
    remove: (...args) => inner.remove(...args),
    close: () => inner.close(),
  };
  const { store, fail, operations } = faulty(remembered);
  const { sessions } = setup({ store, clock });
  const others = setup({ store: inner, clock }).sessions;
  let cookie = scenario.before === undefined ? "" : await visit(sessions, undefined, scenario.before);
  const cookieBefore = cookie;
  time.now += scenario.later ?? 0;

  const session = await sessions.open(cookie);
  await scenario.change(session);
  if (scenario.meanwhile !== undefined) await visit(others, cookie, scenario.meanwhile);
  fail(fault, at);
  const failure = await (scenario.end ?? commit)(session).then(() => undefined, asFailure);
  const made = [...operations];
  fail(undefined);
  const failureAfter = await Promise.resolve(followUps[followUp]?.(session, scenario, failure)).then(
    () => undefined,
    asFailure,
  );
  // Hosts send these, whatever failed.
  const set = session.$headers.flatMap(([name, value]) => (name === "Set-Cookie" ? [value] : []));
  if (set.length > 0) cookie = set.some((header) => header.includes("Max-Age=0")) ? "" : cookieHeader(set);

  const inspected = storedSessions({ application, history, fields, store: inner, clock });
  let stored = 0;
  for (const key of keys) if (await inspected.read(key)) stored += 1;
  return {
    failure,
    failureAfter,
    cookie,
    cookieBefore,
    session: await others.open(cookie),
    stored,
    operations: made,
  };
}

function asFailure(error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  throw error;
}

/** What the counter and the list may show at the end. */
function expectGains(ending: Ending, scenario: Scenario, isDone: boolean): void {
  const { session } = ending;
  const theirs = scenario.meanwhile === undefined ? 0 : 10;
  const base = (scenario.before === undefined ? 0 : 1) + theirs;
  const mine = session.log.filter((entry) => entry === "mine").length;
  const { visits, log } = scenario.gains;
  if (isDone) expect([session.visits, mine]).toEqual([base + visits, log.length]);
  // Once, or not at all; and both alike.
  expect([
    [base, 0],
    [base + visits, log.length],
  ]).toContainEqual([session.visits, mine]);
  if (theirs > 0) expect(session.log).toContain("theirs");
}

const cases: [string, Scenario, Fault, number, string][] = [];
for (const scenario of scenarios) {
  const { operations } = await play(scenario);
  for (const [at, operation] of operations.entries()) {
    for (const fault of faults) {
      for (const followUp of Object.keys(followUps))
        cases.push([
          `${scenario.name}, operation ${at} (${operation}) ${fault}, then ${followUp}`,
          scenario,
          fault,
          at,
          followUp,
        ]);
    }
  }
}

describe("whatever the store fails at", () => {
  it("there is something to fail at", () => {
    expect(cases.length).toBeGreaterThan(300);
  });

  it.each(cases)("%s", async (_name, scenario, fault, at, followUp) => {
    const ending = await play(scenario, fault, at, followUp);
    const { failure, failureAfter, session, cookie, cookieBefore, stored } = ending;
    const isLogout = scenario.destroys === true || followUp === "a logout";
    const isLast = followUp === "nothing";
    // Whatever is acknowledged at last is true; an error says that it is not, or that nobody knows.
    const isAcknowledged = isLast ? failure === undefined : failureAfter === undefined;
    if (isLogout && isAcknowledged) {
      if (followUp !== "another change, and a commit")
        expect([stored, session.$isNew, cookie]).toEqual([0, true, ""]);
      // What was assigned afterwards begins anew.
      else
        expect([stored, session.toJSON(), session.secret]).toEqual([
          1,
          { visits: 0, cart: [], log: [] },
          "late",
        ]);
      return;
    }
    if (cookie === "" && cookieBefore !== "") expect([stored, isLogout]).toEqual([0, true]);
    if (cookie !== cookieBefore && cookie !== "") expect(session.$isNew).toBe(false);
    if (session.$isNew) {
      // A change that was acknowledged is there; one that was not may never have begun a session.
      const isUntold = failure !== undefined && isLast;
      expect(isUntold || scenario.before === undefined || isLogout || failureAfter !== undefined).toBe(true);
    } else {
      const isUnclear = failure?.code === "session/lock-unclear";
      const isUndone =
        scenario.name === "lock" && failure !== undefined && (isUnclear || followUp !== "the same again");
      expectGains(ending, scenario, isAcknowledged && !isUndone);
    }
    if (followUp === "another change, and a commit" && failureAfter === undefined)
      expect(session.secret).toBe("late");
    // Nobody finds what nobody can reach, once the store has answered again.
    if (!isLast && failureAfter === undefined) expect(stored).toBe(session.$isNew ? 0 : 1);
  });
});
