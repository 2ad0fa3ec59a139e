import type { MiddlewareFunction } from "react-router";
import { sessionContext } from "../../.server/session/react-router";

const visitOnceMore: MiddlewareFunction = async ({ context }, next) => {
  const response = await next();
  context.get(sessionContext).visits += 1;
  return response;
};

export const middleware = [visitOnceMore];

export const loader = () => Response.json({});
