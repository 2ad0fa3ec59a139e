import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { isSetCookie } from "../cookie/cookie.js";
import { SessionError } from "../errors.js";
import type { SessionBase } from "../session/session-base.js";
import type { ResponseHeader } from "../transports/transport.js";
import { uncacheable, varyOn } from "./headers.js";
import { headersSent, lookAsItIs, lookEnded, lookSent } from "./looks-sent.js";

type Chunk = string | Uint8Array;

/**
 * Holds back whatever would send a response's headers, until the session is committed. Meanwhile the response looks as if
 * they had been sent: `headersSent` says so, headers and status can no longer be changed, and who answers twice finds out.
 */
export class HeldResponse {
  readonly #session: SessionBase;
  readonly #response: ServerResponse;
  readonly #onError: ((error: unknown) => void) | undefined;
  readonly #writeHead: ServerResponse["writeHead"];
  readonly #write: ServerResponse["write"];
  readonly #end: ServerResponse["end"];
  readonly #flushHeaders: ServerResponse["flushHeaders"];
  /** `open`: nothing was sent; `committing`: calls wait in the queue; `through`: calls go straight to the response. */
  #phase: "open" | "committing" | "through" = "open";
  #queue: (() => void)[] = [];
  /** The commit failed: what the handler goes on writing after the error was answered is dropped. */
  #failed = false;
  /** The writer was told to wait for `drain`. */
  #owesDrain = false;

  /**
   * @param onError - answers in place of the handler when the commit fails; without it the client gets the error's status
   */
  constructor(
    session: SessionBase,
    response: ServerResponse,
    onError: ((error: unknown) => void) | undefined,
  ) {
    this.#session = session;
    this.#response = response;
    this.#onError = onError;
    this.#writeHead = response.writeHead;
    this.#write = response.write;
    this.#end = response.end;
    this.#flushHeaders = response.flushHeaders;
  }

  /** From now on the response waits for the commit. */
  hold(): void {
    this.#holdHead();
    this.#holdBody();
  }

  #holdHead(): void {
    const response = this.#response;
    response.writeHead = (status: number, ...rest: unknown[]) => {
      const [first, second] = rest;
      const headers = (typeof first === "string" ? second : first) as HeadersArgument;
      // A status that is none is refused by the original, here and now.
      if (this.#phase === "through" || !(status >= 100 && status <= 999)) {
        return Reflect.apply(this.#writeHead, response, [status, ...rest]);
      }
      if (this.#phase === "committing") {
        // Some middleware writes the implicit head whenever it does not see one; that changes nothing.
        if (rest.length === 0 && status === response.statusCode) return response;
        throw headersSent("write");
      }
      // Headers given here would replace those the commit is going to set, so they are set like any others.
      setHeaders(response, headers);
      response.statusCode = status;
      if (typeof first === "string") response.statusMessage = first;
      const head = typeof first === "string" ? [status, first] : [status];
      this.#whenCommitted(() => Reflect.apply(this.#writeHead, response, head));
      return response;
    };
    response.flushHeaders = () => {
      this.#whenCommitted(() => this.#flushHeaders.call(response));
    };
  }

  #holdBody(): void {
    const response = this.#response;
    response.write = (chunk: Chunk, ...rest: unknown[]) => {
      const write = (): boolean => Reflect.apply(this.#write, response, [chunk, ...rest]);
      if (this.#isOver()) return false;
      // What is no chunk is refused by the original, here and now.
      if (!isChunk(chunk)) return write();
      return this.#whenCommitted(write) ?? this.#promiseDrain();
    };
    response.end = (...args: unknown[]) => {
      const end = (): unknown => Reflect.apply(this.#end, response, args);
      if (this.#isOver()) return response;
      const [chunk] = args;
      if (chunk && typeof chunk !== "function" && !isChunk(chunk)) end();
      this.#whenCommitted(end);
      if (this.#phase === "committing") lookEnded(response);
      return response;
    };
  }

  /** Runs the call now if it may, and gives back its result; otherwise after the commit, and gives back nothing. */
  #whenCommitted<T>(call: () => T): T | undefined {
    if (this.#phase === "open" && !this.#session.$needsCommit) this.#pass([]);
    if (this.#phase === "through") return call();
    this.#queue.push(call);
    if (this.#phase === "open") this.#commit();
    return undefined;
  }

  #commit(): void {
    this.#phase = "committing";
    lookSent(this.#response);
    const { statusCode, statusMessage } = this.#response;
    this.#session.$commit().then(
      () => {
        lookAsItIs(this.#response);
        // Assigned after the answer had begun: too late, as it would have been without a session.
        Object.assign(this.#response, { statusCode, statusMessage });
        this.#release(this.#session.$headers);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #promiseDrain(): false {
    this.#owesDrain = true;
    return false;
  }

  #isOver(): boolean {
    return this.#failed && this.#response.writableEnded;
  }

  /** Sets the session's headers and lets everything through from now on. */
  #pass(headers: readonly ResponseHeader[]): void {
    this.#phase = "through";
    const response = this.#response;
    if (response.headersSent) return;
    if (this.#session.$accessed || headers.length > 0)
      response.setHeader("vary", varyOn(this.#session.$vary, text(response.getHeader("vary"))));
    if (headers.length === 0) return;
    // The application may have committed by itself and sent the cookie.
    const sent = [response.getHeader("set-cookie") ?? []].flat();
    for (const [name, value] of headers) {
      if (!isSetCookie(name)) response.setHeader(name, value);
      else if (!sent.includes(value)) response.appendHeader(name, value);
    }
    response.setHeader("cache-control", uncacheable(text(response.getHeader("cache-control"))));
  }

  #release(headers: readonly ResponseHeader[]): void {
    const queue = this.#queue;
    this.#queue = [];
    try {
      this.#pass(headers);
      for (const call of queue) call();
    } catch (error) {
      // A header or a length that Node refuses. The handler is gone, there is nobody to throw at: the client sees a broken
      // connection and never half an answer that looks whole.
      this.#response.destroy(error instanceof Error ? error : undefined);
      return;
    }
    if (this.#owesDrain && !this.#response.writableNeedDrain) this.#response.emit("drain");
  }

  /** What the handler wrote is given up: it would tell the client of a success that was none. */
  #fail(error: unknown): void {
    lookAsItIs(this.#response);
    this.#phase = "through";
    this.#failed = true;
    this.#queue = [];
    const response = this.#response;
    for (const name of response.getHeaderNames()) {
      if (/^(content-|etag$|last-modified$|location$|transfer-encoding$)/i.test(name))
        response.removeHeader(name);
    }
    response.statusCode = error instanceof SessionError ? error.status : 500;
    response.statusMessage = "";
    try {
      if (this.#onError !== undefined) return this.#onError(error);
    } catch {
      // Whoever was to answer failed as well; the client still gets an answer.
    }
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.setHeader("cache-control", "no-store");
    response.end("The session could not be saved.\n");
  }
}

function isChunk(chunk: unknown): chunk is Chunk {
  return typeof chunk === "string" || chunk instanceof Uint8Array;
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
