import { createFileRoute } from "@tanstack/react-router";
import { written } from "../../lib/calls";

export const Route = createFileRoute("/host/prerendered")({
  loader: () => written(),
  component: () => <p>Written: {Route.useLoaderData()}</p>,
});
