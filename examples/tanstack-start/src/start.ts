import { createCsrfMiddleware, createStart } from "@tanstack/react-start";
import { visitor } from "./lib/visitor";

/** Refuses calls of server functions by other sites. */
const csrf = createCsrfMiddleware({ filter: ({ handlerType }) => handlerType === "serverFn" });

export const startInstance = createStart(() => ({ requestMiddleware: [csrf, visitor] }));
