import { createFileRoute } from "@tanstack/react-router";

// Shown once: reading a flash field removes it.
export const Route = createFileRoute("/api/notice")({
  server: {
    handlers: { GET: ({ context: { session } }) => Response.json({ notice: session.notice ?? null }) },
  },
});
