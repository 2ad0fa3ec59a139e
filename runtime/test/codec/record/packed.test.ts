import fc from "fast-check";
import { pack } from "msgpackr";
import { describe, expect, it } from "vitest";
import { roundCreatedAt } from "../../../src/codec/record/record.js";
import { UnreadableValue } from "../../../src/codec/unreadable.js";
import { decodeRecord, encodeRecord, type Format, type SessionRecord } from "../../../src/index.js";
import { fields, start } from "../../session/support/fixture.js";
import { serializerOf } from "../serializer-of.js";
import { whole } from "../whole.js";

const one = Uint8Array.of(1);
const slots = (...numbers: number[]) => new Map(numbers.map((slot) => [slot, one]));
const base: SessionRecord = { createdAt: 5000, permanent: false, fields: new Map() };

/** What the head of a session begins with that began five seconds after the epoch. */
const five = [0, 0, 0, 5];

describe("the packed envelope, byte for byte", () => {
  it.each<[string, { given: Partial<SessionRecord>; want: number[] }]>([
    ["nothing", { given: {}, want: [0x91, 0xc4, 5, 0x60, ...five] }],
    [
      "an instant of today",
      { given: { createdAt: start }, want: [0x91, 0xc4, 5, 0x60, 0x69, 0x55, 0xb9, 0] },
    ],
    ["part of a second is left out", { given: { createdAt: 5999.5 }, want: [0x91, 0xc4, 5, 0x60, ...five] }],
    [
      "before 1970: a float",
      {
        given: { createdAt: -2000 },
        want: [0x91, 0xc4, 10, 0x70, 0x40, 0xc0, 0, 0, 0, 0, 0, 0, 0],
      },
    ],
    ["permanent", { given: { permanent: true }, want: [0x91, 0xc4, 5, 0x61, ...five] }],
    [
      "an epoch",
      { given: { epoch: 0xfedcba98 }, want: [0x91, 0xc4, 9, 0x68, ...five, 0xfe, 0xdc, 0xba, 0x98] },
    ],
    [
      "a mark",
      { given: { marks: [0xfedcba98] }, want: [0x91, 0xc4, 9, 0x62, ...five, 0xfe, 0xdc, 0xba, 0x98] },
    ],
    [
      "marks beyond the fourth are left out",
      {
        given: { marks: [1, 2, 3, 4, 5] },
        want: [0x91, 0xc4, 22, 0x72, 3, ...five, ...[1, 2, 3, 4].flatMap((mark) => [0, 0, 0, mark])],
      },
    ],
    [
      "the first slots, without bits",
      { given: { fields: slots(0, 1, 2) }, want: [0x94, 0xc4, 5, 0x60, ...five, 1, 1, 1] },
    ],
    ["slots with a gap", { given: { fields: slots(0, 2) }, want: [0x93, 0xc4, 6, 0x60, ...five, 5, 1, 1] }],
    ["slots without the first", { given: { fields: slots(1) }, want: [0x92, 0xc4, 6, 0x60, ...five, 2, 1] }],
    [
      "slots of the second byte",
      { given: { fields: slots(9) }, want: [0x92, 0xc4, 7, 0x60, ...five, 0, 2, 1] },
    ],
    [
      "keys outside the schema",
      { given: { unknown: { a: 1 } }, want: [0x92, 0xc4, 6, 0x70, 4, ...five, 0x81, 0xa1, 0x61, 1] },
    ],
    [
      "extras",
      {
        given: { more: new Map([["a", one]]) },
        want: [0x92, 0xc4, 6, 0x70, 8, ...five, 0x81, 0xa1, 0x61, 1],
      },
    ],
    ["moved", { given: { trace: "moved" }, want: [0x91, 0xc4, 6, 0x70, 16, ...five] }],
    ["ended", { given: { trace: "ended" }, want: [0x91, 0xc4, 6, 0x70, 32, ...five] }],
  ])("%s", (_name, { given, want }) => {
    expect([...encodeRecord({ ...base, ...given }, fields, "packed")]).toEqual(want);
  });
});

it("says which slots are present, however many", () => {
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
    expect(whole(decodeRecord(payload, fields, { now: start }))).toEqual({ ...base, trace, marks: [1] });
    const { marks: _, ...unmarked } = session;
    const without = encodeRecord({ ...unmarked, trace }, fields, serializerOf(format));
    expect(without.length).toBeLessThan(12);
    expect(whole(decodeRecord(without, fields, { now: start }))).toEqual({ ...base, trace });
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
  const head = (...bytes: number[]): Buffer => Buffer.of(...bytes);
  it.each<[string, { given: unknown[]; want: string }]>([
    ["the revision before this one", { given: [2, 0, 0], want: "bytes" }],
    ["the next one", { given: [head(0x80, ...five)], want: "a known revision" }],
    ["no head", { given: [], want: "bytes" }],
    ["an empty head", { given: [head()], want: "a known revision" }],
    ["a flag of the future", { given: [head(0x70, 128, ...five)], want: "known flags" }],
    ["flags that say nothing", { given: [head(0x70, 0, ...five)], want: "known flags" }],
    ["a trace with a field", { given: [head(0x70, 16, ...five), 1], want: "a trace" }],
    ["a trace of both kinds", { given: [head(0x70, 48, ...five)], want: "a trace" }],
    ["a trace with slots", { given: [head(0x70, 16, ...five, 1)], want: "a trace" }],
    ["a permanent trace", { given: [head(0x71, 16, ...five)], want: "a trace" }],
    [
      "an instant without a date",
      { given: [head(0x70, 64, 0x43, 0x3f, 255, 255, 255, 255, 255, 255)], want: "an instant" },
    ],
    ["no instant", { given: [head(0x60, 0, 0)], want: "the head of a session" }],
    ["half an epoch", { given: [head(0x68, ...five, 1, 2)], want: "the head of a session" }],
    ["half a mark", { given: [head(0x62, ...five, 1, 2)], want: "the head of a session" }],
    ["marks behind none", { given: [head(0x70, 1, ...five)], want: "marks of commits" }],
    ["half a history", { given: [head(0x64, ...five, 1, 1, 9)], want: "the head of a session" }],
    ["a history of no generation", { given: [head(0x64, ...five, 0, 1)], want: "a mark" }],
    ["more slots than there are values", { given: [head(0x60, ...five, 3), 1], want: "a session" }],
    ["fewer slots than there are values", { given: [head(0x60, ...five, 1), 1, 1], want: "a session" }],
    ["announced keys that are not there", { given: [head(0x70, 12, ...five)], want: "a session" }],
  ])("%s", (_name, { given, want }) => {
    const decode = () => decodeRecord(Uint8Array.from(pack(given)), fields, { now: start });
    expect(decode).toThrow(UnreadableValue);
    expect(decode).toThrow(want);
  });
});
