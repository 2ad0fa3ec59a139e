import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/api/host/error")({
  server: {
    handlers: {
      GET: async ({ context: { session } }) => {
        session.visits += 1;
        throw new Error("The handler failed");
      },
    },
  },
});
