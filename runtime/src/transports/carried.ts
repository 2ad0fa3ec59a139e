import type { SessionRecord } from "../codec/record/record.js";
import { chunkName, joined, split } from "../cookie/chunks.js";
import {
  type CookieReading,
  clearedElsewhere,
  cookieValues,
  expiredCookie,
  setCookie,
} from "../cookie/cookie.js";
import { ISSUED_LENGTH, isRecent, issuedText } from "../cookie/issued.js";
import type { ResolvedCookie } from "../cookie/options.js";
import type { Identity } from "../crypto/identity.js";
import type { Opened, Sealing } from "../crypto/sealing.js";
import { memoryStore } from "../stores/memory/index.js";
import type { SessionStore } from "../stores/store.js";
import type { Clock } from "../time/clock.js";
import { asHeader, clearCache, destinationOf } from "./cookie.js";
import type { ResponseHeader, TransportRequest } from "./transport.js";

/** What sessions share that travel in their cookie. */
export interface CarriedContext {
  readonly identity: Identity;
  readonly cookie: ResolvedCookie;
  readonly clock: Clock;
  /** The key that the session of an id is stored under. */
  keyOf(id: string): string;
  /** Encodes a session for the store. */
  encode(record: SessionRecord, key: string): Uint8Array;
}

/** What a Cookie header carries, and a store that has this one session. */
export interface Carried {
  readonly store: SessionStore;
  readonly reading: CookieReading;
  /** The client has several copies that differ. */
  readonly several: boolean;
}

/** A session that is handed out. */
interface Outgoing {
  readonly id: string;
  readonly key: string;
  readonly expiresAt: number;
  readonly record: SessionRecord;
}

/** How cookies are made of sessions. */
interface Wrapping {
  readonly sealing: Sealing;
  readonly maxChunks: number;
}

/**
 * The session of one request when it travels in its cookie. To the lifecycle it is a store with
 * this one session in it; what is in there at the end goes back as cookies.
 */
export class CarriedSession {
  readonly repeats = true;
  readonly carries = true;
  readonly #wrapping: Wrapping;
  readonly #context: CarriedContext;
  readonly #request: TransportRequest;

  constructor(wrapping: Wrapping, context: CarriedContext, request: TransportRequest) {
    this.#wrapping = wrapping;
    this.#context = context;
    this.#request = request;
  }

  /** Opens the cookie, and a store that has its session. */
  async open(): Promise<Carried> {
    const { clock, cookie } = this.#context;
    const { name } = cookie;
    // This request's alone: a lock in it keeps nobody out.
    const store = Object.assign(memoryStore({ clock }), { atomic: false } as const);
    const several = this.#names().some((name) => this.#valuesOf(name).length > 1);
    const without = (reading: CookieReading): Carried => ({ store, reading, several });
    const found = cookieValues(this.#request.header("cookie"), name);
    if (found.kind === "none") cookie.lost?.missing(cookie, this.#request);
    if (found.kind !== "values") return without(found);
    const texts = found.values.flatMap((first) =>
      joined(name, first, this.#wrapping.maxChunks, (chunk) => this.#valuesOf(chunk)),
    );
    // Of two copies of one session, such as from before and after the cookie's domain was changed,
    // the later one goes on.
    const opened = texts
      .flatMap((text) => this.#opened(text) ?? [])
      .sort((one, other) => other.carried.expiresAt - one.carried.expiresAt);
    const [latest] = opened;
    if (latest === undefined) {
      const held = texts.some((text) => isRecent(text.slice(0, ISSUED_LENGTH), clock()));
      if (held) return without({ kind: "held", reason: "signature" });
      return without({ kind: "refused", reason: texts.length === 0 ? "malformed" : "signature" });
    }
    const { carried, stale } = latest;
    if (opened.some((other) => other.carried.id !== carried.id))
      return without({ kind: "refused", reason: "ambiguous" });
    const { id } = carried;
    await store.write(this.#context.keyOf(id), carried.payload, {
      expect: "any",
      expiresAt: carried.expiresAt,
    });
    return without({ kind: "id", id, stale: stale || several });
  }

  /**
   * Gives the headers that hand the session out, and take back cookies that are no longer needed.
   * @throws SessionError `store/too-large`
   */
  handOut({ id, key, expiresAt, record }: Outgoing, permanent: boolean): readonly ResponseHeader[] {
    const { cookie, clock, encode } = this.#context;
    const now = clock();
    const payload = encode(record, key);
    const issued = issuedText(now);
    const text = `${issued}${this.#wrapping.sealing.seal(this.#bound(issued), { id, expiresAt, payload })}`;
    const maxAge = permanent ? expiresAt - now : undefined;
    cookie.lost?.handedOut(cookie, this.#request);
    const chunks = split(cookie.name, text, this.#wrapping.maxChunks);
    return [
      ...this.#clearOthers(),
      ...chunks.map(([name, value]) => setCookie(name, value, cookie, maxAge, now)),
      ...this.#leftovers(chunks.length),
    ].map(asHeader);
  }

  forget(): readonly ResponseHeader[] {
    const { cookie } = this.#context;
    const forgotten = [...this.#clearOthers(), expiredCookie(cookie), ...this.#leftovers(1)].map(asHeader);
    return cookie.clearCache ? [...forgotten, clearCache] : forgotten;
  }

  #opened(text: string): Opened {
    const issued = text.slice(0, ISSUED_LENGTH);
    return this.#wrapping.sealing.open(this.#bound(issued), text.slice(ISSUED_LENGTH));
  }

  /** What a cookie is bound to: whose it is, its name, and when it says that it was issued. */
  #bound(issued: string): string {
    const { cookie, identity } = this.#context;
    return `${identity.text} ${cookie.name} ${issued}`;
  }

  /** Clears those cookies everywhere else of which the browser has more than one. */
  #clearOthers(): string[] {
    return this.#names()
      .filter((name) => this.#valuesOf(name).length > 1)
      .flatMap((name) => clearedElsewhere(this.#context.cookie, name, destinationOf(this.#request)));
  }

  /** Later parts of a session that was larger. */
  #leftovers(from: number): string[] {
    const { cookie } = this.#context;
    return this.#names()
      .slice(from)
      .filter((name) => this.#valuesOf(name).length > 0)
      .map((name) => expiredCookie(cookie, name));
  }

  /** The names that a session takes, or took when more were allowed. */
  #names(): string[] {
    return Array.from({ length: 5 }, (_, index) => chunkName(this.#context.cookie.name, index));
  }

  #valuesOf(name: string): readonly string[] {
    const reading = cookieValues(this.#request.header("cookie"), name);
    return reading.kind === "values" ? reading.values : [];
  }
}
