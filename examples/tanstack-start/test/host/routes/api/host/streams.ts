import { createFileRoute } from "@tanstack/react-router";
import { streams } from "../../../lib/streams";

export const Route = createFileRoute("/api/host/streams")({
  server: {
    handlers: {
      GET: () => {
        return Response.json(streams);
      },
    },
  },
});
