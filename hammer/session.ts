import {
  createSessions,
  type FieldDefinition,
  type History,
  lookup,
  type RewriteOptions,
  SessionBase,
  type SessionDefinition,
  type SessionStore,
  type Sessions,
} from "../runtime/src/index.js";
import { field } from "../runtime/test/session/support/field.js";

/** An element of the union. */
export interface Item {
  readonly key: number;
}

interface Data {
  label: string;
  user?: string | undefined;
  count: number;
  balance: number;
  log: number[];
  items: Item[];
  who?: string | undefined;
}

/** More than any session of a run appends: what the list loses, a store has lost. */
const BOUND = 1_000_000;

const isText = (value: unknown): boolean => typeof value === "string";
const label: FieldDefinition<string> = field(0, "label", isText, {
  default: () => "",
  indexes: [{ path: "label", name: "label", pick: (value) => value }],
});
const user: FieldDefinition<string | undefined> = field(1, "user", isText, { regenerate: "on-change" });
const count: FieldDefinition<number> = field(2, "count", Number.isInteger, {
  default: () => 0,
  merge: "counter",
});
const log: FieldDefinition<number[]> = field(3, "log", Array.isArray, {
  default: () => [],
  mutable: true,
  merge: { append: BOUND },
});
const items: FieldDefinition<Item[]> = field(4, "items", Array.isArray, {
  default: () => [],
  mutable: true,
  merge: { union: "key" },
});
/**
 * Without a policy: what is written at the same time replaces the other. Only who holds the lock
 * changes it.
 */
const balance: FieldDefinition<number> = field(5, "balance", Number.isInteger, { default: () => 0 });
/** Whose session it is: browsers log in here, and another user finds nothing of the one before. */
const who: FieldDefinition<string | undefined> = field(6, "who", isText, {
  regenerate: "on-change",
  identity: (value) => value,
});
const fields = [label, user, count, log, items, balance, who] as SessionDefinition;
/** As if all slots had been given out at once. */
const history: History = {
  hashes: fields.map((_, index) => index.toString(16).padStart(8, "0")).join(""),
  generations: [fields.length],
};

/**
 * What a generated module contains, written by hand: one field for each policy that must lose
 * nothing, and one for the lock.
 */
export class Session extends SessionBase<Data> {
  /** Names the session across all its ids; given once. */
  get label(): string {
    return this.$get(label);
  }
  set label(value: string) {
    this.$set(label, value);
  }
  get user(): string | undefined {
    return this.$get(user);
  }
  set user(value: string | undefined) {
    this.$set(user, value);
  }
  get count(): number {
    return this.$get(count);
  }
  set count(value: number) {
    this.$set(count, value);
  }
  get balance(): number {
    return this.$get(balance);
  }
  set balance(value: number) {
    this.$set(balance, value);
  }
  get log(): number[] {
    return this.$get(log);
  }
  set log(value: number[]) {
    this.$set(log, value);
  }
  get items(): Item[] {
    return this.$get(items);
  }
  set items(value: Item[]) {
    this.$set(items, value);
  }
  get who(): string | undefined {
    return this.$get(who);
  }
  set who(value: string | undefined) {
    this.$set(who, value);
  }
}

export type HammeredSessions = Sessions<Session, { readonly label: string }>;

/** Whose sessions they are. */
export interface House {
  readonly application: string;
  readonly realm?: string;
  /** How long a session of this house lives, in milliseconds. Default: longer than any run. */
  readonly lifetime?: number;
}

const FIRST: House = { application: "n1QbZ4hUc7vYt2RkXe9Wsg" };

/** What tools read and write them with. */
export const rewriteOptions: RewriteOptions = { ...FIRST, fields, history };

/**
 * Opens sessions that outlive the run, with deadlines that a busy machine keeps: fewer unknown
 * outcomes, a sharper check.
 */
export function openSessions(store: SessionStore, house: House = FIRST): HammeredSessions {
  const { application, realm, lifetime: end = 86_400_000 } = house;
  const lifetime = { idle: end, absolute: end };
  return createSessions<Session, { readonly label: string }>({
    lookup,
    application,
    ...(realm !== undefined && { realm }),
    Session,
    fields,
    history,
    store,
    lifetime: { ...lifetime, permanent: lifetime },
    storeTimeout: 10_000,
  });
}
