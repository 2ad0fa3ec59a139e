import { createHash, timingSafeEqual } from "node:crypto";

/** The part of a session that tokens are made from. */
interface Identified {
  readonly $id: string | undefined;
  $persist(): void;
}

/**
 * Gives the token that pages of this session send along when they change something. It is made from
 * the session's id: a new id, as at login, is a new token.
 */
export function csrfToken(session: Identified): string {
  // A session that is not stored would have another id at the next request.
  session.$persist();
  return tokenOf(session.$id ?? "");
}

/** Whether a request that changes something came from a page of this session. */
export function isCsrfToken({ $id }: Identified, token: unknown): boolean {
  if ($id === undefined) return false;
  const [given, wanted] = [Buffer.from(String(token)), Buffer.from(tokenOf($id))];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function tokenOf(id: string): string {
  return createHash("sha256").update(`csrf\0${id}`).digest("base64url");
}
