import type { Random } from "./random.js";

/**
 * Bytes that mean something to a decoder: headers with lengths that are lies, markers, edges of
 * numbers.
 */
const telling = [
  "ddffffffff",
  "dfffffffff",
  "dbffffffff",
  "c6ffffffff",
  "c9ffffffff",
  "dcffff",
  "deffff",
  "c1",
  "c0",
  "d40000",
  "d6ff00000000",
  "d57200",
  "d4724092a161a162",
  "d66200000005",
  "c70274ff",
  "cf7fffffffffffffff",
  "d38000000000000000",
  "cb7ff8000000000000",
  "cb7ff0000000000000",
  "a95f5f70726f746f5f5f",
  "eda080",
  "ff",
  "00",
  "7b",
  "91",
  "81",
].map((hex) => Buffer.from(hex, "hex"));

/**
 * Changes bytes here and there: flips, cuts, repeats, splices of `other`, and {@link telling} ones
 * in between.
 */
export function mutated(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let result = Buffer.from(bytes);
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const at = random.below(result.length + 1);
    const [before, after] = [result.subarray(0, at), result.subarray(at)];
    switch (random.below(8)) {
      case 0:
      case 1:
        if (at < result.length) result[at] = (result[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 2:
        if (at < result.length) result[at] = random.below(256);
        break;
      case 3:
        result = Buffer.from(before);
        break;
      case 4:
        result = Buffer.concat([before, after.subarray(1 + random.below(8))]);
        break;
      case 5:
        result = Buffer.concat([before, after.subarray(0, random.below(64)), after]);
        break;
      case 6:
        result = Buffer.concat([before, other.subarray(random.below(other.length + 1))]);
        break;
      default:
        result = Buffer.concat([before, random.pick(telling), after.subarray(random.below(3))]);
    }
  }
  return result.subarray(0, 64 * 1024);
}

/**
 * Changes characters here and there, with those that mean something in a Cookie header or to
 * whoever logs it.
 */
export function mutatedText(random: Random, text: string): string {
  let result = text;
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const at = random.below(result.length + 1);
    const [before, after] = [result.slice(0, at), result.slice(at)];
    switch (random.below(6)) {
      case 0:
        result = before + after.slice(1 + random.below(4));
        break;
      case 1:
        result = before + String.fromCharCode(random.below(256)) + after.slice(1);
        break;
      case 2:
        result =
          before +
          random.pick([";", "=", "; ", ".", ",", '"', "%00", "\r\n", "\0", "\x85", "\xa0", "\u2028"]) +
          after;
        break;
      case 3:
        result = before;
        break;
      case 4:
        result = before + result;
        break;
      default:
        result = after + before;
    }
  }
  return result;
}
