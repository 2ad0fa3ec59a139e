import { setImmediate } from "node:timers/promises";
import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/api/host/broken")({
  server: {
    handlers: {
      GET: async ({ context: { session } }) => {
        session.visits += 1;
        let lines = 0;
        const body = new ReadableStream({
          async pull(controller) {
            // Not before the line has left.
            await setImmediate();
            if (lines++ > 0) throw new Error("The stream failed");
            controller.enqueue(new TextEncoder().encode("line\n"));
          },
        });
        return new Response(body);
      },
    },
  },
});
