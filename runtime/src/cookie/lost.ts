import { cameFromNearby, cameInPlain, type Origin } from "./nearby.js";

/** What of a cookie decides whether clients keep it. */
interface SetCookie {
  readonly name: string;
  readonly secure: boolean | "auto" | "except-local";
}

/** Clients that are remembered; a development server has few. */
const MAX_CLIENTS = 50;
/** For how long, in milliseconds: whoever comes back later may have been closed. */
const MEMORY = 10 * 60_000;

/**
 * Notices, in development, that a client drops the cookie: it was given one that is `Secure` over
 * plain HTTP, and its next request comes without. Says so once. Where the environment has no name,
 * it may be production: only clients on the machine itself are looked at, which nobody's users are.
 */
export class LostCookies {
  readonly #given = new Map<string, number>();
  readonly #isNamed: boolean;
  #isSilent = false;

  constructor({ isNamed }: { readonly isNamed: boolean }) {
    this.#isNamed = isNamed;
  }

  /** Notes that a request is answered with the cookie. */
  handedOut(cookie: SetCookie, request: Origin): void {
    if (this.#isSilent || cookie.secure === false || !this.#isInDevelopment(request)) return;
    if (this.#given.size >= MAX_CLIENTS) this.#given.clear();
    this.#given.set(clientOf(request), performance.now());
  }

  /** Notes that a request came without the cookie. */
  missing(cookie: SetCookie, request: Origin): void {
    if (this.#isSilent) return;
    const since = this.#given.get(clientOf(request));
    if (since === undefined || performance.now() - since > MEMORY || !this.#isInDevelopment(request)) return;
    this.#isSilent = true;
    this.#given.clear();
    warn(cookie.name, request.header("host") ?? "this host", this.#isNamed ? usualDetail : unnamedDetail);
  }

  #isInDevelopment(request: Origin): boolean {
    return this.#isNamed ? cameInPlain(request) : cameFromNearby(request, "loopback");
  }
}

/** Clients have cookies for each host of their own. */
function clientOf({ header, address = "" }: Origin): string {
  return `${address} ${header("host") ?? ""} ${header("user-agent") ?? ""}`;
}

const usualDetail =
  'Leave `cookie.secure` at its default and reach the server by localhost or a private address, set `cookie: { development: { name: "session", secure: false }, production: {} }` in session.config.ts, or serve https.';
const unnamedDetail =
  "NODE_ENV is not set, and that means production, whose cookie is strict: start the server with NODE_ENV=development while you develop.";

function warn(name: string, host: string, detail: string): void {
  const message = `A client seems to have dropped the session cookie ${name}: it is Secure, was set over http://${host}, and the next request came without it. Many clients keep no Secure cookies over http: Safari, supertest, Python's, all on a telephone`;
  // Not every runtime has it.
  if (typeof globalThis.process?.emitWarning === "function")
    process.emitWarning(message, { type: "SessionWarning", code: "SESSGEN_COOKIE_LOST", detail });
  else console.warn(`${message}. ${detail}`);
}
