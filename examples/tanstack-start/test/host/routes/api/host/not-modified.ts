import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/api/host/not-modified")({
  server: {
    handlers: {
      GET: async ({ context: { session } }) => {
        session.visits += 1;
        return new Response(null, { status: 304, headers: { etag: '"page"' } });
      },
    },
  },
});
