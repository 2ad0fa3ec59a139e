import type { CookieReading } from "../../cookie/cookie.js";
import { readToken, readTokens, tokenOf } from "../../cookie/token.js";
import type { ResponseHeader, SessionTransport, TransportRequest } from "../../transports/transport.js";
import type { SessionContext } from "../context/options.js";
import type { BoundTransport } from "../state/bound-transport.js";
import type { StoredState } from "../state/stored-state.js";

/** What a request carries, and the way back. */
export interface Received {
  readonly bound: BoundTransport;
  readonly reading: CookieReading;
  /** The client has several tokens that differ: whichever counts, the others are to go. */
  readonly several?: boolean;
}

/**
 * Finds the id that a request carries: by the first transport that brings a token. The answer goes
 * the same way; where none brings one, by the transport that the client asks for, else the first.
 */
export function receive(context: SessionContext, request: TransportRequest): Received {
  let [answering] = context.transports;
  let asked = false;
  for (const transport of context.transports) {
    const found = transport.read(request);
    if (found.kind === "none") continue;
    if (found.kind === "empty") {
      if (!asked) answering = transport;
      asked = true;
      continue;
    }
    const bound = new TokenTransport(context, transport, request);
    if (found.kind === "refused") return { bound, reading: found };
    const { clock, cookie } = context;
    return found.kind === "token"
      ? { bound, reading: readToken(found.token, transport.name, cookie, clock()) }
      : { bound, reading: readTokens(found.tokens, transport.name, cookie, clock()), several: true };
  }
  return { bound: new TokenTransport(context, answering, request), reading: { kind: "none" } };
}

class TokenTransport implements BoundTransport {
  readonly #context: SessionContext;
  readonly #transport: SessionTransport;
  readonly #request: TransportRequest;

  constructor(context: SessionContext, transport: SessionTransport, request: TransportRequest) {
    this.#context = context;
    this.#transport = transport;
    this.#request = request;
  }

  get repeats(): boolean {
    return this.#transport.repeats ?? false;
  }

  handOut({ id, expiresAt }: StoredState, permanent: boolean): readonly ResponseHeader[] {
    const { clock, cookie } = this.#context;
    const now = clock();
    const token = tokenOf(id, this.#transport.name, cookie, now);
    return this.#transport.handOut(token, { now, expiresAt, permanent }, this.#request);
  }

  forget(): readonly ResponseHeader[] {
    return this.#transport.forget(this.#request);
  }
}
