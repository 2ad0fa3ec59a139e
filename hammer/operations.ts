import { isSetCookie } from "../runtime/src/cookie/cookie.js";
import { type Ending, refusal, seeLockThrough, seeThrough } from "./answers.js";
import { type Entry, type Kind, now, type Outcome, type Recorder, type Seen } from "./history.js";
import { serve } from "./meanwhile.js";
import type { Random } from "./random.js";
import type { HammeredSessions, Session } from "./session.js";
import type { Answer, Ticket } from "./tickets.js";

/** What the clients of one process share. */
export interface Surroundings {
  readonly sessions: HammeredSessions;
  readonly recorder: Recorder;
  readonly places: number;
  /** Sessions can be found by a field. */
  readonly lookup: boolean;
  /** The latest ticket that this process has heard of. */
  latest(place: number): Ticket | undefined;
  /** Tickets that were the latest some time ago. */
  readonly former: readonly Ticket[];
  ask(place: number, stale: string | undefined): Promise<Answer>;
  put(ticket: Ticket): void;
  failed(place: number): void;
  /** A request is under way. */
  begun(): void;
  /** Requests may fail through no fault of the store's: another one takes their place. */
  readonly disturbed: boolean;
  /** How many processes these clients had before. */
  readonly generation: number;
}

/** About one request in fifty ends its session: sessions stay small, and their ends get tested. */
const weights = { read: 20, write: 62, spend: 4, login: 6, regenerate: 6, logout: 1, revoke: 1 };
/** What clients of a process that was killed had numbered is less. */
const NUMBERS = 1_000_000;
/** In milliseconds: who cannot reach a server does not try again at once. */
const RESPITE = 10;
/** Of the lock, in milliseconds: clients that were killed with it keep nobody waiting for long. */
const LOCK = { lease: 2000, wait: 4000 };
/** How many requests in a hundred come with a cookie that may have been replaced. */
const STALE = 5;

/** A client: sends one request after the other. */
export class Client {
  readonly #number: number;
  readonly #clients: number;
  readonly #random: Random;
  readonly #around: Surroundings;
  #requests = 0;
  #elements = 0;

  constructor(number: number, clients: number, random: Random, around: Surroundings) {
    this.#number = number;
    this.#clients = clients;
    this.#random = random;
    this.#around = around;
    this.#elements = around.generation * NUMBERS;
  }

  async run(requests: number): Promise<void> {
    while (this.#requests < requests) await serve(() => this.#visit());
  }

  async #visit(): Promise<void> {
    const place = this.#random.below(this.#around.places);
    const former = this.#random.below(100) < STALE ? this.#random.pick(this.#around.former) : undefined;
    let ticket = former ?? this.#around.latest(place);
    if (ticket === undefined) {
      const answer = await this.#around.ask(place, undefined);
      if (answer === "create") return this.#create(place, undefined);
      ticket = answer;
    }
    const kind = this.#random.weighted({ ...weights, revoke: this.#around.lookup ? weights.revoke : 0 });
    const found = await (kind === "revoke" ? this.#revoke(ticket) : this.#request(kind, ticket));
    if (found || former !== undefined) return;
    const answer = await this.#around.ask(ticket.place, ticket.id);
    if (answer === "create") await this.#create(ticket.place, ticket);
  }

  /** Begins a session; with the cookie of one that has ended, as browsers do. */
  async #create(place: number, ended: Ticket | undefined): Promise<void> {
    const label = String(this.#element());
    const begin = now();
    let made = false;
    try {
      const session = await this.#around.sessions.open(ended?.cookie);
      const opened = now();
      session.label = label;
      const effects = this.#write(session, true);
      this.#intend(place, "create", { session: label, id: "", begin, opened, ...effects });
      const { cookies, ...ending } = await commit(session, this.#random);
      const id = short(session.$id);
      made = ending.outcome === "done" && id !== "";
      const common = { session: label, id: "", begin, opened, ...ending, ...effects };
      const cookie = cookieOf(cookies);
      this.#record(place, "create", { ...common, ...(made && { to: id, cookie }) });
      if (made) this.#around.put({ place, session: label, id, cookie });
    } catch (error) {
      this.#record(place, "create", {
        session: label,
        id: "",
        begin,
        opened: now(),
        outcome: refusal(error),
      });
    } finally {
      if (!made) {
        this.#around.failed(place);
        await this.#respite();
      }
    }
  }

