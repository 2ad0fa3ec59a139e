import { describe, expect, it } from "vitest";
import { type SessionEvents, type SessionStore, storedSessions } from "../../../src/index.js";
import {
  application,
  cookieHeader,
  fields,
  history,
  keyOf,
  type Session,
  setup,
  visit,
} from "../support/fixture.js";

const SECOND = 1000;
const conflict = { code: "session/moved", status: 409 };

/** A session that has left the id that the cookie names. */
async function left(by: "moved" | "ended") {
  const made = setup();
  const moved: SessionEvents["moved"][] = [];
  made.sessions.on("moved", (event) => moved.push(event));
  const old = await visit(made.sessions, undefined, (session) => session.$assign({ visits: 1, user: "ada" }));
  const cookie = await visit(made.sessions, old, (session) =>
    by === "moved" ? session.$regenerate() : session.$destroy(),
  );
  const open = (method: string): Promise<Session> => made.sessions.open(old, { method });
  return { ...made, moved, old, cookie, open };
}

describe.each(["moved", "ended"] as const)("a request with an id that has %s", (by) => {
  it("reads as anonymous, and has no id", async () => {
    const { open, moved } = await left(by);
    const session = await open("POST");
    expect([session.$isNew, session.$id, session.toJSON()]).toEqual([
      true,
      undefined,
      { visits: 0, cart: [], log: [] },
    ]);
    expect(await session.$commit()).toEqual([]);
    expect(moved).toEqual([]);
  });

  it.each<[string, { given: (session: Session) => unknown }]>([
    ["a value", { given: (session) => Reflect.set(session, "visits", session.visits + 1) }],
    ["a value in place", { given: (session) => session.cart.push({ sku: "a", quantity: 1 }) }],
    ["the wish to be remembered", { given: (session) => Reflect.set(session, "$permanent", true) }],
    ["a session without values", { given: (session) => session.$persist() }],
  ])(
    "cannot write %s: dropped where the method is safe, refused where it is not",
    async (_name, { given }) => {
      const { open, moved, old, sessions } = await left(by);
      for (const method of ["GET", "HEAD", "OPTIONS", "TRACE"]) {
        const session = await open(method);
        given(session);
        expect(await session.$commit()).toEqual([]);
        // It was told; another commit has nothing more to drop.
        await session.$commit();
      }
      expect(moved).toEqual(Array(4).fill({ reason: by }));
      for (const method of ["POST", "PUT", "DELETE", undefined]) {
        const session = await sessions.open(old, { method });
        given(session);
        await expect(session.$commit()).rejects.toMatchObject(conflict);
        expect(session.$headers).toEqual([]);
      }
    },
  );

  it.each<[string, { given: (session: Session) => unknown; want: object }]>([
    ["logs in", { given: (session) => session.$assign({ user: "eve" }), want: { user: "eve", visits: 0 } }],
    [
      "asks for a new id",
      {
        given: async (session) => {
          await session.$regenerate();
          session.visits += 5;
        },
        want: { visits: 5 },
      },
    ],
  ])("begins anew when it %s", async (_name, { given, want }) => {
    const { open, sessions, old } = await left(by);
    const session = await open("POST");
    await given(session);
    const fresh = cookieHeader(await session.$commit());
    expect(fresh).not.toBe(old);
    expect((await sessions.open(fresh)).toJSON()).toMatchObject(want);
    expect((await sessions.open(old)).$id).toBeUndefined();
  });

  it("cannot lock", async () => {
    const { open } = await left(by);
    await expect((await open("GET")).$lock(() => {})).rejects.toMatchObject(conflict);
  });

  it("is nobody's any more after 10 seconds, which nothing prolongs", async () => {
    const { open, time, sessions, old } = await left(by);
    time.now += 10 * SECOND - 1;
    const held = await open("GET");
    held.$touch();
    await held.$commit();
    expect((await open("GET")).$id).toBeUndefined();
    time.now += 1;
    const session = await sessions.open(old);
    expect(session.$id).toMatch(/^[\w-]{43}$/);
    session.visits = 1;
    expect(await session.$commit()).toHaveLength(1);
  });

  it("is no session to tools", async () => {
    const { store, old } = await left(by);
    const key = keyOf(cookieValue(old));
    const kept = store as SessionStore;
    expect(await kept.read(key)).toBeDefined();
    expect(await storedSessions({ application, history, fields, store: kept }).read(key)).toBeUndefined();
  });
});

describe("a logout with an id that has left", () => {
  it("is refused where the session goes on under another id", async () => {
    const { open, cookie, sessions } = await left("moved");
    const session = await open("GET");
    await expect(session.$destroy()).rejects.toMatchObject(conflict);
    expect(await session.$commit()).toEqual([]);
    expect((await sessions.open(cookie)).user).toBe("ada");
  });

  it("is nothing where it has ended", async () => {
    const { open } = await left("ended");
    const session = await open("POST");
    await session.$destroy();
    expect(await session.$commit()).toEqual([]);
  });
});

describe("a request under way when its session leaves", () => {
  it.each<[string, { given: string | undefined; by: (session: Session) => Promise<unknown>; want: string }]>([
    ["GET, moved", { given: "GET", by: (session) => session.$regenerate(), want: "moved" }],
    ["GET, ended", { given: "GET", by: (session) => session.$destroy(), want: "ended" }],
    ["POST, moved", { given: "POST", by: (session) => session.$regenerate(), want: "session/gone" }],
    ["POST, ended", { given: "POST", by: (session) => session.$destroy(), want: "session/gone" }],
  ])("%s", async (_name, { given, by, want }) => {
    const { sessions } = setup();
    const events: string[] = [];
    sessions.on("moved", ({ reason }) => events.push(reason));
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const late = await sessions.open(cookie, { method: given });
    late.visits += 1;
    await visit(sessions, cookie, async (session) => void (await by(session)));
    if (want === "session/gone") {
      await expect(late.$commit()).rejects.toMatchObject({ code: want, status: 409 });
      await expect(late.$commit()).rejects.toMatchObject({ code: want });
    } else {
      expect(await late.$commit()).toEqual([]);
      expect(events).toEqual([want]);
      expect([late.visits, late.$id]).toEqual([0, undefined]);
    }
    expect(late.$headers).toEqual([]);
  });
});

function cookieValue(header: string): string {
  return header.split("=")[1] ?? "";
}
