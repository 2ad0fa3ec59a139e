import { setInterval } from "node:timers/promises";
import { createFileRoute } from "@tanstack/react-router";
import { streams } from "../../../lib/streams";

export const Route = createFileRoute("/api/host/stream")({
  server: {
    handlers: {
      GET: async ({ context: { session } }) => {
        session.visits += 1;
        const leaving = new AbortController();
        const body = new ReadableStream({
          async start(controller) {
            streams.open += 1;
            for await (const _ of setInterval(5)) {
              if (leaving.signal.aborted) break;
              controller.enqueue(new TextEncoder().encode("line\n"));
            }
          },
          cancel() {
            leaving.abort();
            streams.open -= 1;
          },
        });
        return new Response(body);
      },
    },
  },
});
