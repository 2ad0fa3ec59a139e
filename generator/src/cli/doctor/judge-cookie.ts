import { type Envelope, envelopeOf } from "../../errors.js";

/** A cookie as an answer sets it. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** By their names in lower case; those without a value are "". */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Reads the text of a Set-Cookie header. */
export function parseSetCookie(text: string): SetCookie {
  const [pair = "", ...rest] = text.split(";").map((part) => part.trim());
  const attributes = new Map(
    rest.map((part) => {
      const [name = "", value = ""] = splitOnce(part);
      return [name.toLowerCase(), value] as const;
    }),
  );
  const [name = "", value = ""] = splitOnce(pair);
  return { name, value, attributes };
}

function splitOnce(text: string): readonly string[] {
  const at = text.indexOf("=");
  return at < 0 ? [text] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/**
 * Judges a session cookie as browsers would, coming from that address.
 * @param headers - of the answer that set it
 */
export function judgeCookie(
  { name, attributes }: SetCookie,
  url: URL,
  headers: Headers,
): readonly Envelope[] {
  const isSecure = attributes.has("secure");
  const sameSite = attributes.get("samesite")?.toLowerCase();
  const overTls = url.protocol === "https:";
  const found: Envelope[] = [];
  const dropped = (why: string): void => {
    found.push(envelopeOf("doctor/cookie-dropped", `Browsers drop the cookie ${name}: ${why}`));
  };
  if (isSecure && !overTls && !isLocal(url.hostname))
    dropped("it is Secure, and came over plain HTTP; ask over https, or let a proxy end TLS");
  if (overTls && !isSecure)
    found.push(envelopeOf("doctor/cookie-insecure", `The cookie ${name} came over TLS and is not Secure`));
  if (/^__(?:host|secure)-/i.test(name) && !isSecure) dropped("its name wants it to be Secure");
  if (/^__host-/i.test(name) && (attributes.get("path") !== "/" || attributes.get("domain")))
    dropped("its name wants Path=/ and no Domain");
  if (sameSite === "none" && !isSecure) dropped("SameSite=None wants it to be Secure");
  if (attributes.has("partitioned") && !isSecure) dropped("Partitioned wants it to be Secure");
  const domain = attributes.get("domain")?.replace(/^\./, "").toLowerCase();
  if (domain && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`))
    dropped(`its Domain ${domain} is not that of ${url.hostname}`);
  if (!attributes.has("httponly"))
    found.push(envelopeOf("doctor/cookie-weak", `Scripts can read the cookie ${name}: it is not HttpOnly`));
  if (sameSite === undefined)
    found.push(envelopeOf("doctor/cookie-weak", `The cookie ${name} has no SameSite`));
  if (!/\b(?:no-store|private|no-cache)\b/i.test(headers.get("cache-control") ?? ""))
    found.push(envelopeOf("doctor/cookie-cacheable", `Caches may keep the answer that sets ${name}`));
  return found;
}

/** Browsers trust this machine without TLS. */
function isLocal(host: string): boolean {
  return /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}
