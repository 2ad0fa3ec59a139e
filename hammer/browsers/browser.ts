import { isSetCookie } from "../../runtime/src/cookie/cookie.js";
import { type Ending, refusal, seeLockThrough, seeThrough } from "../answers.js";
import { now } from "../history.js";
import { serve } from "../meanwhile.js";
import type { Random } from "../random.js";
import type { HammeredSessions, Session } from "../session.js";
import { HOUSES } from "./houses.js";
import { idIn, isOver, Jar } from "./jar.js";
import type { Addition, Found, Visit, VisitKind } from "./visits.js";

/** What browsers of one run share. */
export interface Site {
  readonly servers: readonly (readonly HammeredSessions[])[];
  readonly lookup: boolean;
  record(visit: Visit): void;
}

/** Of a page's requests. */
const weights = {
  read: 18,
  count: 24,
  post: 24,
  spend: 5,
  login: 10,
  renew: 6,
  logout: 5,
  revoke: 1,
  find: 3,
  stray: 4,
};
/** The most requests of a page, which are under way at once. */
const PARALLEL = 5;
/** How long an answer is on its way at most, in milliseconds. */
const WAY = 4;
const LOCK = { lease: 2000, wait: 4000 };

type Written = Exclude<VisitKind, "read" | "revoke" | "find" | "stray" | "final" | "tally">;

/** A browser: one jar, and several requests at once, whose answers arrive in any order. */
export class Browser {
  /** Every house has a browser of that number, with the same labels. */
  readonly #number: number;
  readonly #house: number;
  readonly #jar = new Jar();
  readonly #site: Site;
  readonly #random: (request: number) => Random;
  /** Cookies that were given out. */
  readonly cookies: string[] = [];
  #requests = 0;
  #elements = 0;
  #logins = 0;

  constructor(number: number, house: number, site: Site, random: (request: number) => Random) {
    this.#number = number;
    this.#house = house;
    this.#site = site;
    this.#random = random;
  }

  get name(): string {
    return `${this.#house}.${this.#number}`;
  }