  /** @returns whether there was a session under the ticket, or nobody knows */
  async #request(kind: Exclude<Kind, "create" | "revoke" | "final">, ticket: Ticket): Promise<boolean> {
    const { session: label, id, place } = ticket;
    const begin = now();
    let session: Session;
    try {
      session = await this.#around.sessions.open(ticket.cookie);
    } catch (error) {
      // Nothing was read and nothing changed: the history of a read that told nothing.
      const outcome = refusal(error);
      this.#record(place, "read", { session: label, id, begin, opened: now(), outcome });
      await this.#respite();
      return true;
    }
    const opened = now();
    const common = { session: label, id, begin, opened };
    if (session.$isNew) {
      this.#record(place, "read", { ...common, outcome: "done" });
      return false;
    }
    const seen = look(session, kind === "read");
    await this.#think();
    const change = this.#change(kind, session);
    this.#intend(place, kind, { ...common, seen, ...change });
    const { cookies, ...ending } = await this.#finish(kind, session, change);
    const { outcome } = ending;
    const to = outcome === "done" && session.$id !== undefined ? short(session.$id) : id;
    const moved = to !== id && kind !== "logout";
    const cookie = cookieOf(cookies);
    this.#record(place, kind, { ...common, ...ending, seen, ...change, ...(moved && { to, cookie }) });
    if (moved) this.#around.put({ ...ticket, id: to, cookie });
    return true;
  }

  /** The session is ended by whoever knows nothing but its label. */
  async #revoke({ place, session, id }: Ticket): Promise<boolean> {
    const begin = now();
    let outcome: Outcome = "done";
    this.#intend(place, "revoke", { session, id, begin, opened: begin });
    try {
      await this.#around.sessions.destroyBy("label", session);
    } catch (error) {
      outcome = refusal(error);
    }
    this.#record(place, "revoke", { session, id, begin, opened: begin, outcome });
    return true;
  }

  #change(kind: Kind, session: Session): Partial<Entry> {
    switch (kind) {
      case "spend":
        return { spend: 1 + this.#random.below(9) };
      case "write":
        return this.#write(session, false);
      case "login": {
        const user = `user${this.#element()}`;
        session.user = user;
        return { user, ...this.#write(session, false) };
      }
      case "regenerate":
        void session.$regenerate();
        return this.#random.below(2) === 0 ? this.#write(session, false) : {};
      default:
        return {};
    }
  }

  async #finish(kind: Kind, session: Session, { spend }: Partial<Entry>): Promise<Finished> {
    if (spend === undefined) return commit(session, this.#random, kind === "logout");
    const work = async (): Promise<void> => {
      const { balance } = session;
      await this.#think();
      session.balance = balance + spend;
    };
    const ending = await seeLockThrough(session, work, LOCK, this.#random);
    return ending.outcome === "done" ? commit(session, this.#random) : { ...ending, cookies: [] };
  }

  /**
   * Some of an increment, an append, an addition and a removal; with `all`, all that can be done to
   * a new session.
   */
  #write(session: Session, all: boolean): Partial<Entry> {
    const chosen = all ? 0b111 : 1 + this.#random.below(15);
    const effects: { -readonly [Name in keyof Entry]?: Entry[Name] } = {};
    if (chosen & 0b0001) {
      effects.increment = 1 + this.#random.below(9);
      session.count += effects.increment;
    }
    if (chosen & 0b0010) {
      effects.append = this.#element();
      session.log.push(effects.append);
    }
    const victim = this.#random.pick(session.items);
    if (chosen & 0b1000 && victim !== undefined) {
      effects.remove = victim.key;
      session.items.splice(session.items.indexOf(victim), 1);
    }
    // The rest may have come to nothing, and every write has to write.
    if (chosen & 0b0100 || Object.keys(effects).length === 0) {
      effects.add = this.#element();
      session.items.push({ key: effects.add });
    }
    return effects;
  }

  /** A number that nobody else uses in the run. */
  #element(): number {
    this.#elements += 1;
    return this.#elements * this.#clients + this.#number;
  }

  /** Others get their turns between reading and writing, as they do while an application works. */
  async #think(): Promise<void> {
    for (let turns = this.#random.below(4); turns > 0; turns -= 1) await new Promise(setImmediate);
  }

  async #respite(): Promise<void> {
    if (this.#around.disturbed) await new Promise((resolve) => setTimeout(resolve, RESPITE));
  }

  #intend(place: number, kind: Kind, entry: Omit<Entry, "client" | "kind" | "end" | "outcome">): void {
    this.#around.recorder.intend(place, { client: this.#number, kind, ...entry });
    this.#around.begun();
  }

  #record(place: number, kind: Kind, entry: Omit<Entry, "client" | "kind" | "end">): void {
    if (!this.#around.disturbed || entry.outcome !== "unknown") this.#requests += 1;
    this.#around.recorder.record(place, { client: this.#number, kind, ...entry, end: now() });
  }
}

/**
 * Reads a session when nobody writes any more, through a ticket that was given out during the run.
 */
export async function readFinally(
  { sessions, recorder, lookup }: Surroundings,
  ticket: Ticket,
): Promise<void> {
  const begin = now();
  const session = await persistently(() => sessions.open(ticket.cookie));
  const opened = now();
  const found = lookup ? await persistently(() => sessions.count("label", ticket.session)) : undefined;
  recorder.record(ticket.place, {
    client: 0,
    kind: "final",
    session: ticket.session,
    id: ticket.id,
    begin,
    opened,
    end: now(),
    outcome: "done",
    ...(!session.$isNew && { seen: look(session, true) }),
    ...(found !== undefined && { found }),
  });
}

/** Connections that were cut, and servers that were killed, may be noticed only now. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (refusal(error) !== "unknown" || attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, RESPITE * 10));
    }
  }
}

/** What a client is told. */
interface Finished extends Ending {
  readonly cookies: readonly string[];
}

async function commit(session: Session, random: Random, destroy = false): Promise<Finished> {
  const operate = async (): Promise<void> => {
    if (destroy) await session.$destroy();
    await session.$commit();
  };
  const ending = await seeThrough(session, operate, random);
  return {
    ...ending,
    cookies: session.$headers.flatMap(([name, value]) => (isSetCookie(name) ? [value] : [])),
  };
}

function look(session: Session, whole: boolean): Seen {
  const { label, user, count, balance } = session;
  if (!whole) return { label, user, count, balance };
  return { label, user, count, balance, log: [...session.log], items: session.items.map(({ key }) => key) };
}

function cookieOf(setCookies: readonly string[]): string {
  return setCookies.map((cookie) => cookie.split(";", 1)[0]).join("; ");
}

function short(id: string | undefined): string {
  return id?.slice(0, 12) ?? "";
}
