import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/api/host/trailing")({
  server: {
    handlers: {
      GET: async ({ context: { session } }) => {
        // start.ts adds the other visit.
        session.visits += 1;
        return Response.json({});
      },
    },
  },
});
