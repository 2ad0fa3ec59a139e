import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/api/host/echo")({
  server: {
    handlers: {
      POST: async ({ context: { session }, request }) => {
        session.visits += 1;
        return new Response(await request.text());
      },
    },
  },
});
