import type { RequestListener } from "node:http";
import { json } from "node:stream/consumers";
import { sessions } from "./session/index.js";
import { session } from "./session/node.js";

/** Logs users in and out: what sockets may do comes from here. */
export const routes: RequestListener = session(async (request, response, visitor) => {
  const { user } = visitor;
  switch (`${request.method} ${request.url}`) {
    case "GET /":
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(visitor));
      return;
    case "POST /login": {
      const { name } = (await json(request)) as { name: string };
      // An application of its own would ask its database, and for a password.
      visitor.user = { id: name.toLowerCase(), name };
      break;
    }
    case "POST /logout":
      await visitor.$destroy();
      break;
    case "POST /logout-everywhere":
      if (user !== undefined) await sessions.destroyBy("user.id", user.id);
      break;
    default:
      response.statusCode = 404;
  }
  response.end();
});
