import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { defineEventHandler } from "h3";

// Of a stream that it is given, and that fails, h3 1 lets the client wait for the end.
export default defineEventHandler((event) => pipeline(Readable.from(broken()), event.node.res));

async function* broken(): AsyncGenerator<string> {
  yield "line\n";
  await setImmediate();
  throw new Error("The source is gone");
}
