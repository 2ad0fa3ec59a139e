import { expect, it } from "vitest";
import { beginningOf } from "../../../src/codec/record/beginning.js";
import { UnreadableValue } from "../../../src/codec/unreadable.js";
import { decodeRecord, encodeRecord } from "../../../src/index.js";
import { fields } from "../../session/support/fixture.js";
import { whole } from "../whole.js";

const json = (createdAt: unknown): Buffer => Buffer.from(JSON.stringify({ $createdAt: createdAt }));

it.each<[string, { given: number; want: number | undefined }]>([
  ["the epoch", { given: 0, want: 0 }],
  ["within a second", { given: 1999, want: 1000 }],
  ["the last moment of a Date", { given: 8.64e15, want: 8.64e15 }],
  ["the first moment of a Date", { given: -8.64e15, want: -8.64e15 }],
  ["after the last", { given: 8.64e15 + 1000, want: undefined }],
  ["before the first", { given: -8.64e15 - 1, want: undefined }],
  ["no number", { given: Number.NaN, want: undefined }],
])("a session that began at %s", (_name, { given, want }) => {
  if (want === undefined) {
    expect(() => beginningOf(given)).toThrow(UnreadableValue);
    expect(() => decodeRecord(json(given), fields, { now: 0 })).toThrow(UnreadableValue);
    return;
  }
  expect(beginningOf(given)).toBe(want);
  const record = decodeRecord(json(given), fields, { now: 0 });
  expect(record.createdAt).toBe(want);
  // What could be read once can be read for good, whatever it is written in.
  for (const format of ["packed", "json"] as const)
    expect(whole(decodeRecord(encodeRecord(record, fields, format), fields, { now: 0 }))).toEqual(record);
});
