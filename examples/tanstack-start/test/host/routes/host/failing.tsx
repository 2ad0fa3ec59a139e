import { createFileRoute } from "@tanstack/react-router";
import { failed } from "../../lib/calls";

export const Route = createFileRoute("/host/failing")({
  loader: () => failed(),
  errorComponent: () => <h1>Something went wrong</h1>,
});
