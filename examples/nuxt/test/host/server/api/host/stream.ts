import { setInterval } from "node:timers/promises";
import { defineEventHandler, sendStream } from "h3";
import { streams } from "../../utils/streams";

export default defineEventHandler((event) => {
  const leaving = new AbortController();
  event.node.res.once("close", () => leaving.abort());
  streams.open += 1;
  const lines = new ReadableStream({
    async start(controller) {
      try {
        for await (const _ of setInterval(5, undefined, { signal: leaving.signal }))
          controller.enqueue(new TextEncoder().encode("line\n"));
      } catch {
        streams.open -= 1;
      }
    },
  });
  return sendStream(event, lines);
});