  /** Opens pages until so many requests have been sent. */
  async run(requests: number): Promise<void> {
    while (this.#requests < requests) {
      const parallel = 1 + this.#random(this.#requests).below(PARALLEL);
      await Promise.all(Array.from({ length: parallel }, () => this.#request()));
    }
  }

  async #request(): Promise<void> {
    this.#requests += 1;
    const random = this.#random(-this.#requests);
    // Some are sent when answers of others have arrived.
    await pass(random);
    const kind = random.weighted(this.#site.lookup ? weights : { ...weights, revoke: 0, find: 0 });
    const visit = await serve(() => this.#visit(kind, random));
    this.#site.record(visit);
  }

  async #visit(kind: keyof typeof weights, random: Random): Promise<Visit> {
    const { cookie } = this.#jar;
    const begun = {
      browser: this.name,
      kind,
      ...(cookie !== undefined && { id: idIn(cookie) }),
      begin: now(),
    };
    if (kind === "find" || kind === "revoke") return this.#look(kind, begun, random);
    const house = kind === "stray" ? (this.#house + 1 + random.below(HOUSES - 1)) % HOUSES : this.#house;
    const server = random.pick(this.#site.servers[house] ?? []);
    if (server === undefined) throw new Error("The house has no server");
    const method = kind === "read" || kind === "count" || kind === "stray" ? "GET" : "POST";
    let session: Session;
    try {
      session = await server.open(cookie, { method });
    } catch (error) {
      refusal(error);
      return answered({ ...begun, opened: now(), outcome: "unknown", failed: true });
    }
    const opened = now();
    const found = session.$isNew ? undefined : look(session);
    if (kind === "stray") return answered({ ...begun, opened, outcome: "done", ...(found && { found }) });
    await pass(random);
    const done = await this.#work(kind, session, random);
    const setCookies = session.$headers.flatMap(([name, value]) => (isSetCookie(name) ? [value] : []));
    const ended = now();
    await onItsWay(random);
    this.#jar.take(setCookies);
    return {
      ...begun,
      opened,
      ended,
      arrived: now(),
      ...(found && { found }),
      ...done,
      ...this.#given(setCookies),
    };
  }

  #given(setCookies: readonly string[]): { readonly to?: string; readonly clears?: true } {
    const [last] = setCookies.slice(-1);
    if (last === undefined) return {};
    if (isOver(last)) return { clears: true };
    const [cookie = ""] = last.split(";", 1);
    this.cookies.push(cookie);
    return { to: idIn(cookie) };
  }

  /** @returns what was asked for, and what became of it */
  async #work(kind: Written | "read", session: Session, random: Random) {
    const commit = () => session.$commit();
    switch (kind) {
      case "read":
        return outcomeOf(await seeThrough(session, commit, random));
      case "logout": {
        const end = async (): Promise<void> => {
          await session.$destroy();
          await session.$commit();
        };
        return outcomeOf(await seeThrough(session, end, random));
      }
      case "spend":
        return this.#spend(session, random);
      case "login": {
        this.#logins += 1;
        const who = `${this.#house}:${this.#number}.${this.#logins}`;
        // What the user before has counted is not the next one's.
        const addition = session.who === undefined ? this.#addition(session, random) : undefined;
        const label = this.#label(session, true);
        session.who = who;
        const ending = await seeThrough(session, commit, random);
        return { who, label, ...(addition && { addition }), ...outcomeOf(ending) };
      }
      default: {
        if (kind === "renew") void session.$regenerate();
        const label = session.$isNew ? this.#label(session, true) : undefined;
        const addition = this.#addition(session, random);
        const ending = await seeThrough(session, commit, random);
        const dropped = ending.outcome === "done" && !session.log.includes(addition.element);
        return {
          addition,
          ...(label !== undefined && { label }),
          ...outcomeOf(ending),
          ...(dropped && { outcome: "dropped" as const }),
        };
      }
    }
  }

  async #spend(session: Session, random: Random) {
    if (session.$isNew) return outcomeOf(await seeThrough(session, () => session.$commit(), random));
    const addition = { element: this.#element(), count: 0, spend: 1 + random.below(9) };
    const work = async (): Promise<void> => {
      const { balance } = session;
      await pass(random);
      session.balance = balance + addition.spend;
      session.log.push(addition.element);
    };
    return { addition, ...outcomeOf(await seeLockThrough(session, work, LOCK, random)) };
  }

  #addition(session: Session, random: Random): Addition {
    const addition = { element: this.#element(), count: 1 + random.below(9), spend: 0 };
    session.count += addition.count;
    session.log.push(addition.element);
    return addition;
  }

  #label(session: Session, assign: boolean): string {
    const label = `${this.#number}.${this.#logins}`;
    if (assign) session.label = label;
    return label;
  }

  /** A number that nobody else uses in the run, and whose remainder says whose house it is of. */
  #element(): number {
    this.#elements += 1;
    return (this.#elements * 1000 + this.#number) * HOUSES + this.#house;
  }

  /** Asks the server for sessions by their label, such as browsers of other houses have, too. */
  async #look(
    kind: "find" | "revoke",
    begun: Pick<Visit, "browser" | "kind" | "id" | "begin">,
    random: Random,
  ): Promise<Visit> {
    const label = `${this.#number}.${random.below(this.#logins + 1)}`;
    const server = random.pick(this.#site.servers[this.#house] ?? []);
    if (server === undefined) throw new Error("The house has no server");
    const common = { ...begun, label, opened: begun.begin };
    try {
      if (kind === "revoke") {
        await server.destroyBy("label", label);
        return answered({ ...common, outcome: "done" });
      }
      let foreign: string | undefined;
      for await (const { data } of server.findBy("label", label)) {
        const { log = [], who = `${this.#house}:` } = data as Partial<Found>;
        if (log.some((element) => element % HOUSES !== this.#house) || !who.startsWith(`${this.#house}:`))
          foreign = `a session of ${who} with ${log}`;
      }
      return answered({ ...common, outcome: "done", ...(foreign !== undefined && { foreign }) });
    } catch (error) {
      return answered({
        ...common,
        outcome: refusal(error) === "unknown" || kind === "revoke" ? "unknown" : "refused",
      });
    }
  }
}

function answered(visit: Omit<Visit, "ended" | "arrived">): Visit {
  return { ...visit, ended: now(), arrived: now() };
}

function outcomeOf({
  outcome,
  unclear,
  storeFailed,
}: Ending): Pick<Visit, "outcome" | "unclear" | "storeFailed"> {
  const told = outcome === "gone" || outcome === "conflict" ? "refused" : outcome;
  return { outcome: told, ...(unclear && { unclear }), ...(storeFailed && { storeFailed }) };
}

/** Reads all of a session that the checker compares. */
export function look(session: Session): Found {
  const { who, count, balance, log } = session;
  return { ...(who !== undefined && { who }), count, balance, log: [...log] };
}

/** Lets others go first, or not. */
async function pass(random: Random): Promise<void> {
  for (let turns = random.below(6); turns > 0; turns -= 1) await new Promise(setImmediate);
}

async function onItsWay(random: Random): Promise<void> {
  if (random.below(2) === 0) return pass(random);
  await new Promise((resolve) => setTimeout(resolve, random.below(WAY)));
}
