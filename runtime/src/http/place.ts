import { SessionError } from "../errors.js";
import { SessionBase } from "../session/state/session-base.js";

/**
 * Refuses what is in the place of a session, if it is not one of ours.
 * @param where - as handlers write it, such as `event.locals.session`
 * @throws SessionError `session/name-taken`
 */
export function refuseTaken(present: unknown, where: string): void {
  if (present === undefined || present === null || present instanceof SessionBase) return;
  throw taken(where);
}

/**
 * Puts the session on Node's request. It cannot be redefined: cookie-session, mounted behind, would
 * put its own in the place, and fails there and then.
 */
export function place(request: object, name: string, session: SessionBase): void {
  Object.defineProperty(request, name, { value: session, enumerable: true, writable: true });
}

/**
 * Puts the session where handlers look for it. What has put something else there, before or after,
 * is told of it; so it fails where it assigns, and not where the session is missed.
 * @param where - as handlers write it, such as `event.locals.session`: the last is its name
 * @throws SessionError `session/name-taken`
 */
export function provideSession(holder: object, where: string, session: SessionBase): void {
  const name = where.slice(where.lastIndexOf(".") + 1);
  refuseTaken(Reflect.get(holder, name), where);
  Object.defineProperty(holder, name, {
    configurable: true,
    enumerable: true,
    get: () => session,
    set: (other: unknown) => {
      if (other !== session) throw taken(where);
    },
  });
}

/** Says that something else has its session where ours belongs. */
export function taken(where: string): SessionError {
  return new SessionError(
    "session/name-taken",
    `${where} is taken: the application, or another middleware such as express-session, cookie-session or koa-session, keeps something there`,
  );
}
