/**
 * How long it may take, in milliseconds, until each node of an application knows a secret that one
 * of them signs with.
 */
const DEPLOY = 60 * 60_000;

/** How many characters say when a cookie was issued. */
export const ISSUED_LENGTH = 6;

/** Gives the time in whole seconds, in 6 characters of base64url. */
export function issuedText(milliseconds: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Math.floor(milliseconds / 1000) % 2 ** 32);
  return bytes.toString("base64url");
}

/**
 * Tells whether what nobody here can verify says that it was issued within the last hour: a node of
 * a newer deploy may have signed it, with a secret that this one does not know yet. What is older
 * is no such thing, and nobody need be locked out by it.
 */
export function isRecent(issued: string, now: number): boolean {
  const bytes = Buffer.from(issued, "base64url");
  if (bytes.length !== 4) return false;
  return Math.abs(now - bytes.readUInt32BE() * 1000) <= DEPLOY;
}
