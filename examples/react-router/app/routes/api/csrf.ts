import { csrfToken } from "example-shop";
import { sessionContext } from "../../.server/session/react-router";
import type { Route } from "./+types/csrf";

export const loader = ({ context }: Route.LoaderArgs) =>
  Response.json({ token: csrfToken(context.get(sessionContext)) });
