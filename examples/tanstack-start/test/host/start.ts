import { createCsrfMiddleware, createMiddleware, createStart } from "@tanstack/react-start";
import { visitor } from "./lib/visitor";

const csrf = createCsrfMiddleware({ filter: ({ handlerType }) => handlerType === "serverFn" });

/** What runs after the routes have answered. */
const trailing = createMiddleware()
  .middleware([visitor])
  .server(async ({ context: { session }, next, pathname }) => {
    // As other libraries have a `session` in the context.
    if (pathname === "/api/host/taken") return next({ context: { session: { user: "theirs" } as never } });
    const result = await next();
    if (pathname === "/api/host/trailing") session.visits += 1;
    return result;
  });

export const startInstance = createStart(() => ({ requestMiddleware: [csrf, visitor, trailing] }));
