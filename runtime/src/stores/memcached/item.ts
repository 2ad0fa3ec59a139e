import { createHash } from "node:crypto";

/**
 * What protocol.txt allows in a key, and nothing that {@link itemKey} makes of longer ones: 250
 * bytes without spaces and control characters. Bytes beyond ASCII are left out because clients and
 * proxies differ about them.
 */
const PLAIN = /^(?!sha256:)[\x21-\x7e]{0,250}$/;
const HASHED_LENGTH = "sha256:".length + 64;
const THIRTY_DAYS = 30 * 24 * 3600;

/**
 * Tells under which key a session is kept: as it is where memcached takes it, as its SHA-256 under
 * the prefix where not.
 */
export function itemKey(prefix: string, key: string): string {
  const plain = prefix + key;
  if (PLAIN.test(key) && PLAIN.test(plain) && plain !== "") return plain;
  const digest = createHash("sha256").update(plain).digest("hex");
  return PLAIN.test(prefix) && prefix.length + HASHED_LENGTH <= 250
    ? `${prefix}sha256:${digest}`
    : `sha256:${digest}`;
}

/**
 * Tells for how long memcached is to keep an item, in the form of protocol.txt: seconds up to 30
 * days, else seconds since the Unix epoch. The server's clock moves once a second, and later when
 * it is busy, so an item may go before its time: it gets two more.
 *
 * @param milliseconds - how long the session has left
 */
export function exptime(milliseconds: number): number {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000)) + 2;
  const value = seconds <= THIRTY_DAYS ? seconds : Math.ceil(Date.now() / 1000) + seconds;
  // Servers read a signed 32-bit number. 0 stands for no end, which the store then sees to alone.
  return value <= 0x7fff_ffff ? value : 0;
}
