import { describe, expect, it } from "vitest";
import { type Session, setup } from "../support/fixture.js";

/** A session with something in it, and something changed that is not saved yet. */
async function begun(): Promise<Session> {
  const { sessions } = setup();
  const first = await sessions.open(undefined);
  first.cart = [{ sku: "tea", quantity: 1 }];
  const [cookie] = await first.$commit();
  const session = await sessions.open(cookie?.split(";")[0]);
  session.visits = 5;
  return session;
}

describe("what a client sent, taken with $accept", () => {
  it("is there, like anything that is assigned", async () => {
    const session = await begun();
    expect(session.$accept(() => session.cart.push({ sku: "milk", quantity: 2 }))).toBe(2);
    session.$accept(() => session.$assign({ user: "ada" }));
    await session.$commit();
    expect(session).toMatchObject({ user: "ada", visits: 5 });
    expect(session.cart).toHaveLength(2);
  });

  it.each<[string, { given: (session: Session) => unknown; want: { code: string; message: string } }]>([
    [
      "a value that the schema forbids",
      {
        given: (session) => {
          session.user = 7 as never;
        },
        want: { code: "field/invalid", message: "session.user must be" },
      },
    ],
    [
      "one of several values",
      {
        given: (session) => session.$assign({ visits: 6, user: 7 as never }),
        want: { code: "field/invalid", message: "session.user must be" },
      },
    ],
    [
      "a field that there is not",
      {
        given: (session) => session.$assign({ admin: true } as never),
        want: { code: "field/unknown", message: '"admin"' },
      },
    ],
    [
      "a body as a whole",
      {
        given: (session) => Object.assign(session, { visits: 6, admin: true }),
        want: { code: "field/unknown", message: '"admin"' },
      },
    ],
  ])("%s is refused with 400, and leaves nothing behind", async (_name, { given, want }) => {
    const session = await begun();
    expect(() => session.$accept(() => given(session))).toThrow(
      expect.objectContaining({
        code: want.code,
        status: 400,
        expose: true,
        message: expect.stringContaining(want.message),
      }),
    );
    expect(session).toMatchObject({ visits: 5, log: [], user: undefined });
    expect(session.cart).toEqual([{ sku: "tea", quantity: 1 }]);
    await session.$commit();
    expect(session.visits).toBe(5);
  });

  it("without it, the same is the server's mistake: 500", async () => {
    const session = await begun();
    const assign = (): void => {
      session.user = 7 as never;
    };
    expect(assign).toThrow(expect.objectContaining({ status: 500 }));
  });

  it("what else the function throws is its own", async () => {
    const session = await begun();
    const error = new Error("its own");
    expect(() =>
      session.$accept(() => {
        session.visits = 9;
        throw error;
      }),
    ).toThrow(error);
    expect(error).not.toHaveProperty("status");
    expect(session.visits).toBe(5);
  });
});
