import { createFileRoute, redirect } from "@tanstack/react-router";

export const Route = createFileRoute("/api/host/thrown-redirect")({
  server: {
    handlers: {
      GET: async ({ context: { session } }) => {
        session.visits += 1;
        throw redirect({ href: "/api/notice", statusCode: 303 });
      },
    },
  },
});
