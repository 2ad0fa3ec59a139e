import type { RedisArgument } from "./connection.js";

/**
 * Gives a command as it goes over the wire (RESP), in one piece: as text, or as bytes where an
 * argument is bytes. `undefined` for one with several of those.
 */
export function commandBytes(name: string, args: readonly RedisArgument[]): string | Buffer | undefined {
  let before = `*${args.length + 1}\r\n$${name.length}\r\n${name}\r\n`;
  let bytes: Buffer | undefined;
  let after = "";
  /** By how much all texts are longer in bytes than in characters. */
  let longer = 0;
  for (const arg of args) {
    if (typeof arg !== "string") {
      if (bytes !== undefined) return undefined;
      bytes = arg;
      before += `$${arg.length}\r\n`;
      after = "\r\n";
      continue;
    }
    const length = Buffer.byteLength(arg);
    longer += length - arg.length;
    if (bytes === undefined) before += `$${length}\r\n${arg}\r\n`;
    else after += `$${length}\r\n${arg}\r\n`;
  }
  if (bytes === undefined) return before;
  const whole = Buffer.allocUnsafe(before.length + bytes.length + after.length + longer);
  const begin = whole.write(before);
  whole.set(bytes, begin);
  whole.write(after, begin + bytes.length);
  return whole;
}
