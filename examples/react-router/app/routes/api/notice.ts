import { sessionContext } from "../../.server/session/react-router";
import type { Route } from "./+types/notice";

// Shown once: reading a flash field removes it.
export const loader = ({ context }: Route.LoaderArgs) =>
  Response.json({ notice: context.get(sessionContext).notice ?? null });
