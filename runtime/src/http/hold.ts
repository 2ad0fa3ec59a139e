import type { ServerResponse } from "node:http";
import { type AwaitedSession, HeldResponse } from "./held-response.js";

/**
 * Holds a response: from now on whatever would send its headers waits until the session is
 * committed.
 *
 * Every response gets the same functions, in the same order, so that all have one shape and V8 can
 * go on with the code it has compiled.
 */
export function hold(response: ServerResponse, awaited: AwaitedSession): void {
  const holding = response as HoldingResponse;
  if (holding[held] !== undefined) return holding[held].awaitAlso(awaited);
  holding[held] = new HeldResponse(response, awaited);
  holding.writeHead = writeHead;
  holding.flushHeaders = flushHeaders;
  holding.write = write;
  holding.end = end;
  // Of compression, where it is mounted in front.
  if (typeof holding.flush === "function") holding.flush = flush;
}

const held: unique symbol = Symbol("sessgen.held");

interface HoldingResponse extends ServerResponse {
  [held]: HeldResponse;
  flush?: () => void;
}

function writeHead(this: HoldingResponse, status: number, ...rest: unknown[]): HoldingResponse {
  this[held].writeHead(status, rest);
  return this;
}

function flushHeaders(this: HoldingResponse): void {
  this[held].flushHeaders();
}

function write(this: HoldingResponse, chunk: unknown, ...rest: unknown[]): boolean {
  return this[held].write(chunk, rest);
}

function flush(this: HoldingResponse): void {
  this[held].flush();
}

function end(this: HoldingResponse, ...args: unknown[]): HoldingResponse {
  this[held].end(args);
  return this;
}
