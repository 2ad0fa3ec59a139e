import { describe, expect, it } from "vitest";
import { createSessions, type SessionsOptions } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { field } from "../support/field.js";
import { application, history, isString, Session, setup } from "../support/fixture.js";

/** Options that bring their own code, as somebody writes them who lets no compiler look. */
describe("an option that brings no code of its own", () => {
  it.each<[string, { given: object; want: string }]>([
    [
      "is no encryption",
      {
        given: { encryption: { secrets: ["a secret that is long enough, is it not?"] } },
        want: "`encryption` is to be what `encryptWith(…)`",
      },
    ],
    [
      "is no binding",
      {
        given: { binding: { userAgent: true, onMismatch: "anonymous" } },
        want: "`binding` is to be what `bindTo(…)`",
      },
    ],
  ])("%s", (_, { given, want }) => {
    expect(() => setup(given as Partial<SessionsOptions>)).toThrow(
      expect.objectContaining({
        code: "session/invalid-part",
        message: expect.stringContaining(want),
      }),
    );
  });
});

describe("without what finds sessions", () => {
  const open = (index: object) =>
    createSessions<Session, { name: string }>({
      application,
      Session,
      fields: [field(0, "name", isString, index)],
      history,
      store: memoryStore(),
    });

  it("fields have no index: the sessions cannot even be made", () => {
    const indexes = [{ path: "name", name: "name", pick: () => "ada" }];
    expect(() => open({ indexes })).toThrow(
      expect.objectContaining({
        code: "session/invalid-part",
        message: expect.stringContaining("`lookup`"),
      }),
    );
  });

  it("each way to find them is refused", async () => {
    const sessions = open({});
    const by = ["name", "ada"] as const;
    const asked = [
      async () => {
        for await (const _ of sessions.findBy(...by));
      },
      () => sessions.list(...by),
      () => sessions.revoke("handle", { by }),
      () => sessions.destroyBy(...by),
      () => sessions.count(...by),
      () => sessions.indexState("name"),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: "session/no-lookup" });
  });
});
