/** @module-tag slow */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile, tsconfig } from "../generator/test/support/compiled.js";
import { newFolder, type Project, project, runIn } from "../generator/test/support/project.js";

const folder = fileURLToPath(new URL("../docs/guides", import.meta.url));

/** A block of code of a guide: `ts src/login.ts` is the file of that path. */
interface Block {
  readonly guide: string;
  readonly language: string;
  readonly info: string;
  readonly text: string;
}

const blocks: readonly Block[] = readdirSync(folder).flatMap((guide) =>
  [...readFileSync(join(folder, guide), "utf8").matchAll(/^```(\w+)(?: (.+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", info = "", text = ""]) => ({ guide, language, info, text }),
  ),
);
const files = Object.fromEntries(
  blocks.filter(({ info }) => info.startsWith("src/")).map(({ info, text }) => [info, text]),
);
const [config = ""] = blocks.flatMap(({ info, text }) => (info === "session.config.ts" ? [text] : []));
/** Strict, and without what only packages need. */
const { compilerOptions, ...rest } = JSON.parse(tsconfig);
const strict = JSON.stringify({
  ...rest,
  compilerOptions: { ...compilerOptions, isolatedDeclarations: false },
});
const secret = "a-secret-of-at-least-32-characters";

// biome-ignore lint/suspicious/noExplicitAny: modules that the test has generated
type Module = Record<string, any>;

/** The application of all guides, and what imports its modules. */
async function application(): Promise<{ user: Project; load: (path: string) => Promise<Module> }> {
  const user = project({ "session.config.ts": config, "tsconfig.json": strict, ...files });
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  return { user, load: (path) => import(join(user.root, path)) };
}

describe("the code of the guides", () => {
  it("compiles, and tests what a logged-in user sees", async () => {
    const { user, load } = await application();
    expect(Object.keys(files)).toHaveLength(6);
    expect(compile(user)).toEqual([]);
    const { check } = await load("src/check.ts");
    await check();
  });

  it("logs in with a new id, shows devices, ends one and all, and says what it has to say once", async () => {
    const { load } = await application();
    const { sessions } = await load("src/session/index.ts");
    const { inMemory } = await load("src/session/testing.ts");
    const { logIn, logOut } = await load("src/login.ts");
    const { nameDevice, devicesOf, endDevice } = await load("src/devices.ts");
    const { logOutElsewhere, logOutEverywhere, logEverybodyOut } = await load("src/everywhere.ts");
    const { csrfToken, isCsrfToken } = await load("src/csrf.ts");
    const { say, said } = await load("src/notice.ts");
    inMemory();
    const ada = { id: "1", name: "Ada" };
    const cookieOf = (setCookies: readonly string[]): string =>
      setCookies.map((text) => text.split(";", 1)[0]).join("; ");
    const begin = async (agent: string): Promise<string> => {
      const session = await sessions.open(undefined);
      logIn(session, ada, true);
      nameDevice(session, agent);
      return cookieOf(await session.$commit());
    };

    // A form was shown before: the token of an anonymous session is not that of the user's.
    const visitor = await sessions.open(undefined);
    const token = csrfToken(visitor);
    expect([isCsrfToken(visitor, token), isCsrfToken(visitor, "other")]).toEqual([true, false]);
    const before = cookieOf(await visitor.$commit());
    const login = await sessions.open(before);
    logIn(login, ada, true);
    say(login, "Welcome");
    const after = await login.$commit();
    expect(after.join()).toMatch(/Max-Age|Expires/);
    expect(cookieOf(after)).not.toBe(before);
    const next = await sessions.open(cookieOf(after));
    expect([next.user?.name, said(next)]).toEqual(["Ada", "Welcome"]);
    await next.$commit();
    expect(said(await sessions.open(cookieOf(after)))).toBeUndefined();

    const [one, two, three] = [await begin("Firefox"), await begin("Safari"), await begin("curl")];
    const here = await sessions.open(one);
    const devices: Module[] = await devicesOf(here);
    const rows = devices.map(({ data, current }) => [data["device"], current]);
    expect(rows).toEqual(
      expect.arrayContaining([
        ["Firefox", true],
        ["Safari", false],
      ]),
    );
    const safari = devices.find(({ data }) => data["device"] === "Safari");
    expect(await endDevice(here, safari?.["handle"])).toBe(true);
    expect((await sessions.open(two)).user).toBeUndefined();

    // curl's, and the one that began with the form.
    expect(await logOutElsewhere(here, ada)).toBe(2);
    expect((await sessions.open(three)).user).toBeUndefined();
    expect((await sessions.open(one)).user).toEqual(ada);
    expect(await logOutEverywhere(ada)).toBe(1);

    const last = await begin("Edg");
    await logEverybodyOut();
    expect((await sessions.open(last)).user).toBeUndefined();

    const gone = await sessions.open(await begin("Edg"));
    await logOut(gone);
    expect((await gone.$commit()).join()).toContain("Max-Age=0");
  });
});

describe("options that the guides show", () => {
  const shown = blocks.filter(({ language, info }) => language === "ts" && !/[./]/.test(info));

  it("are all there", () => {
    expect(shown.map(({ guide, info }) => `${guide} ${info}`).sort()).toEqual([
      "migrations.md option",
      "rotation.md behind",
      "rotation.md front",
      "several-services.md option",
      "staging.md later",
      "staging.md option",
    ]);
  });

  it.each(shown)("can be generated: $guide $info", async ({ text }) => {
    const backend = text.includes("backend:")
      ? ""
      : 'backend: { kind: "postgres", url: env("DATABASE_URL") },';
    const other = project({
      "session.config.ts": `import { defineConfig, env } from "sessgen";
import { z } from "zod";
void env;
export default defineConfig({ schema: z.object({ visits: z.int().default(0) }), ${backend} ${text} });
`,
    });
    expect(await other.run()).toMatchObject({ code: 0, err: "" });
  });
});

describe("the commands of a guide", () => {
  const pages = [...new Set(blocks.filter(({ language }) => language === "sh").map(({ guide }) => guide))];

  it("are those of three guides", () => {
    expect(pages.sort()).toEqual(["deploys.md", "migrations.md", "rotation.md"]);
  });

  it.each(pages)("work, one after the other: %s", async (page) => {
    const encrypted = config.replace(
      "  testing: true,",
      '  cookie: { secrets: [env("SESSION_SECRET")] },\n  encryption: { secrets: [env("SESSION_KEY")], payload: true },',
    );
    const other = project(
      {
        "session.config.ts": encrypted.replace("import { defineConfig }", "import { defineConfig, env }"),
        ".gitignore": ".data\n",
      },
      newFolder(),
    );
    const run = (...argv: string[]) =>
      runIn(other.root, argv, { env: { SESSION_SECRET: secret, SESSION_KEY: secret } });
    if (page !== "migrations.md") {
      expect(await run()).toMatchObject({ code: 0 });
      expect(await run("migrate")).toMatchObject({ code: 0 });
    }
    const git = (...args: string[]) => execFileSync("git", args, { cwd: other.root, stdio: "pipe" });
    git("init", "--quiet", "--initial-branch", "main");
    git("add", ".");
    git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "--message", "Begin");
    const lines = blocks.filter(({ guide, language }) => guide === page && language === "sh");
    for (const line of lines.flatMap(({ text }) => text.trim().split("\n"))) {
      const [npx, program, ...argv] = line.split(" ");
      expect([npx, program]).toEqual(["npx", "sessgen"]);
      expect(await run(...argv), line).toMatchObject({ code: 0 });
    }
  });
});
