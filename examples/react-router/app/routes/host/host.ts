import type { MiddlewareFunction } from "react-router";
import { sessionContext } from "../../.server/session/react-router";

/** Every route of these adds a visit before it does anything else. */
const visit: MiddlewareFunction = ({ context, request }) => {
  if (!request.url.endsWith("/streams")) context.get(sessionContext).visits += 1;
};

export const middleware = [visit];
