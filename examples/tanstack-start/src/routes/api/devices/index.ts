import { createFileRoute } from "@tanstack/react-router";
import { sessions } from "../../../session";

export const Route = createFileRoute("/api/devices/")({
  server: {
    handlers: {
      GET: async ({ context: { session } }) => {
        if (session.user === undefined) return Response.json([]);
        return Response.json(await sessions.list("user.id", session.user.id, { current: session }));
      },
    },
  },
});
