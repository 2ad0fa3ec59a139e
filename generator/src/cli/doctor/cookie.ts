import type { Backend } from "../../backends/backend.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import { type Envelope, envelopeOf, SessgenError } from "../../errors.js";
import { judgeCookie, parseSetCookie, type SetCookie } from "./judge-cookie.js";
import { type Outcome, problem, skipped } from "./outcome.js";

/** How long the application may take for an answer, in milliseconds. */
const DEADLINE = 10_000;
/** How far apart clocks may be; an answer's is in whole seconds. */
const SKEW = 5_000;

type CookieConfig = Pick<ResolvedConfig, "cookie" | "cookies">;

/** Asks the running application, and judges its session cookie as a browser would. */
export async function lookAtCookie(
  config: CookieConfig,
  backend: Pick<Backend, "cookiesOnly">,
  address: string | undefined,
): Promise<Outcome> {
  if (address === undefined) return skipped("Name the running application by --url to look at its cookie");
  const url = urlOf(address);
  const first = await ask(url);
  if (first.status >= 500)
    return problem("doctor/answer-failed", `${url.origin}${url.pathname} answers ${first.status}`);
  const names = namesOf(config);
  const cookie = cookieIn(first, names);
  const clock = skewOf(first);
  if (cookie === undefined) {
    const location = first.headers.get("location");
    const target = location === null ? "" : `, and sends browsers to ${new URL(location, url).origin}`;
    const none = problem(
      "doctor/no-cookie",
      `${url.origin}${url.pathname} answers ${first.status} without a cookie ${names[0]}${target}`,
    );
    return { ...none, problems: [...(none.problems ?? []), ...clock] };
  }
  const problems = [...judgeCookie(cookie, url, first.headers), ...clock];
  // A session that is its cookie has another value each time.
  if (!backend.cookiesOnly) problems.push(...(await comeAgain(url, cookie, names)));
  return { summary: `${cookie.name} arrives, and comes back`, problems };
}

function urlOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new SessgenError("cli/usage", "--url takes an address such as http://localhost:3000/");
}

async function ask(url: URL, cookie?: SetCookie): Promise<Response> {
  const headers = cookie === undefined ? {} : { cookie: `${cookie.name}=${cookie.value}` };
  try {
    const signal = AbortSignal.timeout(DEADLINE);
    const answer = await fetch(url, { headers, redirect: "manual", signal });
    await answer.body?.cancel();
    return answer;
  } catch (cause) {
    const { code, message } = Object(Object(cause).cause ?? cause);
    const why = String(code ?? message);
    if (isOfCertificate(why))
      throw new SessgenError(
        "doctor/untrusted-certificate",
        `The certificate of ${url.origin} is not trusted: ${why}`,
        { cause },
      );
    throw new SessgenError("doctor/unreachable", `${url.origin} does not answer: ${why}`, { cause });
  }
}

/** Node calls them as OpenSSL does, and one by a name of its own. */
function isOfCertificate(code: string): boolean {
  return /^(?:ERR_TLS_CERT_\w+|CERT_\w+|UNABLE_TO_\w+|\w+_SELF_SIGNED_CERT|SELF_SIGNED_CERT_\w+)$/.test(code);
}

/** The names that the cookie may have: on a developer's machine it has no prefix. */
function namesOf({ cookie, cookies = {} }: CookieConfig): readonly string[] {
  const names = [cookie, ...Object.values(cookies)].map(({ name }) => name);
  return [...new Set([...names, ...names.map((name) => `dev-${name.replace(/^__(?:Host|Secure)-/, "")}`)])];
}

function cookieIn(answer: Response, names: readonly string[]): SetCookie | undefined {
  return answer.headers
    .getSetCookie()
    .map(parseSetCookie)
    .find(({ name, value }) => value !== "" && names.includes(name));
}

async function comeAgain(
  url: URL,
  cookie: SetCookie,
  names: readonly string[],
): Promise<readonly Envelope[]> {
  const another = cookieIn(await ask(url, cookie), names);
  return another === undefined || another.value === cookie.value
    ? []
    : [
        envelopeOf(
          "doctor/cookie-forgotten",
          `The cookie ${cookie.name} was sent back, and another one came`,
        ),
      ];
}

function skewOf({ headers }: Response): readonly Envelope[] {
  const skew = Math.abs(Date.parse(headers.get("date") ?? "") - Date.now());
  return skew > SKEW
    ? [
        envelopeOf(
          "doctor/clock-skew",
          `The clock of the answer is ${Math.round(skew / 1000)} s from this machine's`,
        ),
      ]
    : [];
}
