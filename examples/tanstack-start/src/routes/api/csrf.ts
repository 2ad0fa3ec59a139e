import { createFileRoute } from "@tanstack/react-router";
import { csrfToken } from "example-shop";

export const Route = createFileRoute("/api/csrf")({
  server: { handlers: { GET: ({ context: { session } }) => Response.json({ token: csrfToken(session) }) } },
});
