import { idPattern } from "../crypto/id.js";
import type { Signer } from "../crypto/signature.js";

/** What a token says about the session. */
export type TokenContent =
  | { readonly kind: "id"; readonly id: string; readonly stale: boolean }
  | { readonly kind: "refused"; readonly reason: "malformed" | "signature" };

/**
 * Finds the session id in a token: `id`, or `id.signature`. Never throws, whatever the token.
 * @param name - the cookie's, or the transport's: part of what is signed
 */
export function readToken(token: string, name: string, signer: Signer | undefined): TokenContent {
  if (signer === undefined) {
    return idPattern.test(token)
      ? { kind: "id", id: token, stale: false }
      : { kind: "refused", reason: "malformed" };
  }
  const [id = "", signature, ...rest] = token.split(".");
  if (!idPattern.test(id) || rest.length > 0) return { kind: "refused", reason: "malformed" };
  const result = signer.verify(name, id, signature ?? "");
  if (result === "invalid") return { kind: "refused", reason: "signature" };
  return { kind: "id", id, stale: result === "stale" };
}

/** The token that names a session. */
export function tokenOf(id: string, name: string, signer: Signer | undefined): string {
  return signer === undefined ? id : `${id}.${signer.sign(name, id)}`;
}
