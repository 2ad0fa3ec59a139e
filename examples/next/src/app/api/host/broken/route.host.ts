import { route } from "../../../../route";

export const GET = route((session) => {
  session.visits += 1;
  let lines = 0;
  const body = new ReadableStream({
    async pull(controller) {
      if (lines++ > 0) throw new Error("The stream failed");
      controller.enqueue(new TextEncoder().encode("line\n"));
    },
  });
  return new Response(body);
});
