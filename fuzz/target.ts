import {
  type CookieOptions,
  createSessions,
  type EncryptionOptions,
  encryptWith,
  type History,
  lookup,
  type Serializer,
  type SessionBase,
  type SessionClass,
  type SessionDefinition,
  type SessionStore,
  type Sessions,
  storeKey,
} from "@sessgen/runtime";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import {
  fields as emittedFields,
  history as emittedHistory,
} from "../examples/express/src/session/fields.js";
import { Session } from "../examples/express/src/session/index.js";
import { Loose, looseFields, looseHistory } from "./loose.js";
import type { Random } from "./random.js";

/** Whose sessions are attacked. */
export const application = "ypOk8Cq2nEmFw0b1sTj7Ug";

/** The time in every attack: nothing depends on when it is run. */
export const now: number = Date.UTC(2026, 0, 1);
/** In every session that is not the attacker's. */
export const VICTIM = "victim-4f1d";

/** Sessions of one schema, and what an application does with them. */
export interface Target<S extends SessionBase> {
  readonly name: string;
  readonly Session: SessionClass<S>;
  readonly fields: SessionDefinition;
  readonly history: History;
  /** Logs in. */
  login(session: S, who: string): void;
  /** Reads every field. */
  read(session: S): void;
  /**
   * Changes fields: some are assigned, some changed in place. Done twice, it makes the session no
   * larger.
   */
  change(session: S, random: Random): void;
}

/** The emitted module of the Express example: typed fields. */
export const emitted: Target<Session> = {
  name: "emitted",
  Session,
  fields: emittedFields,
  history: emittedHistory,
  login(session, who) {
    session.user = { id: "0190163d-8694-739b-aea5-966c26f8ad91", name: who, roles: ["admin"] };
    session.cart = [
      { sku: "tea", quantity: 1 },
      { sku: "milk", quantity: 2 },
    ];
    session.notice = `Welcome, ${who}`;
  },
  read(session) {
    for (const [, value] of session) void value;
  },
  change(session, random) {
    if (random.oneIn(2)) session.visits = 5;
    if (random.oneIn(2)) session.theme = "dark";
    if (random.oneIn(3)) session.cart = [{ sku: "bread", quantity: 3 }];
    for (const item of session.cart) item.quantity = 4;
    if (random.oneIn(4) && session.user !== undefined) session.user.name = "x";
  },
};

/** Fields that the example has not: of any type, dates, bigints, with an index. */
export const loose: Target<Loose> = {
  name: "loose",
  Session: Loose,
  fields: looseFields,
  history: looseHistory,
  login(session, who) {
    session.user = who;
    session.anything = {
      [who]: [new Map([["a", new Set([1])]]), new Date(now), Uint8Array.of(1), 5n, undefined, { $date: 1 }],
    };
    session.log = [who];
    session.at = new Date(now);
    session.best = 1.5;
    session.big = 10n ** 30n;
  },
  read(session) {
    for (const [, value] of session) void value;
  },
  change(session, random) {
    if (random.oneIn(2)) session.best = 3;
    if (random.oneIn(2)) session.big = 7n;
    if (random.oneIn(2)) session.at?.setTime(now + 1);
    session.log[0] = "first";
    if (random.oneIn(3)) session.anything = { a: [1, "x"] };
    if (random.oneIn(8)) session.user = "mallory";
  },
};

/** A store that forgets between attacks what they left behind, and counts what they cost. */
export class CountedStore {
  readonly store: SessionStore;
  readonly #inner: SessionStore = memoryStore({ clock: () => now });
  readonly #written = new Set<string>();
  #operations = 0;

  constructor() {
    const count = <T>(result: T): T => {
      this.#operations += 1;
      return result;
    };
    this.store = {
      kind: "memory",
      read: (...args) => count(this.#inner.read(...args)),
      write: (...args) => {
        this.#written.add(args[0]);
        return count(this.#inner.write(...args));
      },
      touch: (...args) => count(this.#inner.touch(...args)),
      remove: (...args) => count(this.#inner.remove(...args)),
      findByIndex: (...args) => this.#inner.findByIndex?.(...args) ?? nothing(),
      close: () => this.#inner.close(),
    };
  }

  /** What is there now stays for good. */
  keep(): void {
    this.#written.clear();
  }

  /**
   * Removes what was written since, except under that key; gives back how many operations it took.
   */
  async forget(except: string): Promise<number> {
    for (const key of this.#written) if (key !== except) await this.#inner.remove(key);
    this.#written.clear();
    const operations = this.#operations;
    this.#operations = 0;
    return operations;
  }
}

async function* nothing(): AsyncGenerator<never> {}

/** One logged-in browser. */
export interface Browser {
  readonly cookie: string;
  readonly id: string;
  readonly key: string;
}

/** An application with two logged-in users, of whom one is up to no good. */
export interface World<S extends SessionBase> {
  readonly sessions: Sessions<S>;
  readonly counted: CountedStore;
  readonly attacker: Browser;
  readonly victim: Browser;
  readonly victimPayload: Uint8Array;
}

export async function world<S extends SessionBase>(
  target: Target<S>,
  serializer: Serializer,
  cookie: CookieOptions = {},
  encryption?: EncryptionOptions,
): Promise<World<S>> {
  const counted = new CountedStore();
  const sessions = createSessions<S>({
    lookup,
    application,
    Session: target.Session,
    fields: target.fields,
    history: target.history,
    store: counted.store,
    serializer,
    cookie,
    ...(encryption && { encryption: encryptWith(encryption) }),
    clock: () => now,
  });
  const victim = await browser(target, sessions, VICTIM);
  const attacker = await browser(target, sessions, "mallory");
  counted.keep();
  const stored = await counted.store.read(victim.key);
  return { sessions, counted, attacker, victim, victimPayload: stored?.payload ?? new Uint8Array() };
}

async function browser<S extends SessionBase>(
  target: Target<S>,
  sessions: Sessions<S>,
  who: string,
): Promise<Browser> {
  const session = await sessions.open(undefined);
  target.login(session, who);
  const cookie = cookiePairs(await session.$commit());
  const id = String(session.$id);
  return { cookie, id, key: storeKey(id, { application }) };
}

/** The Cookie header after these Set-Cookie headers. */
export function cookiePairs(setCookies: readonly string[]): string {
  return setCookies.map((cookie) => cookie.split(";")[0]).join("; ");
}
