import { createFileRoute } from "@tanstack/react-router";
import { csrf } from "../../lib/csrf";

// What stands under /api has it, too.
export const Route = createFileRoute("/api")({ server: { middleware: [csrf] } });
