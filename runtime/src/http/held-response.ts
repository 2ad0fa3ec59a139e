import type { ServerResponse } from "node:http";
import { SessionError } from "../errors.js";
import type { SessionBase } from "../session/state/session-base.js";
import type { ResponseHeader } from "../transports/transport.js";
import {
  addHeader,
  cacheControlFor,
  type HeadersArgument,
  headerText,
  setHeaders,
  varyOn,
} from "./headers.js";
import { headersSent, isHttp1, lookAsItIs, lookEnded, lookSent } from "./looks-sent.js";

type Chunk = string | Uint8Array;

/** A session that is saved before the response leaves. */
export interface AwaitedSession {
  readonly session: SessionBase;
  /**
   * Answers in place of the handler when the commit fails; without it the client gets the error's
   * status, and the sessions' `onError` is told.
   */
  readonly onError: ((error: unknown) => void) | undefined;
  /** Called before the commit; what it throws is answered like a commit that fails. */
  readonly check: (() => void) | undefined;
}

/**
 * Holds back whatever would send a response's headers, until its sessions are committed. Meanwhile
 * the response looks as if they had been sent: `headersSent` says so, headers and status can no
 * longer be changed, and who answers twice finds out.
 */
export class HeldResponse {
  readonly #awaited: AwaitedSession[];
  readonly #response: ServerResponse;
  readonly #writeHead: ServerResponse["writeHead"];
  readonly #flushHeaders: ServerResponse["flushHeaders"];
  readonly #write: ServerResponse["write"];
  readonly #end: ServerResponse["end"];
  readonly #flush: (() => void) | undefined;
  /**
   * `open`: nothing was sent; `committing`: calls wait in the queue; `through`: calls go straight
   * to the response.
   */
  #phase: "open" | "committing" | "through" = "open";
  #queue: (() => void)[] = [];
  /** A commit failed: what the handler goes on writing after the error was answered is dropped. */
  #failed = false;
  /** The Cache-Control that was set for sessions, and not by the application. */
  #cacheControl: string | undefined;
  /** The writer was told to wait for `drain`. */
  #owesDrain = false;

  constructor(response: ServerResponse, awaited: AwaitedSession) {
    this.#awaited = [awaited];
    this.#response = response;
    this.#writeHead = response.writeHead;
    this.#flushHeaders = response.flushHeaders;
    this.#write = response.write;
    this.#end = response.end;
    this.#flush = (response as { readonly flush?: () => void }).flush;
    this.#tellIfSent(awaited);
  }

