import type { RedisArgument } from "./connection.js";

/**
 * Gives a command as it goes over the wire (RESP): as text, or as bytes where an argument is bytes,
 * in one piece either way.
 */
export function commandBytes(name: string, args: readonly RedisArgument[]): string | Buffer {
  return encoded(`*${args.length + 1}\r\n$${name.length}\r\n${name}\r\n`, args, 0);
}

/** @param text - what stands before the first of the arguments that are left */
function encoded(text: string, args: readonly RedisArgument[], from: number): string | Buffer {
  let before = text;
  for (let index = from; index < args.length; index += 1) {
    const arg = args[index] as RedisArgument;
    if (typeof arg !== "string") {
      return joined(`${before}$${arg.length}\r\n`, arg, encoded("\r\n", args, index + 1));
    }
    before += `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`;
  }
  return before;
}

function joined(before: string, arg: Buffer, after: string | Buffer): Buffer {
  const begin = Buffer.byteLength(before);
  const end = begin + arg.length;
  const bytes = Buffer.allocUnsafe(end + Buffer.byteLength(after));
  bytes.write(before);
  bytes.set(arg, begin);
  if (typeof after === "string") bytes.write(after, end);
  else bytes.set(after, end);
  return bytes;
}
