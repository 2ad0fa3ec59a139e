import { inspect, isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import type { Session } from "../support/fixture.js";
import { setup } from "../support/fixture.js";

const { sessions } = setup();
const open = (): Promise<Session & Record<PropertyKey, unknown>> => sessions.open(undefined) as never;
/** Code that is not strict, as much middleware is: there, failed assignments are silent. */
const sloppy = new Function("target", "name", "value", "target[name] = value;") as (
  target: object,
  name: string,
  value: unknown,
) => void;

describe("a field that the schema does not know", () => {
  it.each([
    "passport",
    "flash",
    "csrfSecret",
    "oauth2:github.com",
    "visit",
    "0",
    "then",
    "toJSON",
    "toString",
    "constructor",
    "hasOwnProperty",
    "__proto__",
  ])("%s: assigning it is refused and named, also by code that is not strict", async (name) => {
    const session = await open();
    const refusal = expect.objectContaining({
      code: "field/unknown",
      status: 500,
      message: expect.stringContaining(JSON.stringify(name)),
    });
    const before = Reflect.get(session, name);
    const prototype = Object.getPrototypeOf(session);
    expect(() => sloppy(session, name, { a: 1 })).toThrow(refusal);
    expect(() => Object.assign(session, JSON.parse(`{ "${name}": 1 }`))).toThrow(refusal);
    expect(Reflect.get(session, name)).toBe(before);
    expect(Object.getPrototypeOf(session)).toBe(prototype);
    expect(Object.keys(session)).toEqual([]);
    expect(session.$modified).toBe(false);
  });

  it("says what middleware written for express-session takes", async () => {
    const session = await open();
    expect(() => sloppy(session, "passport", {})).toThrow(
      /declare it in the schema.*compat: "express-session"/,
    );
  });

  it.each(["regenerate", "save", "destroy", "reload", "touch", "resetMaxAge"])(
    "%s() is not there, and says so",
    async (name) => {
      const session = await open();
      expect(name in session).toBe(false);
      expect(() => (session[name] as () => void)()).toThrow(
        expect.objectContaining({
          code: "session/no-compat",
          message: expect.stringContaining(`session.${name}()`),
        }),
      );
    },
  );
});

describe("what every object has", () => {
  it("is found: a session is awaited, inspected, compared and shown as before", async () => {
    const session = await open();
    session.visits = 2;
    expect(await session).toBe(session);
    expect(inspect(session)).toMatch(/^Session \{.*visits: 2/s);
    expect(JSON.parse(JSON.stringify({ session }))).toMatchObject({ session: { visits: 2 } });
    expect(String(session)).toBe("[object Object]");
    expect(session.constructor.name).toBe("Session");
    expect(session).toBeInstanceOf(Object);
    expect(Object.hasOwn(session, "visits")).toBe(false);
    // biome-ignore lint/suspicious/noPrototypeBuiltins: it is what libraries call
    expect(session.hasOwnProperty("visits")).toBe(false);
    expect(session).toEqual(session);
    expect(session).not.toEqual({ visits: 2 });
    expect(isDeepStrictEqual(session, session)).toBe(true);
    expect(structuredClone({ ...session })).toEqual({});
    expect(structuredClone(session)).toEqual({});
    expect(session["nothing"]).toBeUndefined();
    expect("nothing" in session).toBe(false);
    const names: string[] = [];
    for (const name in session) names.push(name);
    expect(names).toEqual([]);
  });

  it("symbols can be put on it: tools mark objects with them", async () => {
    const session = await open();
    const mark = Symbol("mark");
    session[mark] = 1;
    expect(session[mark]).toBe(1);
  });

  it("a class of the application's own may add members", async () => {
    class Marked {
      readonly marked = true;
    }
    const session = await open();
    Object.defineProperty(session, "own", { value: new Marked() });
    expect(session["own"]).toBeInstanceOf(Marked);
  });
});
