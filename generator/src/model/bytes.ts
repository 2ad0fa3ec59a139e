/** Tells whether what asks for a class asks for bytes: a `Buffer` is a `Uint8Array`, too. */
export function acceptsOnlyBytes(accepts: (value: unknown) => boolean): boolean {
  const others = [{}, [], [1], { length: 1 }, "", "a", 0, 1, true, null, new Date(0)];
  return accepts(Buffer.from([1])) && !others.some(accepts);
}