  /** Waits for one more session, such as another kind's. */
  awaitAlso(awaited: AwaitedSession): void {
    this.#awaited.push(awaited);
    if (this.#phase === "through") this.#tellIfSent(awaited);
    if (this.#phase === "through" && !this.#failed) this.#phase = "open";
  }

  /** A session that comes after the headers must not begin, nor get another id. */
  #tellIfSent({ session }: AwaitedSession): void {
    if (this.#response.headersSent) session.$headersSent();
  }

  writeHead(status: number, rest: unknown[]): void {
    const response = this.#response;
    // A status that is none is refused by the original, here and now.
    if (this.#phase === "through" || !(status >= 100 && status <= 999)) {
      Reflect.apply(this.#writeHead, response, [status, ...rest]);
      return;
    }
    if (this.#phase === "committing") {
      // Some middleware writes the implicit head whenever it does not see one; that changes
      // nothing.
      if (rest.length === 0 && status === response.statusCode) return;
      throw headersSent("write");
    }
    const [first, second] = rest;
    // Headers given here would replace those the commit is going to set, so they are set like any
    // others.
    setHeaders(response, (typeof first === "string" ? second : first) as HeadersArgument);
    response.statusCode = status;
    if (typeof first === "string") response.statusMessage = first;
    const head = typeof first === "string" ? [status, first] : [status];
    this.#whenCommitted(() => Reflect.apply(this.#writeHead, response, head));
  }

  flushHeaders(): void {
    this.#whenCommitted(() => this.#flushHeaders.call(this.#response));
  }

  /**
   * Sends what a compression has kept back: after what waits to be written. It sends no headers,
   * and so needs no commit.
   */
  flush(): void {
    const flush = (): void => this.#flush?.call(this.#response);
    if (this.#phase === "committing") this.#queue.push(flush);
    else flush();
  }

  write(chunk: unknown, rest: unknown[]): boolean {
    const write = (): boolean => Reflect.apply(this.#write, this.#response, [chunk, ...rest]);
    if (this.#isOver()) return false;
    // What is no chunk is refused by the original, here and now.
    if (!isChunk(chunk)) return write();
    return this.#whenCommitted(write) ?? this.#promiseDrain();
  }

  end(args: unknown[]): void {
    const end = (): unknown => Reflect.apply(this.#end, this.#response, args);
    if (this.#isOver()) return;
    const [chunk] = args;
    if (chunk && typeof chunk !== "function" && !isChunk(chunk)) end();
    const isThrough = this.#phase === "through";
    this.#whenCommitted(end);
    // What was changed after the headers had left, and not committed.
    if (isThrough) for (const { session } of this.#awaited) session.$ended();
    if (this.#phase === "committing") lookEnded(this.#response);
  }

  /**
   * Runs the call now if it may, and gives back its result; otherwise after the commit, and gives
   * back nothing.
   */
  #whenCommitted<T>(call: () => T): T | undefined {
    if (this.#phase === "open" && this.#awaited.every(isReady)) this.#pass();
    if (this.#phase === "through") return call();
    this.#queue.push(call);
    if (this.#phase === "open") void this.#commit();
    return undefined;
  }

  async #commit(): Promise<void> {
    this.#phase = "committing";
    const response = this.#response;
    lookSent(response);
    const { statusCode } = response;
    // HTTP/2 has none, and Node warns when it is read.
    const statusMessage = isHttp1(response) ? response.statusMessage : "";
    let failure: Failure | undefined;
    for (const { session, onError, check } of this.#awaited) {
      try {
        check?.();
        await session.$commit();
      } catch (error) {
        // One that fails takes no other with it.
        failure ??= { error, onError, session };
      }
    }
    lookAsItIs(response);
    if (failure !== undefined) return this.#fail(failure);
    // Assigned after the answer had begun: too late, as it would have been without a session.
    if (response.statusCode !== statusCode) response.statusCode = statusCode;
    if (isHttp1(response) && response.statusMessage !== statusMessage) response.statusMessage = statusMessage;
    this.#release();
  }

  #promiseDrain(): false {
    this.#owesDrain = true;
    return false;
  }

  #isOver(): boolean {
    return this.#failed && this.#response.writableEnded;
  }

  /**
   * Sets the sessions' headers and lets everything through from now on. Also of one that could not
   * be saved: they say what is true in the store, such as an id that was changed earlier in the
   * request.
   */
  #pass(): void {
    this.#phase = "through";
    this.#setHeaders();
    for (const { session } of this.#awaited) session.$headersSent();
  }

  #setHeaders(): void {
    if (this.#response.headersSent) return;
    const sessions = this.#awaited.map(({ session }) => session);
    for (const session of sessions) this.#setHeadersOf(session, session.$headers);
    const said = headerText(this.#response.getHeader("cache-control"));
    const wanted = cacheControlFor(sessions, said === this.#cacheControl ? undefined : said);
    if (wanted === undefined) return;
    this.#cacheControl = wanted;
    this.#response.setHeader("cache-control", wanted);
  }

  #setHeadersOf(session: SessionBase, headers: readonly ResponseHeader[]): void {
    const response = this.#response;
    if (session.$accessed || headers.length > 0)
      response.setHeader("vary", varyOn(session.$vary, headerText(response.getHeader("vary"))));
    for (const [name, value] of headers) {
      // The application may have committed by itself and sent it.
      const sent = [response.getHeader(name) ?? []].flat().map(String);
      const add = addHeader(name, value, sent);
      if (add === "append") response.appendHeader(name, value);
      else if (add === "set") response.setHeader(name, value);
    }
  }

  #release(): void {
    const queue = this.#queue;
    this.#queue = [];
    try {
      this.#pass();
      for (const call of queue) call();
    } catch (error) {
      // A header or a length that Node refuses, or what others have wrapped around the response.
      // The handler is gone, there is nobody to throw at: the client sees a broken connection and
      // never half an answer that looks whole.
      this.#awaited[0]?.session.$report(error);
      this.#response.destroy(error instanceof Error ? error : undefined);
      return;
    }
    if (this.#owesDrain && !this.#response.writableNeedDrain) this.#response.emit("drain");
  }

  /** What the handler wrote is given up: it would tell the client of a success that was none. */
  #fail({ error, onError, session }: Failure): void {
    this.#failed = true;
    this.#queue = [];
    this.#pass();
    const response = this.#response;
    if (response.headersSent) {
      // A session that came late, to an answer under way: the client must not take it for a whole
      // one.
      session.$report(error);
      response.destroy();
      return;
    }
    for (const name of response.getHeaderNames()) {
      if (/^(content-|etag$|last-modified$|location$|transfer-encoding$)/i.test(name))
        response.removeHeader(name);
    }
    response.statusCode = error instanceof SessionError ? error.status : 500;
    response.statusMessage = "";
    try {
      if (onError !== undefined) return onError(error);
      session.$report(error);
    } catch (second) {
      // Whoever was to answer failed as well; the client still gets an answer.
      session.$report(second);
    }
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.setHeader("cache-control", "no-store");
    response.end("The session could not be saved.\n");
  }
}

interface Failure {
  readonly error: unknown;
  readonly session: SessionBase;
  readonly onError: AwaitedSession["onError"];
}

/** Whether there is nothing to wait for, and nothing to refuse. */
function isReady({ session, check }: AwaitedSession): boolean {
  if (session.$needsCommit) return false;
  try {
    check?.();
    return true;
  } catch {
    return false;
  }
}

function isChunk(chunk: unknown): chunk is Chunk {
  return typeof chunk === "string" || chunk instanceof Uint8Array;
}
