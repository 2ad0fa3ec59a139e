import { describe, expect, it } from "vitest";
import { sessionId, shieldIds } from "../../src/live/session-id.js";

describe("what is copied from a browser", () => {
  it.each<[string, { given: string; want: string }]>([
    ["an id", { given: "x".repeat(43), want: "x".repeat(43) }],
    ["one of 16 bytes", { given: "x".repeat(22), want: "x".repeat(22) }],
    ["one of 64 bytes", { given: "x".repeat(86), want: "x".repeat(86) }],
    ["a signed cookie", { given: `__Host-session=${"x".repeat(43)}.sig; Path=/`, want: "x".repeat(43) }],
  ])("%s", (_name, { given, want }) => {
    expect(sessionId(given)).toBe(want);
  });

  it("is no id when it is too short", () => {
    expect(() => sessionId("x".repeat(21))).toThrow(expect.objectContaining({ code: "inspect/invalid-id" }));
  });
});

describe("what begins with a dash is no option", () => {
  const id = `-${"x".repeat(42)}`;
  const key = `-abcdefg.${"x".repeat(43)}`;
  it.each<[string, { given: string[]; want: string[] }]>([
    ["an id", { given: ["inspect", id], want: ["inspect", `=${id}`] }],
    ["a key", { given: ["revoke", "--key", key], want: ["revoke", `--key=${key}`] }],
    ["but an option is", { given: ["inspect", "--quarantined"], want: ["inspect", "--quarantined"] }],
    ["nor anything elsewhere", { given: ["check", id], want: ["check", id] }],
  ])("%s", (_name, { given, want }) => {
    expect(shieldIds(given)).toEqual(want);
  });
});
