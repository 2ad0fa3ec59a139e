import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/api/")({
  server: {
    handlers: {
      GET: ({ context: { session } }) => {
        session.visits += 1;
        return Response.json(session);
      },
    },
  },
});
