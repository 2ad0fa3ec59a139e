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
 * Puts the session where handlers look for it. What has put something else there is told of it;
 * what assigns something later fails where it assigns, and not where the session is missed.
 * @param where - as handlers write it, such as `event.locals.session`: the last is its name
 * @throws SessionError `session/name-taken`
 */
export function provideSession(holder: object, where: string, session: SessionBase): void {
  const name = nameOf(where);
  refuseTaken(Reflect.get(holder, name), where);
  const { key, accessor } = placeOf(where);
  // What is the same for all keeps their shape the same, and V8 its compiled code.
  Object.defineProperty(holder, key, { configurable: true, writable: true, value: session });
  Object.defineProperty(holder, name, accessor);
}

/**
 * Refuses what has taken the place in spite of that: cookie-session, mounted behind, defines the
 * property anew, and is seen by nobody until the answer leaves.
 * @throws SessionError `session/name-taken`
 */
export function refuseDisplaced(
  holder: object,
  where: string,
  get: unknown = placeOf(where).accessor.get,
): void {
  const property = Object.getOwnPropertyDescriptor(holder, nameOf(where));
  if (property !== undefined && property.get !== get) throw taken(where);
}

interface Place {
  /** What the holder keeps the session under. */
  readonly key: symbol;
  readonly accessor: PropertyDescriptor;
}

const places = new Map<string, Place>();

function placeOf(where: string): Place {
  let place = places.get(where);
  if (place === undefined) {
    place = newPlace(where);
    places.set(where, place);
  }
  return place;
}

function newPlace(where: string): Place {
  const key = Symbol(`sessgen.${where}`);
  return {
    key,
    accessor: {
      configurable: true,
      enumerable: true,
      get(this: object): unknown {
        return Reflect.get(this, key);
      },
      set(this: object, other: unknown) {
        if (other !== Reflect.get(this, key)) throw taken(where);
      },
    },
  };
}

function nameOf(where: string): string {
  return where.slice(where.lastIndexOf(".") + 1);
}

/** Says that something else has its session where ours belongs. */
export function taken(where: string): SessionError {
  return new SessionError(
    "session/name-taken",
    `${where} is taken: the application, or another middleware such as express-session, cookie-session or koa-session, keeps something there`,
  );
}
