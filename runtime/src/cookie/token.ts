import { idPattern } from "../crypto/id.js";
import type { CookieReading } from "./cookie.js";
import { ISSUED_LENGTH, isRecent, issuedText } from "./issued.js";
import type { ResolvedCookie } from "./options.js";

/** What a token says about the session. */
export type TokenContent = Extract<CookieReading, { kind: "id" | "held" | "refused" }>;

/** What decides about tokens. */
export type TokenRules = Pick<ResolvedCookie, "signer" | "acceptUnsigned">;

/**
 * What stands behind the id of a signed token: when it was issued, and a signature of one of the
 * digests.
 */
const signaturePattern = /^[A-Za-z0-9_-]{49,92}$/;

/**
 * Finds the session id in a token: `id`, or `id.` with the time it was issued (6 characters) and
 * the signature of both. Never throws, whatever the token.
 *
 * @param name - the cookie's, or the transport's: part of what is signed
 * @param now - the current time in milliseconds
 */
export function readToken(token: string, name: string, rules: TokenRules, now: number): TokenContent {
  const dot = token.indexOf(".");
  const id = dot === -1 ? token : token.slice(0, dot);
  const signature = dot === -1 ? undefined : token.slice(dot + 1);
  if (!idPattern.test(id) || signature?.includes(".")) return { kind: "refused", reason: "malformed" };
  const { signer, acceptUnsigned = false } = rules;
  if (signature === undefined) {
    if (signer === undefined) return { kind: "id", id, stale: false };
    return acceptUnsigned ? { kind: "id", id, stale: true } : { kind: "refused", reason: "signature" };
  }
  const wellFormed = signaturePattern.test(signature);
  // Signed by a newer deploy that has secrets. Here an id counts without a signature, and so it
  // does with one.
  if (signer === undefined)
    return wellFormed ? { kind: "id", id, stale: false } : { kind: "refused", reason: "malformed" };
  const issued = signature.slice(0, ISSUED_LENGTH);
  const result = signer.verify(name, `${id}.${issued}`, signature.slice(ISSUED_LENGTH));
  if (result !== "invalid") return { kind: "id", id, stale: result === "stale" };
  return wellFormed && isRecent(issued, now)
    ? { kind: "held", reason: "signature" }
    : { kind: "refused", reason: "signature" };
}

/**
 * Finds the session id among several tokens that differ. One that is malformed, or not signed where
 * another one is, counts for nothing; where two count, one of them was planted, and nobody knows
 * which. Never throws.
 */
export function readTokens(
  tokens: readonly string[],
  name: string,
  rules: TokenRules,
  now: number,
): TokenContent {
  const [only, ...others] = tokens;
  if (only !== undefined && others.length === 0) return readToken(only, name, rules, now);
  const readings = tokens.map((token) => ({ token, ...readToken(token, name, rules, now) }));
  const found = readings.filter((reading) => reading.kind === "id");
  const signed = rules.signer === undefined ? [] : found.filter(({ token, id }) => token !== id);
  const ids = new Set((signed.length > 0 ? signed : found).map(({ id }) => id));
  const [id] = ids;
  if (id !== undefined && ids.size === 1) return { kind: "id", id, stale: true };
  if (id === undefined && readings.some(({ kind }) => kind === "held"))
    return { kind: "held", reason: "signature" };
  return { kind: "refused", reason: "ambiguous" };
}

/** Makes the token that names a session. */
export function tokenOf(id: string, name: string, { signer }: TokenRules, now: number): string {
  if (signer === undefined) return id;
  const issued = issuedText(now);
  return `${id}.${issued}${signer.sign(name, `${id}.${issued}`)}`;
}
