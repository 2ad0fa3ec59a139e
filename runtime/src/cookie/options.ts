import { serialize } from "cookie";
import type { Identity } from "../crypto/identity.js";
import { type Secrets, secretsOf } from "../crypto/secrets.js";
import { Signer } from "../crypto/signature.js";
import { environmentName } from "../environment.js";
import { SessionError } from "../errors.js";
import { LostCookies } from "./lost.js";
import type { Reach } from "./nearby.js";

/** How the session cookie is set. The defaults are the strictest that browsers offer. */
export interface CookieOptions {
  /**
   * Default `__Host-session`; with `secure: "auto"` or `false` it is `session`. The prefix makes
   * browsers insist on `Secure`, `Path=/` and no `Domain`; without it, another subdomain can plant
   * a session cookie (RFC 6265bis, section 4.1.3.2).
   */
  readonly name?: string;
  /**
   * Its subdomains get the cookie, too. Costs the `__Host-` prefix: every subdomain can then set
   * it.
   */
  readonly domain?: string;
  /** Default `/`. */
  readonly path?: string;
  /**
   * Default `true`. With `false` the cookie travels over plain HTTP, readable by anybody on the
   * way. With `auto` it does so where the request came over plain HTTP, and is `Secure` where it
   * came over TLS; costs the prefix of the name, which needs `Secure`, and with it the protection
   * from cookies that others plant. Behind a proxy that ends TLS the host must be told to trust it
   * (`trustProxy`, Express's `trust proxy`). Where nobody says how the request came, the cookie is
   * `Secure`. `except-local` is `true` but for requests over plain HTTP to this machine while
   * NODE_ENV is `test`, and to this machine or a private address while it is `development`: there
   * the cookie is called `dev-session` and is not `Secure`, for many clients keep no such cookie.
   */
  readonly secure?: boolean | "auto" | "except-local";
  /**
   * Default `true`. With `false` every script on the page, injected ones included, can read the
   * session id.
   */
  readonly httpOnly?: boolean;
  /**
   * Default `"lax"`. With `"none"` other sites can cause requests with the cookie: CSRF is then
   * yours to prevent.
   */
  readonly sameSite?: "strict" | "lax" | "none";
  /** Default `false`. A separate cookie per top-level site (CHIPS), for embedded pages. */
  readonly partitioned?: boolean;
  /** Which cookies Chromium evicts first. */
  readonly priority?: "low" | "medium" | "high";
  /**
   * Signs the cookie with HMAC. The first secret signs, all verify. At least one, of at least 32
   * characters each. To rotate, put a new one behind, deploy everywhere, then put it in front.
   */
  readonly secrets?: Secrets;
  /**
   * Default `false`. With `true`, sessions from before there were `secrets` go on, and get a signed
   * cookie with their next request. Costs what signatures are for, as long as it is on: whoever
   * learns an id, such as from a log, needs no signature. Turn it off when the lifetime of those
   * sessions is over.
   */
  readonly acceptUnsigned?: boolean;
  /**
   * The hash of the signature's HMAC. Default `"sha256"`. Another one invalidates the cookies that
   * are about.
   */
  readonly digest?: "sha256" | "sha384" | "sha512";
  /**
   * Names what the secrets are used for: signing keys are derived from them with it (HKDF, RFC
   * 5869), so that a secret shared with other programs signs nothing that these accept. Default:
   * none, the secret itself is the key. Another one invalidates the cookies that are about.
   */
  readonly salt?: string;
  /**
   * Default `false`. With `true`, the answer that ends a session carries
   * `Clear-Site-Data: "cache"`: browsers drop what they keep of the site, also where the
   * application allowed them to keep it. Costs all of that: the next page loads every file anew,
   * and the answer may wait for a second until a large cache is empty. It goes over TLS only, and
   * Chromium still goes Back to the page that was shown before: what it must not show again takes
   * `no-store`, the default with a user.
   */
  readonly clearCache?: boolean;
  /**
   * When the end of a session moves, and with it that of a persistent cookie. `"on-change"`
   * (default): with a change, and when half of the idle time is used up. `"every-request"`: with
   * every request that has a session, read or not, as `rolling` of express-session and
   * SESSION_REFRESH_EACH_REQUEST of Flask do; costs a write to the store each.
   */
  readonly refresh?: "on-change" | "every-request";
}

