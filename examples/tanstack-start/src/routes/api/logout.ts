import { createFileRoute } from "@tanstack/react-router";
import { logout } from "../../lib/changes";

export const Route = createFileRoute("/api/logout")({
  server: {
    handlers: {
      POST: async ({ context: { session } }) => {
        await logout(session);
        return new Response(null, { status: 204 });
      },
    },
  },
});
