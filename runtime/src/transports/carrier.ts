import { Sealing, type SealingMode } from "../crypto/sealing.js";
import { type CarriedContext, CarriedSession } from "./carried.js";
import type { TransportRequest } from "./transport.js";

/** Options of {@link cookieStore}. */
export interface CookieStoreOptions {
  /**
   * At least 32 random characters each. The first protects, all open; to rotate, put a new one
   * behind, deploy everywhere, then in front.
   */
  readonly secrets: readonly string[];
  /**
   * `sealed` (default): AES-256-GCM, nobody but the server reads the session. `signed`:
   * HMAC-SHA-256, for sessions that may be read by whoever has the cookie, scripts of other
   * machines included; a third shorter.
   */
  readonly mode?: SealingMode;
  /**
   * The most cookies of 3800 characters that one session may take. Default 2: together with other
   * cookies they still fit into the 8 kB that many proxies allow for a header. 1 to 5.
   */
  readonly maxChunks?: number;
}

/** What sessions travel in, in place of a store: each is in its cookie, and nowhere else. */
export interface SessionCarrier {
  /** As in `session.config.ts`. */
  readonly kind: "cookie";
  readonly sealing: Sealing;
  readonly maxChunks: number;
  /**
   * Begins with the session of a request. The carrier brings what that takes: applications that
   * have a store do not bundle it.
   */
  receive(context: CarriedContext, request: TransportRequest): CarriedSession;
}

/** Tells whether sessions travel in what they are kept in. */
export function isCarrier(kept: object): kept is SessionCarrier {
  return "sealing" in kept;
}

/**
 * Makes sessions travel in the cookie itself: no server, nothing to migrate. What it costs: a
 * session cannot be revoked, since a copy of its cookie stays good until it expires, logout or not;
 * of two requests at once the later response wins; and there is room for some kilobytes only.
 *
 * @throws SessionError `cookie/weak-secret`
 */
export function cookieStore(options: CookieStoreOptions): SessionCarrier {
  const sealing = new Sealing(options.mode ?? "sealed", options.secrets);
  const maxChunks = Math.min(5, Math.max(1, options.maxChunks ?? 2));
  return {
    kind: "cookie",
    sealing,
    maxChunks,
    receive: (context, request) => new CarriedSession({ sealing, maxChunks }, context, request),
  };
}
