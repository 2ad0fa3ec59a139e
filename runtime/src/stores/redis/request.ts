import type { Expectation } from "../store.js";

/** Length of what precedes the body: now (8), what is expected (1), of what version (8). */
export const REQUEST_HEADER = 17;

/** What has to be stored for an operation to be done. */
const expected = { any: 0, absent: 1, version: 2 } as const;

/** Added to what is expected: the session stays found by what it is found by. */
const KEEP = 4;

/**
 * Encodes all that a script is told, as one argument, since drivers charge by the argument:
 * `[now: float64, big-endian][expected: 1 byte][version: 8 bytes][body]`. {@link requestParts} is
 * what takes it apart.
 *
 * @param now - in milliseconds since the Unix epoch
 */
export function encodeRequest(now: number, expect: Expectation, body?: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(REQUEST_HEADER + (body?.length ?? 0));
  if (body !== undefined) bytes.set(body, REQUEST_HEADER);
  return completeRequest(bytes, now, expect);
}

/**
 * Does the same where the body stands in its place already.
 * @param bytes - {@link REQUEST_HEADER} bytes of anything, and the body
 * @returns the same bytes
 */
export function completeRequest(
  bytes: Buffer,
  now: number,
  expect: Expectation,
  { keepsTerms = false }: { readonly keepsTerms?: boolean } = {},
): Buffer {
  const isVersion = expect !== "any" && expect !== "absent";
  bytes.writeDoubleBE(now);
  bytes[8] = expected[isVersion ? "version" : expect] + (keepsTerms ? KEEP : 0);
  bytes.fill(0, 9, REQUEST_HEADER);
  if (isVersion) bytes.write(expect, 9, 8, "hex");
  return bytes;
}

/** In a script: the parts of a request, which is its first argument. */
export const requestParts: string = `
local now = struct.unpack(">d", ARGV[1])
local expected = string.byte(ARGV[1], 9)
local keeps = expected >= ${KEEP}
if keeps then expected = expected - ${KEEP} end
local version = string.sub(ARGV[1], 10, ${REQUEST_HEADER})
local body = string.sub(ARGV[1], ${REQUEST_HEADER + 1})
local ANY, ABSENT = ${expected.any}, ${expected.absent}
`;
