/** Keeps the one cookie that a browser has of a site, as browsers do. */
export class Jar {
  /** The Cookie header; absent: none is sent. */
  cookie: string | undefined;

  /** Takes the cookies of an answer, when it arrives. */
  take(setCookies: readonly string[]): void {
    for (const setCookie of setCookies) this.cookie = isOver(setCookie) ? undefined : pairOf(setCookie);
  }
}

/** Whether a Set-Cookie value takes the cookie away. */
export function isOver(setCookie: string): boolean {
  const maxAge = /;\s*max-age=(-?\d+)/i.exec(setCookie)?.[1];
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const expires = /;\s*expires=([^;]+)/i.exec(setCookie)?.[1];
  return expires !== undefined && Date.parse(expires) <= Date.now();
}

function pairOf(setCookie: string): string {
  return setCookie.split(";", 1)[0] ?? "";
}

/** The id in a Cookie header, shortened: what the history calls it. */
export function idIn(cookie: string): string {
  return cookie.slice(cookie.indexOf("=") + 1).slice(0, 12);
}
