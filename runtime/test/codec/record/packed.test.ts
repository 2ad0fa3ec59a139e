import fc from "fast-check";
import { pack } from "msgpackr";
import { describe, expect, it } from "vitest";
import { roundCreatedAt } from "../../../src/codec/record/record.js";
import { UnreadableValue } from "../../../src/codec/unreadable.js";
import { decodeRecord, encodeRecord, type Format, type SessionRecord } from "../../../src/index.js";
import { fields, start } from "../../session/support/fixture.js";
import { serializerOf } from "../serializer-of.js";

const one = Uint8Array.of(1);
const slots = (...numbers: number[]) => new Map(numbers.map((slot) => [slot, one]));
const base: SessionRecord = { createdAt: 5000, permanent: false, fields: new Map() };

describe("the packed envelope, byte for byte", () => {
  it.each<[string, { given: Partial<SessionRecord>; want: number[] }]>([
    ["nothing", { given: {}, want: [0x93, 2, 0, 5] }],
    [
      "an instant of today: 5 bytes",
      { given: { createdAt: start }, want: [0x93, 2, 0, 0xce, 0x69, 0x55, 0xb9, 0] },
    ],
    ["part of a second is left out", { given: { createdAt: 5999.5 }, want: [0x93, 2, 0, 5] }],
    ["permanent", { given: { permanent: true }, want: [0x93, 2, 1, 5] }],
    ["an epoch", { given: { epoch: 0xfedcba98 }, want: [0x94, 2, 2, 5, 0xce, 0xfe, 0xdc, 0xba, 0x98] }],
    ["a mark", { given: { marks: [0xfedcba98] }, want: [0x94, 2, 4, 5, 0xc4, 4, 0xfe, 0xdc, 0xba, 0x98] }],
    [
      "marks beyond the fourth are left out",
      {
        given: { marks: [1, 2, 3, 4, 5] },
        want: [0x94, 2, 4, 5, 0xc4, 16, ...[1, 2, 3, 4].flatMap((mark) => [0, 0, 0, mark])],
      },
    ],
    [
      "the first slots, without a bitmap",
      { given: { fields: slots(0, 1, 2) }, want: [0x96, 2, 0, 5, 1, 1, 1] },
    ],
    ["slots with a gap", { given: { fields: slots(0, 2) }, want: [0x96, 2, 16, 5, 5, 1, 1] }],
    ["slots without the first", { given: { fields: slots(1) }, want: [0x95, 2, 16, 5, 2, 1] }],
    [
      "keys outside the schema",
      { given: { unknown: { a: 1 } }, want: [0x94, 2, 32, 5, 0x81, 0xa1, 0x61, 1] },
    ],
    ["extras", { given: { more: new Map([["a", one]]) }, want: [0x94, 2, 64, 5, 0x81, 0xa1, 0x61, 1] }],
    ["moved", { given: { trace: "moved" }, want: [0x93, 2, 0xcd, 1, 0, 5] }],
    ["ended", { given: { trace: "ended" }, want: [0x93, 2, 0xcd, 2, 0, 5] }],
  ])("%s", (_name, { given, want }) => {
    expect([...encodeRecord({ ...base, ...given }, fields, "packed")]).toEqual(want);
  });
});

it("has a bitmap exactly where it takes one", () => {
  const some = fc.uniqueArray(fc.nat({ max: 40 }), { maxLength: 41 });
  fc.assert(
    fc.property(
      fc.oneof(
        some,
        fc.nat({ max: 40 }).map((n) => [...Array(n).keys()]),
      ),
      (numbers) => {
        const record = { ...base, fields: slots(...numbers) };
        const read = decodeRecord(encodeRecord(record, fields, "packed"), fields, { now: start });
        expect([...read.fields.keys()]).toEqual([...numbers].sort((a, b) => a - b));
      },
    ),
  );
});

describe.each<Format>(["packed", "msgpack", "json"])("a trace, where sessions are %s", (format) => {
  it.each(["moved", "ended"] as const)("%s: keeps nothing of the session but who has left it", (trace) => {
    const session = { ...base, permanent: true, fields: slots(0), unknown: { a: 1 }, epoch: 1, marks: [1] };
    const payload = encodeRecord({ ...session, trace }, fields, serializerOf(format));
    expect(payload.length).toBeLessThan(18);
    expect(decodeRecord(payload, fields, { now: start })).toEqual({ ...base, trace, marks: [1] });
    const { marks: _, ...unmarked } = session;
    const without = encodeRecord({ ...unmarked, trace }, fields, serializerOf(format));
    expect(without.length).toBeLessThan(12);
    expect(decodeRecord(without, fields, { now: start })).toEqual({ ...base, trace });
  });
});

it("an instant stays what it is once it was rounded", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e13, max: 1e13 }).map((tenths) => tenths / 10),
      (instant) => {
        const rounded = roundCreatedAt(instant);
        expect(roundCreatedAt(rounded)).toBe(rounded);
        expect(instant - rounded).toBeGreaterThanOrEqual(0);
        expect(instant - rounded).toBeLessThan(1000);
      },
    ),
  );
});

describe("is unreadable, and nothing worse:", () => {
  it.each<[string, { given: unknown[]; want: string }]>([
    ["the revision before this one", { given: [1, 1, 0, 0], want: "a known revision" }],
    ["a compressed session", { given: [2, 128, 0], want: "a session that is not compressed" }],
    ["a flag of the future", { given: [2, 1024, 0], want: "known flags" }],
    ["a trace with a field", { given: [2, 256, 0, 1], want: "a trace" }],
    ["a trace of both kinds", { given: [2, 768, 0], want: "a trace" }],
    ["an instant without a date", { given: [2, 0, 2n ** 53n - 1n], want: "an instant" }],
    ["an epoch of 33 bits", { given: [2, 2, 0, 2n ** 32n], want: "a number of 32 bits" }],
    ["half a mark", { given: [2, 4, 0, Buffer.alloc(6)], want: "marks of commits" }],
    ["five marks", { given: [2, 4, 0, Buffer.alloc(20)], want: "marks of commits" }],
    ["a bitmap of more than there is", { given: [2, 16, 0, 3, 1], want: "a session" }],
    ["a bitmap of less than there is", { given: [2, 16, 0, 1, 1, 1], want: "a session" }],
    ["an announced bitmap that is not there", { given: [2, 16, 0], want: "a session" }],
  ])("%s", (_name, { given, want }) => {
    const decode = () => decodeRecord(Uint8Array.from(pack(given)), fields, { now: start });
    expect(decode).toThrow(UnreadableValue);
    expect(decode).toThrow(want);
  });
});
