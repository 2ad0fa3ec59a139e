import { inspect } from "node:util";
import type { SessionBase } from "../../../session/state/session-base.js";
import type { ExpressSessionCookie } from "./cookie.js";
import { COOKIE, type SessionData } from "./data.js";

/** What is called when it is done, with the error if it failed. */
export type Callback = (error?: unknown) => void;

/** What express-session's sessions have beside their data. */
export interface ExpressSessionMembers {
  /** The id, as the cookie carries it. */
  readonly id: string;
  cookie: ExpressSessionCookie;
  /** Ends the session, and begins an empty one with another id. */
  regenerate(callback: Callback): this;
  /** Saves what was changed, and gives a new session its place in the store. */
  save(callback?: Callback): this;
  /** Ends the session; the request has none from then on. */
  destroy(callback?: Callback): this;
  /** Reads the session anew; what was changed and not saved is dropped. */
  reload(callback: Callback): this;
  /** Counts as use of the session, so that its end moves. */
  touch(): this;
  /** Does the same as `touch`. */
  resetMaxAge(): this;
}

/** A session that middleware written for express-session takes for one of its own. */
export type ExpressSession<S extends SessionBase> = S & ExpressSessionMembers;

/** What a view shows; the request that it is on moves it on. */
export interface Shown {
  readonly session: SessionBase;
  /** The fields of the schema, whether there is anything in them or not. */
  readonly fields: ReadonlySet<string>;
  /** The request has another session by now: of this one there is what was in it. */
  isFormer: boolean;
  data: SessionData;
  cookie: ExpressSessionCookie;
  id: () => string | undefined;
  /** The methods of express-session's. */
  members: ReadonlyMap<string, (callback?: Callback) => object>;
}

/**
 * Makes what the request has as its session: an object whose properties are what is in it, so that
 * `delete`, spreading, `Object.keys` and `in` mean what they mean with express-session.
 */
export function viewOf(shown: Shown): object {
  // Whatever is put on it by its descriptor, as some wrap `save`, is the view's alone.
  const own: object = Object.create(Object.getPrototypeOf(shown.session), {
    // Proxies are inspected by what is behind them.
    [inspect.custom]: {
      configurable: true,
      value: (_depth: number, options: object) =>
        `${shown.session.constructor.name} ${inspect(plainOf(shown), options)}`,
    },
  });
  return new Proxy(own, {
    get(target, name, receiver) {
      if (Object.hasOwn(target, name)) return Reflect.get(target, name, receiver);
      if (name === "id") return shown.id();
      if (name === COOKIE) return shown.cookie;
      if (name === "toJSON") return () => plainOf(shown);
      if (typeof name === "string") {
        const member = shown.members.get(name);
        if (member !== undefined) return member;
        if (shown.fields.has(name) || shown.data.has(name)) return shown.data.get(name);
        if (shown.isFormer && name.startsWith("$")) return undefined;
      }
      const value: unknown = Reflect.get(shown.session, name);
      // They need the session itself, which has what is private.
      return typeof value === "function" && name !== "constructor" ? value.bind(shown.session) : value;
    },
    set(target, name, value) {
      if (name === COOKIE) {
        shown.cookie.maxAge = Reflect.get(Object(value), "originalMaxAge") as number | null;
        return true;
      }
      // Some wrap `save`, or give what has no `regenerate` one: that is no data.
      if (typeof name === "symbol" || typeof value === "function")
        return Reflect.defineProperty(target, name, { value, configurable: true, writable: true });
      if (name.startsWith("$") && name in shown.session) return Reflect.set(shown.session, name, value);
      shown.data.set(name, value);
      return true;
    },
    defineProperty(target, name, descriptor) {
      const { value } = descriptor;
      if (typeof name === "symbol" || !("value" in descriptor) || typeof value === "function")
        return Reflect.defineProperty(target, name, { ...descriptor, configurable: true });
      shown.data.set(name, value);
      return true;
    },
    deleteProperty(target, name) {
      if (Object.hasOwn(target, name)) return Reflect.deleteProperty(target, name);
      if (typeof name === "string" && name !== COOKIE) shown.data.delete(name);
      return true;
    },
    has(target, name) {
      if (typeof name === "symbol") return Reflect.has(target, name);
      return (
        name === COOKIE ||
        name === "id" ||
        shown.members.has(name) ||
        shown.data.has(name) ||
        // A field that is absent is a member of the class, and not of the session.
        (Reflect.has(target, name) && !shown.fields.has(name))
      );
    },
    ownKeys: () => [COOKIE, ...shown.data.names()],
    getOwnPropertyDescriptor(target, name) {
      if (typeof name === "symbol") return Reflect.getOwnPropertyDescriptor(target, name);
      const isData = name === COOKIE || shown.data.has(name);
      if (!isData) return Reflect.getOwnPropertyDescriptor(target, name);
      const value = name === COOKIE ? shown.cookie : shown.data.peek(name);
      return { configurable: true, enumerable: true, writable: true, value };
    },
  });
}

/** What may be shown of it. */
function plainOf({ data }: Shown): object {
  return Object.fromEntries(data.names({ redacted: false }).map((name) => [name, data.peek(name)]));
}
