import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { type NextProxyWork, type NextResponses, nextProxy } from "../../../src/http/next/proxy.js";
import { type Session, setup, visit } from "../../session/support/fixture.js";

// Not by import: Next.js brings React's declarations of what browsers have, for all tests.
const { NextResponse } = createRequire(import.meta.url)("next/server") as {
  NextResponse: NextResponses & { redirect(url: string): Response };
};

/** The headers that Next.js goes on with; `undefined`: those that came. */
function forwarded({ headers }: Response): Record<string, string | null> | undefined {
  const names = headers.get("x-middleware-override-headers")?.split(",");
  return (
    names && Object.fromEntries(names.map((name) => [name, headers.get(`x-middleware-request-${name}`)]))
  );
}

/** With the new id in place of the one that came. */
const renewed = expect.stringMatching(/^theme=dark; __Host-session=[\w-]{43}$/);

describe("a proxy of Next.js", () => {
  it.each<[string, { given: NextProxyWork<Session, Request>; want: Record<string, unknown> | undefined }]>([
    ["that leaves the session alone goes on with what came", { given: () => {}, want: undefined }],
    [
      "that gives the session another id goes on with it, and with what came besides",
      {
        given: (session) => {
          session.user = "ada";
        },
        want: { cookie: renewed, "x-mine": "1" },
      },
    ],
    [
      "that replaced headers itself has its own kept",
      {
        given: (session, { headers }) => {
          session.user = "ada";
          const changed = new Headers(headers);
          changed.set("x-mine", "2");
          return NextResponse.next({ request: { headers: changed } });
        },
        want: { cookie: renewed, "x-mine": "2" },
      },
    ],
    [
      "that took the cookies away by itself has the session's put back",
      {
        given: (session) => {
          session.user = "ada";
          return NextResponse.next({ request: { headers: new Headers({ "x-mine": "3" }) } });
        },
        want: { cookie: renewed, "x-mine": "3" },
      },
    ],
    [
      "that destroys the session goes on without its cookie",
      { given: (session) => session.$destroy(), want: { cookie: "theme=dark", "x-mine": "1" } },
    ],
    [
      "that answers by itself has nothing go on",
      {
        given: (session) => {
          session.user = "ada";
          return NextResponse.redirect("https://example.org/login");
        },
        want: undefined,
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const { sessions } = setup();
    const own = await visit(sessions, undefined, (session) => {
      session.visits = 1;
    });
    const headers = { cookie: `theme=dark; ${own}`, "x-mine": "1" };
    const response = await nextProxy(
      sessions,
      NextResponse,
      given,
    )(new Request("https://example.org/", { headers }));
    expect(forwarded(response)).toEqual(want);
  });
});
