import { setImmediate } from "node:timers/promises";
import type { APIRoute } from "astro";

export const GET: APIRoute = ({ locals }) => {
  locals.session.visits += 1;
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
};
