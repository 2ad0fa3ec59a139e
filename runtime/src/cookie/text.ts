/** The attributes that session cookies have. */
export interface CookieAttributes {
  readonly path: string;
  readonly domain?: string | undefined;
  /** Seconds. */
  readonly maxAge?: number;
  readonly expires?: Date;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly partitioned: boolean;
  readonly priority?: "low" | "medium" | "high" | undefined;
  readonly sameSite: "strict" | "lax" | "none";
}

/**
 * Writes a Set-Cookie value (RFC 6265, 4.1). Nothing is escaped: names, domains and paths were
 * looked at when the application began, and values are base64url and dots.
 */
export function cookieText(name: string, value: string, attributes: CookieAttributes): string {
  const { path, domain, maxAge, expires, httpOnly, secure, partitioned, priority, sameSite } = attributes;
  let text = `${name}=${value}`;
  if (maxAge !== undefined) text += `; Max-Age=${maxAge}`;
  if (domain) text += `; Domain=${domain}`;
  if (path) text += `; Path=${path}`;
  if (expires !== undefined) text += `; Expires=${expires.toUTCString()}`;
  if (httpOnly) text += "; HttpOnly";
  if (secure) text += "; Secure";
  if (partitioned) text += "; Partitioned";
  if (priority) text += `; Priority=${capitalized(priority)}`;
  return `${text}; SameSite=${capitalized(sameSite)}`;
}

/**
 * Gives the value of a `name=value` pair of a Cookie header, as it stands there; `undefined` where
 * the pair has another name.
 */
export function valueIn(pair: string, name: string): string | undefined {
  const equals = pair.indexOf("=");
  return equals !== -1 && pair.slice(0, equals).trim() === name ? pair.slice(equals + 1).trim() : undefined;
}

/** What a cookie's name may be (RFC 6265, 4.1.1, and what browsers take besides). */
const namePattern = /^[!-:<>-~]+$/;
const pathPattern = /^[ -:=-~]*$/;
/** Labels of a host name (RFC 1034, 3.5), with or without the dot of old in front. */
const domainPattern = /^\.?[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i;

/** Tells whether a cookie can be written with these. */
export function isWritable({
  name,
  path,
  domain,
}: {
  readonly name: string;
  readonly path: string;
  readonly domain?: string | undefined;
}): boolean {
  return namePattern.test(name) && pathPattern.test(path) && (!domain || domainPattern.test(domain));
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
