import {
  createSessions,
  type FieldDefinition,
  type History,
  lookup,
  SessionBase,
  type SessionDefinition,
  type SessionStore,
  type Sessions,
  type SessionsOptions,
  storeKey,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { field } from "./field.js";

/** What a generated module contains, written by hand: the lifecycle is tested without the generator. */
export interface Item {
  sku: string;
  quantity: number;
}
interface Data {
  visits: number;
  user?: string | undefined;
  cart: Item[];
  log: string[];
  notice?: string | undefined;
  secret?: string | undefined;
}

export const isString = (value: unknown): boolean => typeof value === "string";
export const visits: FieldDefinition<number> = field(0, "visits", Number.isInteger, {
  default: () => 0,
  merge: "counter",
});
export const user: FieldDefinition<string | undefined> = field(1, "user", isString, {
  regenerate: "on-change",
});
export const cart: FieldDefinition<Item[]> = field(2, "cart", Array.isArray, {
  default: () => [],
  mutable: true,
  merge: { union: "sku" },
});
export const log: FieldDefinition<string[]> = field(3, "log", Array.isArray, {
  default: () => [],
  mutable: true,
  merge: { append: 3 },
});
export const notice: FieldDefinition<string | undefined> = field(4, "notice", isString, { flash: true });
export const secret: FieldDefinition<string | undefined> = field(5, "secret", isString, { redact: true });
export const fields: SessionDefinition = [visits, user, cart, log, notice, secret] as SessionDefinition;

export class Session extends SessionBase<Data> {
  get visits(): number {
    return this.$get(visits);
  }
  set visits(value: number) {
    this.$set(visits, value);
  }
  get user(): string | undefined {
    return this.$get(user);
  }
  set user(value: string | undefined) {
    this.$set(user, value);
  }
  get cart(): Item[] {
    return this.$get(cart);
  }
  set cart(value: Item[]) {
    this.$set(cart, value);
  }
  get log(): string[] {
    return this.$get(log);
  }
  set log(value: string[]) {
    this.$set(log, value);
  }
  get notice(): string | undefined {
    return this.$get(notice);
  }
  set notice(value: string | undefined) {
    this.$set(notice, value);
  }
  get secret(): string | undefined {
    return this.$get(secret);
  }
  set secret(value: string | undefined) {
    this.$set(secret, value);
  }
}

/** The application that all of these sessions are of. */
export const application = "2Vf0uT8nSx-q7LmRzKd3Yg";

/** The lock's log that the slots of all of these fields are from: as if all of them had been given out at once. */
export const history: History = {
  hashes: Array.from({ length: 64 }, (_, index) => index.toString(16).padStart(8, "0")).join(""),
  generations: [64],
};

/** What `createSessions` is told of these sessions, whatever else it is. */
export const definition = { lookup, application, history, Session, fields } as const;

/** What a payload with fields of these says of it: the generation, its end and the hash there. */
export const historyMark: Buffer = Buffer.of(1, 64, 0, 0, 0, 0x3f);

/** The key that the session of an id is stored under. */
export function keyOf(id: string, name?: string): string {
  return storeKey(id, { application, ...(name !== undefined && { name }) });
}

/** What stands in front of the keys of these sessions. */
export const tag: string = keyOf("").slice(0, 8);

export const start: number = Date.UTC(2026, 0, 1);

/** Whether it is the key of what an application has once, which is no session's: what a session costs is counted without it. */
export function isEpoch(key: string): boolean {
  return /(?:epoch|indexes)$/.test(key);
}

/** Sessions in memory, unless a store is given, on a clock that stands still until it is moved. */
export function setup<Store extends SessionsOptions["store"] = SessionStore>(
  options: Partial<SessionsOptions> & { readonly store?: Store } = {},
) {
  const time = { now: start };
  const clock = () => time.now;
  const store = (options.store ?? memoryStore({ clock })) as Store;
  /** What reached nobody else. */
  const errors: unknown[] = [];
  const sessions: Sessions<Session> = createSessions({
    ...definition,
    store,
    clock,
    onError: (error) => errors.push(error),
    ...options,
  });
  return { sessions, time, store, errors };
}

/** The Cookie header a browser would send after these Set-Cookie headers. */
export function cookieHeader(setCookies: readonly string[]): string {
  return setCookies.map((cookie) => cookie.split(";")[0]).join("; ");
}

/** Opens, changes and commits in one go; gives back the Cookie header to go on with. */
export async function visit(
  sessions: Sessions<Session>,
  cookie: string | undefined,
  change: (session: Session) => void | Promise<void>,
): Promise<string> {
  const session = await sessions.open(cookie);
  await change(session);
  const set = await session.$commit();
  return set.length === 0 ? (cookie ?? "") : cookieHeader(set);
}
