import { createFileRoute } from "@tanstack/react-router";
import { moved } from "../../lib/calls";

export const Route = createFileRoute("/host/moved")({ loader: () => moved() });
