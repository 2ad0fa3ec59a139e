/**
 * Tells whether the value is an object with members: no list, map, set, date or bytes, which are
 * types of their own, and no promise that somebody forgot to await.
 */
export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Map) &&
    !(value instanceof Set) &&
    !(value instanceof Promise) &&
    !ArrayBuffer.isView(value)
  );
}
