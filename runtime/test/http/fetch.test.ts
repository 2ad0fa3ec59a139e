import { describe, expect, it } from "vitest";
import { withSession } from "../../src/http/fetch.js";
import { cookieHeader, type Session, setup } from "../session/support/fixture.js";

const url = "https://example.org/";
const change = (session: Session): void => {
  session.visits += 1;
};

describe("a Fetch handler with a session", () => {
  it("has its changes saved, and the cookie set", async () => {
    const { sessions } = setup();
    const first = await withSession(sessions, new Request(url), (session) => {
      change(session);
      return Response.json({ visits: session.visits });
    });
    const cookie = cookieHeader(first.headers.getSetCookie());
    expect(await first.json()).toEqual({ visits: 1 });
    expect([first.headers.get("vary"), first.headers.get("cache-control")]).toEqual(["Cookie", "no-store"]);
    const second = await withSession(sessions, new Request(url, { headers: { cookie } }), (session) => {
      change(session);
      return Response.json({ visits: session.visits });
    });
    expect(await second.json()).toEqual({ visits: 2 });
    expect(second.headers.getSetCookie()).toEqual([]);
  });

  it.each<[string, { given: () => Response; want: { status: number; body?: string; cookies: number } }]>([
    [
      "a redirect, whose headers cannot be changed",
      { given: () => Response.redirect(url, 303), want: { status: 303, cookies: 1 } },
    ],
    [
      "an empty response",
      { given: () => new Response(null, { status: 204 }), want: { status: 204, body: "", cookies: 1 } },
    ],
    [
      "a cookie of its own",
      {
        given: () => new Response("x", { headers: { "set-cookie": "a=1" } }),
        want: { status: 200, body: "x", cookies: 2 },
      },
    ],
    [
      "a stream",
      {
        given: () => new Response(new Blob(["a", "b"]).stream()),
        want: { status: 200, body: "ab", cookies: 1 },
      },
    ],
  ])("may answer with %s", async (_name, { given, want }) => {
    const { sessions } = setup();
    const response = await withSession(sessions, new Request(url), (session) => {
      change(session);
      return given();
    });
    expect(response.status).toBe(want.status);
    if (want.body !== undefined) expect(await response.text()).toBe(want.body);
    expect(response.headers.getSetCookie()).toHaveLength(want.cookies);
  });

  it("gets its own response back, untouched, when it left the session alone", async () => {
    const { sessions } = setup();
    const mine = new Response("x");
    expect(await withSession(sessions, new Request(url), () => mine)).toBe(mine);
    const broken = Response.error();
    const answer = await withSession(sessions, new Request(url), (session) => {
      change(session);
      return broken;
    });
    expect(answer).toBe(broken);
  });

  it("may commit by itself: the cookie is sent once", async () => {
    const { sessions } = setup();
    const response = await withSession(sessions, new Request(url), async (session) => {
      change(session);
      const [cookie = ""] = await session.$commit();
      return new Response("x", { headers: { "set-cookie": cookie } });
    });
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-session=/)]);
  });

  it("may throw its answer, such as a redirect: it is saved and sent like one that is returned", async () => {
    const { sessions } = setup();
    const response = await withSession(sessions, new Request(url), (session) => {
      change(session);
      throw Response.redirect(url, 303);
    });
    expect([response.status, response.headers.get("location")]).toEqual([303, url]);
    const cookie = cookieHeader(response.headers.getSetCookie());
    expect((await sessions.open(cookie)).visits).toBe(1);
  });

  it("that throws after it has committed a new id: the client gets the id, and the error's status", async () => {
    const { sessions, errors } = setup();
    const error = Object.assign(new Error("later"), { status: 422 });
    const response = await withSession(sessions, new Request(url), async (session) => {
      change(session);
      await session.$commit();
      change(session);
      throw error;
    });
    expect([response.status, await response.text()]).toEqual([422, "The request failed.\n"]);
    expect(errors).toEqual([error]);
    const cookie = cookieHeader(response.headers.getSetCookie());
    // What it had not committed is not saved.
    expect((await sessions.open(cookie)).visits).toBe(1);
  });

  it("saves nothing when it throws", async () => {
    const { sessions, store } = setup();
    const failed = withSession(sessions, new Request(url), (session) => {
      change(session);
      throw new Error("mine");
    });
    await expect(failed).rejects.toThrow("mine");
    expect(await (store as { sweep?: () => Promise<number> }).sweep?.()).toBe(0);
  });
});
