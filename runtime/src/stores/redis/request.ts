import type { Expectation } from "../store.js";

/** Length of what precedes the body: now (8), what is expected (1), of what version (8). */
const HEADER = 17;

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
export function encodeRequest(
  now: number,
  expect: Expectation,
  body?: Uint8Array,
  { keepsTerms = false }: { readonly keepsTerms?: boolean } = {},
): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER + (body?.length ?? 0));
  bytes.writeDoubleBE(now);
  bytes.fill(0, 8, HEADER);
  if (expect === "any" || expect === "absent") {
    bytes[8] = expected[expect];
  } else {
    bytes[8] = expected.version;
    bytes.write(expect, 9, 8, "hex");
  }
  if (keepsTerms) bytes[8] = (bytes[8] ?? 0) + KEEP;
  if (body !== undefined) bytes.set(body, HEADER);
  return bytes;
}

/** In a script: the parts of a request, which is its first argument. */
export const requestParts: string = `
local now = struct.unpack(">d", ARGV[1])
local expected = string.byte(ARGV[1], 9)
local keeps = expected >= ${KEEP}
if keeps then expected = expected - ${KEEP} end
local version = string.sub(ARGV[1], 10, ${HEADER})
local body = string.sub(ARGV[1], ${HEADER + 1})
local ANY, ABSENT = ${expected.any}, ${expected.absent}
`;
