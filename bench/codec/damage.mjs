// `node damage.mjs WORK`: damages each session in every way of one byte, and compares what one
// function makes of it with what sessgen does. In a process of its own: V8 remembers of code what
// it was once given.
import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { oneFunction } from "./one-function.mjs";
import { ourselves } from "./ours.mjs";
import { sessions } from "./sessions.mjs";

const [work] = process.argv.slice(2);
for (const [index, session] of sessions.entries()) {
  const { encode, decode, object } = await ourselves(session, join(work, `dist/${index}/session`));
  const encoded = Buffer.from(encode());
  const ours = (bytes) => object(decode(bytes));
  const one = oneFunction(session, encoded, ours);
  for (const bytes of damaged(encoded))
    deepStrictEqual(outcome(one, bytes), outcome(ours, bytes), `${session.name}, ${bytes.toString("hex")}`);
}

/** Cut short at each byte; and each bit of each turned. */
function* damaged(encoded) {
  for (let at = 0; at < encoded.length; at += 1) {
    yield encoded.subarray(0, at);
    for (let bit = 1; bit < 256; bit *= 2) {
      const bytes = Buffer.from(encoded);
      bytes[at] ^= bit;
      yield bytes;
    }
  }
}

function outcome(decode, bytes) {
  try {
    const { createdAt: _, permanent: __, ...fields } = decode(bytes);
    return fields;
  } catch (error) {
    return error.constructor.name;
  }
}
