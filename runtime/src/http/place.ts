import { SessionError } from "../errors.js";
import { SessionBase } from "../session/state/session-base.js";

/**
 * Gives the session that the request has already, of which there is one for each request.
 * @throws SessionError `session/name-taken` when what is there is no session of ours
 */
export function refuseTaken<S>(holder: object, name: string): S | undefined {
  const present: unknown = Reflect.get(holder, name);
  if (present === undefined || present === null) return undefined;
  if (present instanceof SessionBase) return present as S;
  throw taken(name);
}

/**
 * Puts the session on the request. It cannot be redefined: cookie-session, mounted behind, would
 * put its own in the place, and fails there and then.
 */
export function place(request: object, name: string, session: SessionBase): void {
  Object.defineProperty(request, name, { value: session, enumerable: true, writable: true });
}

/** Says that another middleware has its session where ours belongs. */
export function taken(name: string): SessionError {
  return new SessionError(
    "session/name-taken",
    `request.${name} is taken: another middleware, such as express-session, cookie-session or koa-session, keeps its session there`,
  );
}
