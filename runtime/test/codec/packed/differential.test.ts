import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packValue } from "../../../src/codec/packed/pool.js";
import { PackedReader, UnreadableValue } from "../../../src/index.js";
import { samples } from "../support/arbitrary.js";
import { decoded, interpreted } from "../support/generic.js";
import { codecOf } from "../support/schema.js";

describe("a value of any schema", () => {
  it("is read as it was written", { tags: "slow" }, () => {
    fc.assert(
      fc.property(samples, ({ schema, value }) => {
        const codec = codecOf(schema);
        const bytes = packValue(codec, value);
        const reader = new PackedReader(bytes);
        const read = codec.read(reader);
        reader.end();
        deepStrictEqual(read, value);
        // One encoding each: changes are found by comparing bytes.
        expect(Buffer.compare(packValue(codec, read), bytes)).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("is the same to a decoder that knows nothing of ours", { tags: "slow" }, () => {
    fc.assert(
      fc.property(samples, ({ schema, value }) => {
        deepStrictEqual(interpreted(schema, decoded(packValue(codecOf(schema), value))), value);
      }),
      { numRuns: 2000 },
    );
  });

  it("damaged, is read or unreadable, and nothing else", { tags: "slow" }, () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 });
    fc.assert(
      fc.property(samples, damage, fc.nat(), ({ schema, value }, changes, cut) => {
        const codec = codecOf(schema);
        const bytes = packValue(codec, value).slice();
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        try {
          codec.read(new PackedReader(bytes.subarray(0, bytes.length - (cut % 3))));
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableValue);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
