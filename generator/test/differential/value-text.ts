/** An expression that makes the value. */
export function valueText(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value !== "object" || value === null)
    return value === undefined ? "undefined" : JSON.stringify(value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (Buffer.isBuffer(value)) return `Buffer.from([${value.join(", ")}])`;
  if (value instanceof Uint8Array) return `Uint8Array.of(${value.join(", ")})`;
  if (value instanceof Set) return `new Set([${[...value].map(valueText).join(", ")}])`;
  if (value instanceof Map) return `new Map([${[...value].map(valueText).join(", ")}])`;
  if (Array.isArray(value)) return `[${Array.from(value, valueText).join(", ")}]`;
  const members = Object.entries(value).map(([key, item]) => `[${JSON.stringify(key)}]: ${valueText(item)}`);
  return `({ ${members.join(", ")} })`;
}
