import { createFileRoute } from "@tanstack/react-router";
import { login } from "../../lib/changes";

export const Route = createFileRoute("/api/login")({
  server: {
    handlers: {
      POST: async ({ context: { session }, request }) => {
        const { name } = await request.json();
        login(session, name);
        return new Response(null, { status: 204 });
      },
    },
  },
});
