import { createFileRoute, redirect } from "@tanstack/react-router";

export const Route = createFileRoute("/api/host/redirect")({
  server: {
    handlers: {
      GET: async ({ context: { session } }) => {
        session.visits += 1;
        return redirect({ href: "/api/notice", statusCode: 303 });
      },
    },
  },
});
