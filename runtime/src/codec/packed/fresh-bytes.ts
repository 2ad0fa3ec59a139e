/**
 * Gives bytes that are written before anybody reads them: where that can be, nobody clears them
 * first.
 */
export function freshBytes(length: number): Uint8Array {
  return typeof Buffer === "undefined"
    ? new Uint8Array(length)
    : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}