/** {@link CookieOptions} with every default filled in, checked for consistency. */
export interface ResolvedCookie extends Omit<CookieOptions, "secrets" | "digest" | "salt"> {
  readonly name: string;
  readonly path: string;
  readonly secure: boolean | "auto" | "except-local";
  /** With `except-local`, in development: from where a request gets the other cookie. */
  readonly reach?: Reach;
  /** In development, and where no environment is named: looks after cookies that clients drop. */
  readonly lost?: LostCookies;
  readonly httpOnly: boolean;
  readonly sameSite: "strict" | "lax" | "none";
  readonly partitioned: boolean;
  readonly refresh: "on-change" | "every-request";
  /** Absent: the cookie is not signed. */
  readonly signer?: Signer;
}

/**
 * Fills in the defaults.
 * @param identity - what signatures are bound to
 * @param previous - what they were bound to before: such ones are accepted, and made anew
 * @throws SessionError `cookie/invalid-option` for a combination that browsers refuse,
 *   `cookie/weak-secret`
 */
export function resolveCookie(
  options: CookieOptions,
  identity: Identity,
  previous: readonly Identity[] = [],
): ResolvedCookie {
  const { secrets, digest, salt, ...rest } = options;
  const reach = developmentReach();
  const isUnnamed = environmentName() === undefined;
  const cookie = {
    name: rest.secure === "auto" || rest.secure === false ? "session" : "__Host-session",
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "lax",
    partitioned: false,
    refresh: "on-change",
    ...rest,
    // In tests, requests come without cookies on purpose.
    ...((reach === "private" || isUnnamed) && { lost: new LostCookies({ isNamed: !isUnnamed }) }),
    ...(reach !== undefined && rest.secure === "except-local" && { reach }),
  } as const;
  const refuse = (why: string): never => {
    throw new SessionError("cookie/invalid-option", `Browsers refuse this cookie: ${why}`);
  };
  const prefix = cookie.name.toLowerCase();
  const secure = cookie.secure === true || cookie.secure === "except-local";
  if (prefix.startsWith("__host-")) {
    if (!secure) refuse("the prefix __Host- needs secure: true");
    if (cookie.path !== "/") refuse('the prefix __Host- needs path: "/"');
    if (cookie.domain !== undefined) refuse("the prefix __Host- allows no domain");
  }
  if (prefix.startsWith("__secure-") && !secure) refuse("the prefix __Secure- needs secure: true");
  if (cookie.sameSite === "none" && !secure) refuse('sameSite: "none" needs secure: true');
  if (cookie.partitioned && !secure) refuse("partitioned needs secure: true");
  try {
    serialize(cookie.name, "", { path: cookie.path, ...(cookie.domain ? { domain: cookie.domain } : {}) });
  } catch (cause) {
    throw new SessionError("cookie/invalid-option", "The cookie's name, path or domain is malformed", {
      cause,
    });
  }
  if (secrets === undefined) {
    if (cookie.acceptUnsigned)
      throw new SessionError(
        "cookie/invalid-option",
        "cookie.acceptUnsigned is for the time after there are secrets",
      );
    return cookie;
  }
  const [first, ...others] = secretsOf(secrets);
  if (first === undefined)
    throw new SessionError("cookie/weak-secret", "The cookie's list of secrets is empty");
  if ([first, ...others].some((secret) => secret.length < 32)) {
    throw new SessionError("cookie/weak-secret", "A cookie secret is shorter than 32 characters");
  }
  const identities = [identity, ...previous].map(({ text }) => text) as [string, ...string[]];
  return { ...cookie, signer: new Signer(identities, [first, ...others], digest, salt) };
}

/**
 * How far development reaches: only where the environment is called so, and never because nothing
 * is said. Tests run against a server on the same machine.
 */
function developmentReach(): Reach | undefined {
  const name = environmentName();
  if (name === "development") return "private";
  return name === "test" ? "loopback" : undefined;
}
