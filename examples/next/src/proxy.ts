import { sessionProxy } from "./session/next-proxy";

/** Counts who sees the shop: a page cannot write, and what comes before it can. */
export const proxy = sessionProxy((session, request) => {
  if (request.method === "GET") session.visits += 1;
});

export const config = {
  // Not for pages that a link only fetches ahead.
  matcher: [{ source: "/", missing: [{ type: "header", key: "next-router-prefetch" }] }],
};
