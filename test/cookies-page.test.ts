import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile, tsconfig } from "../generator/test/support/compiled.js";
import { config, lockText, project } from "../generator/test/support/project.js";

const page = readFileSync(fileURLToPath(new URL("../docs/cookies.md", import.meta.url)), "utf8");

/** The snippets of a kind. */
function snippets(kind: string): string[] {
  const fence = new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, "gms");
  return [...page.matchAll(fence)].map(([, text = ""]) => text);
}

const schema = "visits: z.int().default(0)";
const [parts = ""] = snippets("ts parts");

describe("every config of docs/cookies.md", () => {
  it.each(snippets("ts config"))("%s", async (snippet) => {
    const options = `backend: { kind: "memory" }, frameworks: ["express"],\n${snippet.trim().replace(/,$/, "")}`;
    const user = project({
      "session.config.ts": config(schema, options),
      "admin.sessgen.lock.json": lockText,
      "src/session-parts.ts": parts,
      "tsconfig.json": tsconfig,
    });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(compile(user)).toEqual([]);
  });
});

it("the uses that docs/cookies.md shows compile", async () => {
  const [open = "", skip = ""] = snippets("ts use");
  const user = project({
    "session.config.ts": config(
      schema,
      'backend: { kind: "memory" }, frameworks: ["express"], transport: "bearer"',
    ),
    "tsconfig.json": tsconfig,
    "src/app.ts": `import type { Express } from "express";
import { session } from "./session/express.js";
import { sessions } from "./session/index.js";

export function use(app: Express): void {
  ${skip}}

export async function answer(request: Request, response: Response): Promise<void> {
  ${open}}
`,
  });
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  expect(compile(user)).toEqual([]);
});

it("two kinds of docs/cookies.md live in one database", async () => {
  const [commands = ""] = snippets("sh kinds");
  const [backend = ""] = snippets("ts kind");
  const [admin = ""] = snippets("ts config").filter((snippet) => snippet.includes('name: "admin"'));
  const here = backend
    .trim()
    .replace(/,$/, "")
    .replace('kind: "postgres", url: env("DATABASE_URL")', 'kind: "sqlite", file: "s.db"');
  const user = project({
    "session.config.ts": config(schema, here.replace(', table: "admin_sessions"', "")),
    "admin.sessgen.lock.json": lockText,
    "admin.session.config.ts": config(schema, `${here}, ${admin.trim().replace(/,$/, "")}`),
  });
  await user.run("--config", "session.config.ts", "--config", "admin.session.config.ts");
  const runs = commands.trim().split("\n");
  expect(runs).toHaveLength(2);
  for (const run of runs)
    expect(await user.run(...run.split(" ").slice(2))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^applied: 0001_create_(admin_)?sessions\n/),
      err: "",
    });
  for (const run of runs)
    expect((await user.run(...run.replace("migrate", "verify").split(" ").slice(2))).err).toBe("");
});

it("the command of docs/cookies.md takes both configs", async () => {
  const [command = ""] = snippets("sh");
  const user = project({
    "session.config.ts": config(schema),
    "admin.sessgen.lock.json": lockText,
    "admin.session.config.ts": config(schema, 'name: "admin", backend: { kind: "memory" }'),
  });
  expect(await user.run(...command.trim().split(" ").slice(2), "--new-application")).toMatchObject({
    code: 0,
    err: "",
  });
});
