import { describe, expect, it } from "vitest";
import { provideSession, refuseTaken } from "../../src/http/fetch.js";
import { type Session, setup } from "../session/support/fixture.js";

const opened = (): Promise<Session> => setup().sessions.open(new Headers());
const taken = {
  code: "session/name-taken",
  message: expect.stringMatching(/^event\.locals\.session is taken: the application, or another middleware/),
};

describe("a session is put where handlers look for it", () => {
  it.each<[string, { given: (locals: { session?: unknown }) => void }]>([
    ["assigned", { given: (locals) => Object.assign(locals, { session: { user: "theirs" } }) }],
    ["taken out", { given: (locals) => Object.assign(locals, { session: undefined }) }],
  ])("and cannot be %s", async (_name, { given }) => {
    const session = await opened();
    const locals: { session?: unknown } = {};
    provideSession(locals, "event.locals.session", session);
    expect(() => given(locals)).toThrow(expect.objectContaining(taken));
    expect(locals.session).toBe(session);
  });

  it("but by the same, or by one that is opened after it", async () => {
    const [first, second] = [await opened(), await opened()];
    const locals: { session?: unknown } = {};
    provideSession(locals, "event.locals.session", first);
    locals.session = first;
    provideSession(locals, "event.locals.session", second);
    expect({ ...locals }).toEqual({ session: second });
  });

  it("and is refused where there is something else", async () => {
    const locals = { session: { user: "theirs" } };
    const session = await opened();
    expect(() => provideSession(locals, "event.locals.session", session)).toThrow(
      expect.objectContaining(taken),
    );
    expect(locals).toEqual({ session: { user: "theirs" } });
  });
});

it.each<[string, { given: unknown; want: boolean }]>([
  ["nothing", { given: undefined, want: false }],
  ["what was taken out", { given: null, want: false }],
  ["an empty text", { given: "", want: true }],
  ["another's session", { given: { id: "1" }, want: true }],
])("%s in the place of a session", (_name, { given, want }) => {
  const refused = () => refuseTaken(given, "event.locals.session");
  if (want) expect(refused).toThrow(expect.objectContaining(taken));
  else expect(refused).not.toThrow();
});
