import { describe, expect, it } from "vitest";
import { createSessions, SessionError, storedIndexValues } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { fields, history, Session } from "../support/fixture.js";

/** What code gives that no compiler has seen. */
const nobody: readonly [string, { given: object }][] = [
  ["none", { given: {} }],
  ["an empty one", { given: { application: "" } }],
  ["one that is no text", { given: { application: 7 } }],
];

describe("without an application id", () => {
  it.each(nobody)("no sessions are made: %s", (_name, { given }) => {
    const store = memoryStore();
    for (const onStoreError of ["error", "null-session"] as const) {
      const options = { application: "", ...given, history, Session, fields, store, onStoreError };
      const make = (): unknown => createSessions<Session>(options);
      expect(make).toThrow(SessionError);
      expect(make).toThrow(expect.objectContaining({ code: "session/no-application" }));
    }
  });

  it.each(nobody)("no tool reads any: %s", (_name, { given }) => {
    const options = { application: "", ...given, history, fields };
    expect(() => storedIndexValues(options)).toThrow(
      expect.objectContaining({ code: "session/no-application" }),
    );
  });
});
