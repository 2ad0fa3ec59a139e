import { describe, expect, it } from "vitest";
import { readOnly } from "../../../src/session/state/read-only.js";
import { setup } from "../support/fixture.js";

const read = async (name: string): Promise<unknown> =>
  Reflect.get(readOnly(await setup().sessions.open(new Headers())), name);

describe("of a session for reading", () => {
  it.each<[string, { given: string; want: unknown }]>([
    ["a field", { given: "visits", want: 0 }],
    ["what does not change it", { given: "$isNew", want: true }],
    ["what React looks for in all that it is handed", { given: "$$typeof", want: undefined }],
    ["what Next.js looks for in arguments of cached functions", { given: "$$isPage", want: undefined }],
  ])("%s is read", async (_name, { given, want }) => {
    expect(await read(given)).toBe(want);
  });

  it("what would change it is refused", async () => {
    await expect(read("$destroy")).rejects.toMatchObject({ code: "session/read-only" });
  });
});
