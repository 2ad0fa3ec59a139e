import { SessionError } from "../../../errors.js";
import type { SessionBase } from "../../../session/state/session-base.js";
import type { SessionState } from "../../../session/state/state.js";
import { COOKIE, type SessionData } from "./data.js";

/**
 * The cookie of a session as express-session shows it. What the config says of it is as it is, for
 * every session; when it ends is each session's own.
 */
export interface ExpressSessionCookie {
  /** How long the session lives from its last use, in milliseconds; `null`: with the browser. */
  originalMaxAge: number | null;
  /** How long it has still to live, in milliseconds; `null`: as long as the browser. */
  maxAge: number | null | undefined;
  /** When it ends; `null`: with the browser. */
  expires: Date | null | undefined;
  readonly path: string;
  readonly domain: string | undefined;
  readonly httpOnly: boolean;
  readonly secure: boolean | "auto";
  readonly sameSite: "strict" | "lax" | "none";
}

const settings = ["path", "domain", "httpOnly", "secure", "sameSite", "partitioned", "priority"] as const;

/**
 * Gives the cookie of a session that is under way.
 * @param keep - keeps a time of the session's own in the bag; absent: there is no bag
 */
export function cookieOf(
  state: SessionState,
  keep: ((originalMaxAge: number | undefined) => void) | undefined,
  session: Pick<SessionBase, "$permanent">,
): ExpressSessionCookie {
  /** The time that is set in this request, and when. */
  let changed: number | undefined;
  const persists = (): boolean => state.isPermanent;
  const end = (): number => {
    const { stored, lifetime, createdAt, context } = state;
    if (changed === undefined && stored !== undefined) return stored.expiresAt;
    return Math.min((changed ?? context.clock()) + lifetime.idle, createdAt + lifetime.absolute);
  };
  const setMaxAge = (given: unknown): void => {
    if (given && typeof given !== "number" && !(given instanceof Date))
      throw new TypeError("maxAge must be a number or Date");
    const now = state.context.clock();
    const maxAge = given instanceof Date ? given.getTime() - now : given;
    if (typeof maxAge !== "number" || Number.isNaN(maxAge)) {
      session.$permanent = false;
      state.lastIdle(undefined);
      keep?.(undefined);
      return;
    }
    const configured = state.context.lifetime.permanent.idle;
    // Some set what is left of it, to the millisecond.
    const isConfigured = Math.abs(maxAge - configured) < 1000;
    if (!isConfigured && keep === undefined) throw notConfigured(maxAge, configured);
    session.$permanent = true;
    state.lastIdle(isConfigured ? undefined : Math.max(0, maxAge));
    changed = now;
    keep?.(state.idle);
  };
  const cookie: object = Object.defineProperties(
    {},
    {
      originalMaxAge: {
        enumerable: true,
        get: () => (persists() ? state.lifetime.idle : null),
        set: setMaxAge,
      },
      maxAge: {
        get: () => (persists() ? end() - state.context.clock() : null),
        set: setMaxAge,
      },
      expires: {
        enumerable: true,
        get: () => (persists() ? new Date(end()) : null),
        set: setMaxAge,
      },
      ...Object.fromEntries(
        settings.map((name) => [
          name,
          {
            enumerable: true,
            get: () => state.context.cookie[name],
            set(value: unknown) {
              if (value !== state.context.cookie[name]) throw fixed(name);
            },
          },
        ]),
      ),
    },
  );
  return Object.preventExtensions(cookie) as ExpressSessionCookie;
}

/** Gives what a session that is read says about its own time. */
export function keptMaxAge(data: SessionData): number | undefined {
  const kept: unknown = Reflect.get(Object(data.peek(COOKIE)), "originalMaxAge");
  return typeof kept === "number" ? kept : undefined;
}

function notConfigured(maxAge: number, configured: number): SessionError {
  return new SessionError(
    "session/fixed-cookie",
    `session.cookie.maxAge is ${maxAge} ms, and lifetime.permanent.idle of the config ${configured} ms: ` +
      "a time of a session's own is kept in the bag, and none is configured",
  );
}

function fixed(name: string): SessionError {
  return new SessionError(
    "session/fixed-cookie",
    `session.cookie.${name} cannot be changed: it is the same for all sessions, as the config says`,
  );
}
