import type { CookieReading } from "../cookie/cookie.js";

/** A request as transports see it. */
export interface TransportRequest {
  /**
   * Gives a header's value, by its name in lower case. Several of one name come as one: `Cookie`
   * joined by `; `, all others by `, `.
   */
  header(name: string): string | undefined;
  /** It came from the client over TLS; `undefined`: nobody knows. */
  readonly secure: boolean | undefined;
  /** The client's address, as far as the host knows. */
  readonly address: string | undefined;
  /** The method, as far as the host knows. */
  readonly method: string | undefined;
  /** The URL, or its path, as far as the host knows. */
  readonly url: string | undefined;
}

/**
 * What a request carries: a token; several that differ, of which the one counts that is signed, if
 * that is one; none; an `empty` one, with which a client says that it wants its token this way; or
 * what is refused, such as two that differ.
 */
export type TokenReading =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "tokens"; readonly tokens: readonly string[] }
  | { readonly kind: "none" }
  | { readonly kind: "empty" }
  | Extract<CookieReading, { kind: "refused" }>;

/** How long a token is good for, all in milliseconds. */
export interface TokenExpiry {
  /** The current time, since the Unix epoch. */
  readonly now: number;
  /** When the session ends unless it is used again, since the Unix epoch. */
  readonly expiresAt: number;
  /** The user asked to be remembered: the client may keep the token when it is closed. */
  readonly permanent: boolean;
}

/** One header of a response. */
export type ResponseHeader = readonly [name: string, value: string];

/**
 * How a client and the server tell each other which session a request belongs to. Tokens are made,
 * signed and verified by the runtime: whatever a transport finds, no id of a client's is ever
 * adopted.
 */
export interface SessionTransport {
  /** Part of what is signed: a token that was handed out one way is refused another way. */
  readonly name: string;
  /** The request's headers that it reads: what `Vary` names. */
  readonly vary: readonly string[];
  /**
   * `handOut` tells when the session ends, and is called whenever that moves. Otherwise only for
   * new ids and permanent sessions.
   */
  readonly repeats?: boolean;
  /** Finds the token; must refuse what is ambiguous, bound what it looks at, and never throw. */
  read(request: TransportRequest): TokenReading;
  /** Gives the headers that hand a token out. */
  handOut(token: string, expiry: TokenExpiry, request: TransportRequest): readonly ResponseHeader[];
  /** Gives the headers that make the client forget its token. */
  forget(request: TransportRequest): readonly ResponseHeader[];
}
