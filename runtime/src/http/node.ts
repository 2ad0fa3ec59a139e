import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { SessionError } from "../errors.js";
import type { SessionBase } from "../session/session-base.js";
import type { Sessions } from "../session/sessions.js";
import { uncacheable, varyOnCookie } from "./headers.js";

/** Options of {@link attachSession}. */
export interface AttachOptions {
  /**
   * Called when the session could not be saved; the response is still untouched then. Without it the client gets the
   * error's status (503, 409, 500) and no more.
   */
  readonly onError?: (error: unknown) => void;
}

/**
 * Opens the request's session and commits it before the response's headers leave: what the handler writes waits until the
 * session is saved, so no client sees success for a session that was not. Streaming, `pipe` and back-pressure work.
 *
 * @throws SessionError `store/…` when the store is out of reach and `onStoreError` is `"error"`
 */
export async function attachSession<S extends SessionBase>(
  sessions: Sessions<S>,
  request: IncomingMessage,
  response: ServerResponse,
  options: AttachOptions = {},
): Promise<S> {
  const session = await sessions.open(request.headers.cookie);
  new HeldResponse(session, response, options).hold();
  return session;
}

type Chunk = string | Uint8Array;

/** Holds back whatever would send the headers, until the session is committed. */
class HeldResponse {
  readonly #session: SessionBase;
  readonly #response: ServerResponse;
  readonly #options: AttachOptions;
  readonly #writeHead: ServerResponse["writeHead"];
  readonly #write: ServerResponse["write"];
  readonly #end: ServerResponse["end"];
  readonly #flushHeaders: ServerResponse["flushHeaders"];
  /** `open`: nothing was sent; `committing`: calls wait in the queue; `through`: calls go straight to the response. */
  #phase: "open" | "committing" | "through" = "open";
  #queue: (() => void)[] = [];
  /** The writer was told to wait for `drain`. */
  #owesDrain = false;

  constructor(session: SessionBase, response: ServerResponse, options: AttachOptions) {
    this.#session = session;
    this.#response = response;
    this.#options = options;
    this.#writeHead = response.writeHead;
    this.#write = response.write;
    this.#end = response.end;
    this.#flushHeaders = response.flushHeaders;
  }

  hold(): void {
    const response = this.#response;
    response.writeHead = (status: number, ...rest: unknown[]) => {
      if (this.#phase === "through") return Reflect.apply(this.#writeHead, response, [status, ...rest]);
      // Headers given here would replace those the commit is going to set, so they are set like any others.
      const [first, second] = rest;
      setHeaders(response, (typeof first === "string" ? second : first) as HeadersArgument);
      const head = typeof first === "string" ? [status, first] : [status];
      this.#whenCommitted(() => Reflect.apply(this.#writeHead, response, head));
      return response;
    };
    response.write = (chunk: Chunk, ...rest: unknown[]) => {
      const write = (): boolean => Reflect.apply(this.#write, response, [chunk, ...rest]);
      return this.#whenCommitted(write) ?? this.#promiseDrain();
    };
    response.end = (...args: unknown[]) => {
      this.#whenCommitted(() => Reflect.apply(this.#end, response, args));
      return response;
    };
    response.flushHeaders = () => {
      this.#whenCommitted(() => this.#flushHeaders.call(response));
    };
  }

  /** Runs the call now if it may, and gives back its result; otherwise after the commit, and gives back nothing. */
  #whenCommitted<T>(call: () => T): T | undefined {
    if (this.#phase === "open" && !this.#session.$needsCommit) this.#pass([]);
    if (this.#phase === "through") return call();
    this.#queue.push(call);
    if (this.#phase === "open") {
      this.#phase = "committing";
      this.#session.$commit().then(
        (cookies) => this.#release(cookies),
        (error: unknown) => this.#fail(error),
      );
    }
    return undefined;
  }

  #promiseDrain(): false {
    this.#owesDrain = true;
    return false;
  }

  /** Sets the session's headers and lets everything through from now on. */
  #pass(cookies: readonly string[]): void {
    this.#phase = "through";
    const response = this.#response;
    if (response.headersSent) return;
    for (const cookie of cookies) response.appendHeader("set-cookie", cookie);
    if (this.#session.$accessed) response.setHeader("vary", varyOnCookie(text(response.getHeader("vary"))));
    if (cookies.length > 0) {
      response.setHeader("cache-control", uncacheable(text(response.getHeader("cache-control"))));
    }
  }

  #release(cookies: readonly string[]): void {
    this.#pass(cookies);
    const queue = this.#queue;
    this.#queue = [];
    for (const call of queue) call();
    if (this.#owesDrain && !this.#response.writableNeedDrain) this.#response.emit("drain");
  }

  /** What the handler wrote is given up: it would tell the client of a success that was none. */
  #fail(error: unknown): void {
    this.#phase = "through";
    this.#queue = [];
    const response = this.#response;
    for (const name of response.getHeaderNames()) {
      if (/^(content-|etag$|last-modified$|location$|transfer-encoding$)/i.test(name))
        response.removeHeader(name);
    }
    response.statusCode = error instanceof SessionError ? error.status : 500;
    response.statusMessage = "";
    if (this.#options.onError !== undefined) {
      this.#options.onError(error);
      return;
    }
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.setHeader("cache-control", "no-store");
    response.end("The session could not be saved.\n");
  }
}

type HeadersArgument = OutgoingHttpHeaders | readonly OutgoingHttpHeader[] | undefined;

/** Sets what `writeHead` was given: an object, a list of pairs, or names and values in turn. */
function setHeaders(response: ServerResponse, headers: HeadersArgument): void {
  if (headers === undefined || response.headersSent) return;
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) response.setHeader(name, value);
    return;
  }
  const flat: unknown[] = Array.isArray(headers[0]) ? headers.flat(1) : [...headers];
  const seen = new Set<string>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = String(flat[index]);
    if (!seen.has(name.toLowerCase())) response.removeHeader(name);
    seen.add(name.toLowerCase());
    response.appendHeader(name, String(flat[index + 1]));
  }
}

function text(header: number | string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header?.toString();
}
