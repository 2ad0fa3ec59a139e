import { createFileRoute } from "@tanstack/react-router";
import { endAllDevices } from "../../../lib/changes";

export const Route = createFileRoute("/api/devices/end-all")({
  server: {
    handlers: {
      POST: async ({ context: { session } }) => {
        await endAllDevices(session);
        return new Response(null, { status: 204 });
      },
    },
  },
});
