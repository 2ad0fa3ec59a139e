import { createMiddleware } from "@tanstack/react-start";
import { session } from "../session/tanstack-start";

const usual = session();
const withOptions = session({
  skip: ({ url }) => url.endsWith("/host/options/skipped"),
  onError: (error, { url }) =>
    new Response(`${error.code} at ${new URL(url).pathname}`, { status: error.status }),
});

/** In the place of the example's. */
export const visitor = createMiddleware().server((given) => {
  const { server } = (given.pathname.startsWith("/host/options/") ? withOptions : usual).options;
  if (server === undefined) throw new TypeError("The glue's middleware has no function of the server");
  return server(given);
});
