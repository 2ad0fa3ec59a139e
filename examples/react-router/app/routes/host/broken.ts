import { setImmediate } from "node:timers/promises";

export function loader() {
  let lines = 0;
  const body = new ReadableStream({
    async pull(controller) {
      // When the line, and the headers before it, are on their way.
      if (lines > 0) await setImmediate();
      if (lines++ > 0) throw new Error("The stream failed");
      controller.enqueue(new TextEncoder().encode("line\n"));
    },
  });
  return new Response(body);
}
