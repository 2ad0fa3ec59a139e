import { describe, expect, it } from "vitest";
import type { SessionRecord } from "../../../src/codec/record/record.js";
import { type RuntimeErrorCode, runtimeErrors, SessionError } from "../../../src/index.js";
import { marked } from "../../../src/session/lifecycle/marks.js";
import { judge, outcomeOf } from "../../../src/session/lifecycle/outcome.js";

const MINUTE = 60_000;

describe("an error of the store", () => {
  it.each([
    ["store/timeout", "unclear"],
    ["store/unavailable", "unclear"],
    ["store/too-large", "refused"],
    ["store/full", "refused"],
    ["store/denied", "refused"],
    ["store/closed", "refused"],
    ["store/missing-driver", "refused"],
    ["store/not-migrated", "refused"],
    ["store/read-only", "refused"],
    ["store/locked", "refused"],
  ] as const)("%s means %s", (code, want) => {
    expect(outcomeOf(new SessionError(code, "given"))).toBe(want);
  });

  it("is unclear of two codes, and so is what nobody knows", () => {
    const codes = Object.keys(runtimeErrors) as RuntimeErrorCode[];
    const unclear = codes.filter((code) => outcomeOf(new SessionError(code, "given")) === "unclear");
    expect(unclear).toEqual(["store/timeout", "store/unavailable"]);
    expect(outcomeOf(new Error("socket hang up"))).toBe("unclear");
  });
});

describe("an unclear write", () => {
  const attempts = [
    { mark: 1, changes: [] },
    { mark: 2, changes: [] },
  ];
  const found = (version: string, marks: number[], trace?: SessionRecord["trace"]) => ({
    version,
    record: { createdAt: 0, permanent: false, fields: new Map(), marks, ...(trace && { trace }) },
  });
  const base = found("v1", [9]);
  it.each<[string, { given: Parameters<typeof judge>; want: ReturnType<typeof judge> }]>([
    [
      "my mark is the newest",
      {
        given: [base, attempts, found("v2", [2, 9])],
        want: { is: "done", attempt: { mark: 2, changes: [] } },
      },
    ],
    [
      "my mark is among the others",
      {
        given: [base, attempts, found("v4", [7, 6, 1])],
        want: { is: "done", attempt: { mark: 1, changes: [] } },
      },
    ],
    ["what I expected is still there", { given: [base, attempts, found("v1", [9])], want: { is: "open" } }],
    [
      "all who wrote since have left a mark",
      { given: [base, attempts, found("v3", [7, 9])], want: { is: "not-done" } },
    ],
    [
      "more have written than there are marks",
      { given: [base, attempts, found("v7", [8, 7, 6, 5])], want: { is: "unknown" } },
    ],
    [
      "somebody has written who leaves none",
      { given: [base, attempts, found("v2", [])], want: { is: "unknown" } },
    ],
    [
      "the session has moved",
      { given: [base, attempts, found("v2", [5], "moved")], want: { is: "ended", trace: "moved" } },
    ],
    ["nothing is there", { given: [base, attempts, undefined], want: { is: "ended", trace: undefined } }],
    ["nothing is there, as I expected", { given: [undefined, attempts, undefined], want: { is: "open" } }],
  ])("%s", (_name, { given, want }) => {
    expect(judge(...given)).toEqual(want);
  });
});

describe("marks", () => {
  const lifetimes = {
    idle: 30 * MINUTE,
    absolute: 720 * MINUTE,
    permanent: { idle: 1000 * MINUTE, absolute: 9000 * MINUTE },
  };
  const record = { createdAt: 0, permanent: false, fields: new Map() };
  const written = (ago: number, marks: number[]) => ({
    record: { ...record, marks },
    expiresAt: 60 * MINUTE - ago + lifetimes.idle,
  });
  it.each<[string, { given: ReturnType<typeof written> | undefined; want: number[] }]>([
    ["of a session that begins: one", { given: undefined, want: [1] }],
    ["of a busy session: those before, too", { given: written(0, [2, 3]), want: [1, 2, 3] }],
    ["never more than four", { given: written(0, [2, 3, 4, 5]), want: [1, 2, 3, 4] }],
    ["of a session that was at rest for a minute: one", { given: written(MINUTE, [2, 3]), want: [1] }],
  ])("%s", (_name, { given, want }) => {
    expect(marked(record, 1, given, lifetimes, 60 * MINUTE).marks).toEqual(want);
  });
});
