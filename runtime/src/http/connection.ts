import type { IncomingMessage } from "node:http";
import type { Sessions } from "../session/lifecycle/sessions.js";
import type { SessionBase } from "../session/state/session-base.js";
import { cameOverTls, type TrustProxy } from "./forwarded.js";
import { headerOf } from "./request-headers.js";

/** Options of {@link connectSession}. */
export interface ConnectOptions {
  /**
   * How often the store is asked whether the session goes on, in milliseconds: an end that another
   * process brings is noticed so late. One that this process brings is noticed at once. Default
   * 10000.
   */
  readonly every?: number;
  /** For `secure: "auto"`: which proxies are believed; see `attachSession`. Default: none. */
  readonly trustProxy?: TrustProxy;
  /**
   * For a `binding` to the network: the client's address, where somebody knows. Default: who the
   * connection is with.
   */
  readonly address?: string | undefined;
}

/** What a connection that stays open, such as a WebSocket, has of the session it came with. */
export interface SessionConnection<S extends SessionBase> {
  /** The session as it was when the connection was opened. */
  readonly session: S;
  /**
   * Opens the session as it is by now: anonymous when it has ended. What is changed in it is saved
   * by its `$commit()`; what would have to set a cookie is refused with `session/headers-sent`.
   * @throws SessionError `store/…`
   */
  open(): Promise<S>;
  /** Stops looking whether the session goes on; to be called when the connection has closed. */
  release(): void;
}

/**
 * Opens the session of a request that becomes a connection, such as a WebSocket's, and looks from
 * then on whether it goes on: until it is destroyed, revoked, expires, or gets another id, as at
 * login and logout. While the store is out of reach, nobody knows: the connection stays.
 *
 * @param onEnd - called once, when the session is over; never for a visitor who had none
 * @throws SessionError `store/…` when the store is out of reach and `onStoreError` is `"error"`
 */
export async function connectSession<S extends SessionBase>(
  sessions: Sessions<S>,
  request: IncomingMessage,
  onEnd: () => void,
  { every = 10_000, trustProxy, address }: ConnectOptions = {},
): Promise<SessionConnection<S>> {
  const facts = {
    secure: cameOverTls(request, trustProxy),
    address: address ?? request.socket.remoteAddress,
    method: request.method,
    url: request.url,
  };
  const open = async (): Promise<S> => {
    const session = await sessions.open({ get: (name) => headerOf(request, name) }, facts);
    session.$headersSent();
    return session;
  };
  const session = await open();
  const watch = session.$isNew ? undefined : new Watch(session, open, onEnd, every);
  const stopListening = watch && sessions.on("revoked-all", () => void watch.look());
  return {
    session,
    open: async () => {
      const now = await open();
      watch?.found(now);
      return now;
    },
    release: () => {
      stopListening?.();
      watch?.stop();
    },
  };
}

/** Looks again and again whether a session goes on. */
class Watch {
  readonly #open: () => Promise<SessionBase>;
  readonly #onEnd: () => void;
  readonly #every: number;
  readonly #stopListening: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(session: SessionBase, open: () => Promise<SessionBase>, onEnd: () => void, every: number) {
    this.#open = open;
    this.#onEnd = onEnd;
    this.#every = every;
    this.#stopListening = session.$onEnded(() => this.#end());
    this.#wait(session.$expiresAt);
  }

  async look(): Promise<void> {
    try {
      this.found(await this.#open());
    } catch {
      // The store is out of reach, which its own events tell: the next look may know.
      this.#wait();
    }
  }

  /** Goes by what somebody has found. */
  found(session: SessionBase): void {
    if (this.#isOver) return;
    if (session.$isNew && !session.$isNull) this.#end();
    else this.#wait(session.$expiresAt);
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#stopListening();
  }

  /** Until the next look, or until the session expires if that comes first. */
  #wait(expiresAt?: Date): void {
    if (this.#isOver) return;
    const left = expiresAt === undefined ? this.#every : expiresAt.getTime() - Date.now();
    // Not at once, where the store's clock is behind ours.
    const wait = Math.min(this.#every, Math.max(100, left));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), wait).unref();
  }

  #end(): void {
    if (this.#isOver) return;
    this.stop();
    this.#onEnd();
  }
}
