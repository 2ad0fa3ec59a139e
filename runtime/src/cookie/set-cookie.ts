/** What a Set-Cookie header says of a cookie, beside its value. */
export interface CookieAttributes {
  readonly path: string;
  readonly domain?: string | undefined;
  /** In seconds; absent: the cookie ends with the browser's session. */
  readonly maxAge?: number | undefined;
  /** For clients that know no Max-Age. */
  readonly expires?: Date | undefined;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: "strict" | "lax" | "none";
  readonly partitioned: boolean;
  readonly priority?: "low" | "medium" | "high" | undefined;
}

/** A name: all of US-ASCII that can be seen, but what ends a name or a cookie. */
const name = /^[!-:<>-~]+$/;
/** A path: US-ASCII without control characters, and without what ends an attribute. */
const path = /^[ -:=-~]+$/;
/** Labels of at most 63 characters (RFC 1123, 2.1). A dot before them means nothing (RFC 6265). */
const domain = /^\.?[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i;

/** Tells whether name, path and domain can stand in a Set-Cookie header. */
export function isWellFormed(cookie: { name: string; path: string; domain?: string | undefined }): boolean {
  return (
    name.test(cookie.name) &&
    path.test(cookie.path) &&
    (cookie.domain === undefined || domain.test(cookie.domain))
  );
}

/**
 * Writes the value of a Set-Cookie header (RFC 6265, 4.1). Name, path and domain are well-formed;
 * the value may be any text.
 */
export function writeSetCookie(cookieName: string, value: string, cookie: CookieAttributes): string {
  let text = `${cookieName}=${encodeURIComponent(value)}`;
  if (cookie.maxAge !== undefined) text += `; Max-Age=${cookie.maxAge}`;
  if (cookie.domain !== undefined) text += `; Domain=${cookie.domain}`;
  text += `; Path=${cookie.path}`;
  if (cookie.expires !== undefined) text += `; Expires=${cookie.expires.toUTCString()}`;
  if (cookie.httpOnly) text += "; HttpOnly";
  if (cookie.secure) text += "; Secure";
  if (cookie.partitioned) text += "; Partitioned";
  if (cookie.priority !== undefined) text += `; Priority=${capitalized(cookie.priority)}`;
  return `${text}; SameSite=${capitalized(cookie.sameSite)}`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
