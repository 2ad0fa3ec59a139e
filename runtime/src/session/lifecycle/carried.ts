import type { SessionCarrier } from "../../cookie/carrier.js";
import { chunkName, join, split } from "../../cookie/chunks.js";
import { type CookieReading, cookieValue, expiredCookie, setCookie } from "../../cookie/cookie.js";
import { memoryStore } from "../../stores/memory/index.js";
import type { ResponseHeader } from "../../transports/transport.js";
import type { SessionContext } from "../context/options.js";
import { encodeStored } from "../records/stored-record.js";
import type { Channel } from "../state/channel.js";
import type { StoredState } from "../state/stored-state.js";
import type { Received } from "./receive.js";
import { StoreAccess } from "./store-access.js";

/** What a Cookie header carries, and the context of the one session that is in it. */
export interface Carried extends Received {
  readonly context: SessionContext;
}

/**
 * The session of one request when it travels in its cookie. To the lifecycle it is a store with this one session in it; what is in
 * there at the end goes back as cookies.
 */
export class CarriedSession implements Channel {
  readonly repeats = true;
  readonly #carrier: SessionCarrier;
  readonly #context: SessionContext;
  readonly #header: string | null | undefined;

  constructor(context: SessionContext, carrier: SessionCarrier, header: string | null | undefined) {
    this.#carrier = carrier;
    this.#context = context;
    this.#header = header;
  }

  /** Opens the cookie, and the context with the store that has its session. */
  async open(): Promise<Carried> {
    const { clock, events } = this.#context;
    const { application, keyOf } = this.#context.store;
    // This request's alone: a lock in it keeps nobody out.
    const store = Object.assign(memoryStore({ clock }), { atomic: false } as const);
    const context = { ...this.#context, store: new StoreAccess(store, 2000, events, application, keyOf) };
    const without = (reading: CookieReading): Carried => ({ context, channel: this, reading });
    const { name } = context.cookie;
    const first = cookieValue(this.#header, name);
    if (first.kind !== "value") return without(first);
    const text = join(name, first.value, this.#carrier.maxChunks, (chunk) => this.#valueOf(chunk));
    if (text === undefined) return without({ kind: "refused", reason: "malformed" });
    const opened = this.#carrier.sealing.open(this.#bound, text);
    if (opened === undefined) return without({ kind: "refused", reason: "signature" });
    const { carried, stale } = opened;
    const { id } = carried;
    await store.write(keyOf(id), carried.payload, { expect: "any", expiresAt: carried.expiresAt });
    return { context, channel: this, reading: { kind: "id", id, stale } };
  }

  /**
   * The headers that hand the session out, and take back cookies that are no longer needed.
   * @throws SessionError `store/too-large`
   */
  handOut({ id, key, expiresAt, record }: StoredState, permanent: boolean): readonly ResponseHeader[] {
    const { cookie, clock } = this.#context;
    const payload = encodeStored(this.#context, record, key);
    const text = this.#carrier.sealing.seal(this.#bound, { id, expiresAt, payload });
    const maxAge = permanent ? expiresAt - clock() : undefined;
    const chunks = split(cookie.name, text, this.#carrier.maxChunks);
    return [
      ...chunks.map(([name, value]) => setCookie(name, value, cookie, maxAge, clock())),
      ...this.#leftovers(chunks.length),
    ].map(asHeader);
  }

  forget(): readonly ResponseHeader[] {
    return [expiredCookie(this.#context.cookie), ...this.#leftovers(1)].map(asHeader);
  }

  /** Later parts of a session that was larger. */
  #leftovers(from: number): string[] {
    const { cookie } = this.#context;
    const names = Array.from({ length: 5 }, (_, index) => chunkName(cookie.name, index)).slice(from);
    return names
      .filter((name) => this.#valueOf(name) !== undefined)
      .map((name) => expiredCookie(cookie, name));
  }

  /** A cookie of another application, or of another name, is none. */
  get #bound(): string {
    const { cookie, identity } = this.#context;
    return `${identity.text} ${cookie.name}`;
  }

  #valueOf(name: string): string | undefined {
    const reading = cookieValue(this.#header, name);
    return reading.kind === "value" ? reading.value : undefined;
  }
}

function asHeader(cookie: string): ResponseHeader {
  return ["Set-Cookie", cookie];
}
