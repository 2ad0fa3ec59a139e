import { describe, expect, it } from "vitest";
import { compile, tsconfig } from "../../support/compiled.js";
import { config, project } from "../../support/project.js";

/** A kind of sessions whose names could be taken for others in the emitted code. */
interface Given {
  readonly name: string;
  readonly schema: string;
}

describe("the names of a kind", () => {
  it.each<[string, { given: Given; want: Record<string, string> }]>([
    [
      "are not those of a field's type",
      {
        given: { name: "admin", schema: "adminSession: z.object({ since: z.date() }).optional()" },
        want: {
          "types.ts": "export interface AdminSessionType {",
          "session.ts": "get adminSession(): AdminSessionType | undefined",
        },
      },
    ],
    [
      "are not those of a type that the schema names",
      {
        given: {
          name: "admin",
          schema: 'shift: z.object({ since: z.date() }).meta({ id: "AdminSession" }).optional()',
        },
        want: { "types.ts": "export interface AdminSessionType {" },
      },
    ],
    [
      "are not those of what makes sessions",
      {
        given: { name: "create", schema: "visits: z.int().default(0)" },
        want: { "index.ts": "export const createSessions_: Sessions<CreateSession>" },
      },
    ],
    [
      "are not those of what attaches them",
      {
        given: { name: "attach", schema: "visits: z.int().default(0)" },
        want: { "express.ts": "export function attachSession_(" },
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const options = `name: "${given.name}", backend: { kind: "memory" }, frameworks: ["express"]`;
    const user = project({
      "session.config.ts": config(given.schema, options),
      "tsconfig.json": tsconfig,
    });
    expect(await user.run("--no-cache", "--new-application")).toMatchObject({ code: 0, err: "" });
    for (const [file, text] of Object.entries(want))
      expect(user.read(`src/${given.name}-session/${file}`)).toContain(text);
    expect(compile(user)).toEqual([]);
  });

  it("are refused where telling them apart makes another clash", async () => {
    const schema = "adminSession: z.object({ a: z.int() }), adminSessionType: z.object({ b: z.int() })";
    const user = project({
      "session.config.ts": config(schema, 'name: "admin", backend: { kind: "memory" }'),
    });
    const run = await user.run("--json", "--new-application");
    expect(run.code).toBe(3);
    expect(JSON.parse(run.out).problems).toMatchObject([{ code: "model/name-collision" }]);
  });

  it("of one kind do not change the types of another", async () => {
    const schema = "adminSession: z.object({ since: z.date() }).optional()";
    const user = project({ "session.config.ts": config(schema) });
    await user.run();
    expect(user.read("src/session/types.ts")).toContain("export interface AdminSession {");
  });
});
