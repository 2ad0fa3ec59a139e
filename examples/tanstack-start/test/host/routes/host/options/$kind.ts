import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/host/options/$kind")({
  server: { handlers: { GET: ({ context: { session } }) => Response.json({ visits: session.visits }) } },
});
