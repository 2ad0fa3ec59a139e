import { SessionError } from "../../errors.js";

/** What middleware written for express-session calls on a session. */
const expressSession: ReadonlySet<PropertyKey> = new Set([
  "regenerate",
  "save",
  "destroy",
  "reload",
  "touch",
  "resetMaxAge",
]);

/**
 * The end of every session's prototype chain, where only what no class before it has arrives: what
 * is assigned there would be gone with the request. It stands behind all known fields, so those
 * cost what they always did. Reading finds what every object has, and nothing else: whoever looks
 * whether a session has a `then` gets the usual answer.
 */
export const beyondFields: object = new Proxy(Object.create(Object.prototype) as object, {
  set(target, name, value, receiver) {
    // Symbols are how tools mark objects; no schema has one.
    if (typeof name === "symbol") return Reflect.set(target, name, value, receiver);
    throw unknownField(name);
  },
  get(target, name, receiver) {
    if (!expressSession.has(name)) return Reflect.get(target, name, receiver);
    return () => {
      throw new SessionError(
        "session/no-compat",
        `session.${String(name)}() is express-session's, and this is a session of sessgen's`,
      );
    };
  },
});

/**
 * Names a field that the schema does not have. Middleware that was written for express-session
 * assigns some.
 * @param lacking - what such middleware needs besides
 */
export function unknownField(name: string, lacking = 'compat: "express-session"'): SessionError {
  return new SessionError(
    "field/unknown",
    `The session has no field ${JSON.stringify(name)}: declare it in the schema; ` +
      `middleware written for express-session also needs ${lacking}`,
  );
}

/**
 * Refuses assignments to inherited members that share the fields' names. Assigned by a client's
 * JSON, for instance, they would otherwise stand in the way of what they are called like.
 * @param Session - the generated class
 */
export function refuseInherited(Session: new (state: never) => object): void {
  const { prototype } = Session;
  for (const name of ["constructor", "toJSON"]) {
    const value: unknown = Reflect.get(prototype, name);
    Object.defineProperty(prototype, name, {
      configurable: true,
      get: () => value,
      set() {
        throw unknownField(name);
      },
    });
  }
}
