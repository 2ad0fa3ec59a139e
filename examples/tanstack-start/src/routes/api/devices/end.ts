import { createFileRoute } from "@tanstack/react-router";
import { endDevice } from "../../../lib/changes";

export const Route = createFileRoute("/api/devices/end")({
  server: {
    handlers: {
      POST: async ({ context: { session }, request }) => {
        const { handle } = await request.json();
        await endDevice(session, handle);
        return new Response(null, { status: 204 });
      },
    },
  },
});
