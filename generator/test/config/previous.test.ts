import { describe, expect, it } from "vitest";
import { config, project } from "../support/project.js";
import { ada, idOf, sqlite, stored } from "../support/stored.js";

const schema =
  "user: z.object({ id: z.int(), name: z.string() }).optional(), token: z.string().optional(), visits: z.int().default(0)";

describe("previous", () => {
  it("has sessions go on after another realm, and commands find them", async () => {
    const user = await stored(sqlite);
    const cookie = user.begin(ada);
    const rest = `fields: { "user.id": { index: true } }, backend: ${sqlite.code}, realm: "eu", previous: [{ realm: "" }]`;
    user.write({ "session.config.ts": config(schema, rest) });
    expect(await user.sessgen("generate")).toMatchObject({ code: 0, err: "" });
    const counted = async () =>
      JSON.parse((await user.sessgen("inspect", "--by", "user.id=42", "--json")).out).count;
    expect(await counted()).toBe(1);
    expect((await user.sessgen("inspect", idOf(cookie))).out).toContain("Ada");
    expect(
      user.app(`const session = await sessions.open("${cookie}");
session.visits += 1;
await session.$commit();
result = (await sessions.open("${cookie}")).visits;`),
    ).toBe(4);
    expect(await counted()).toBe(1);
    expect((await user.sessgen("inspect", idOf(cookie))).out).toContain("Ada");
    expect(await user.sessgen("revoke", "--by", "user.id=42")).toMatchObject({ code: 0 });
    expect(user.app(`result = (await sessions.open("${cookie}")).visits;`)).toBe(0);
  });

  it("is emitted with what derived keys", async () => {
    const user = project({
      "session.config.ts": config(
        "a: z.string().max(9)",
        'backend: { kind: "memory" }, realm: env("REALM"), previous: [{ realm: env("OLD_REALM"), deriveKey: "./old-key.ts" }, { application: "another-application-22", deriveKey: "standard" }]',
      ),
      "old-key.ts": 'export const deriveKey = (id: string): string => id.padEnd(43, "x");\n',
    });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    const code = user.read("src/session/index.ts");
    expect(code).toContain(`previous: [
    { realm: env("OLD_REALM"), deriveKey },
    { application: "another-application-22", deriveKey: "standard" },
  ],`);
    expect(code).toContain('import { deriveKey } from "../../old-key.js";');
  });

  it.each<[string, { given: string; want: string }]>([
    ["nothing that was another", { given: "previous: [{}]", want: "expected what was another" }],
    ["nothing, said aloud", { given: "previous: [{ realm: undefined }]", want: "expected what was another" }],
    [
      "no application id",
      { given: 'previous: [{ application: "short" }]', want: "expected an application id" },
    ],
    [
      "a cookie that carries the session",
      {
        given: 'previous: [{ realm: "" }], backend: { kind: "cookie", secrets: [env("S")] }',
        want: "Sessions of the cookie backend have no keys",
      },
    ],
    [
      "compression where it would tell",
      {
        given: 'compression: true, backend: { kind: "cookie", secrets: [env("S")] }',
        want: "the length of the cookie would tell",
      },
    ],
    ["a threshold below nothing", { given: "compression: { above: -1 }", want: "compression" }],
  ])("is refused with %s", async (_name, { given, want }) => {
    const rest = given.includes("backend:") ? given : `backend: { kind: "memory" }, ${given}`;
    const user = project({ "session.config.ts": config("a: z.boolean()", rest) });
    const { code, err } = await user.run();
    expect([code, err.includes(want), err]).toEqual([3, true, err]);
  });

  it("goes with compression, which is emitted", async () => {
    const user = project({
      "session.config.ts": config("a: z.boolean()", 'backend: { kind: "memory" }, compression: true'),
    });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(user.read("src/session/index.ts")).toContain("compression: { above: 1024 }");
  });
});
