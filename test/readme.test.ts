import { execSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SessionBase } from "@sessgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");

/** The code blocks of a language. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(
    (match) => match[1] ?? "",
  );
}

const commands = blocks("sh").flatMap((block) => block.trim().split("\n"));
const [configSnippet = "", useSnippet = "", expressSnippet = ""] = blocks("ts");
const scripts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

/** Inside of the repository, so that `sessgen` and `zod` are installed. */
let folder: string;
beforeAll(() => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(join(root, ".cache/readme-"));
  writeFileSync(join(folder, "package.json"), '{ "name": "user", "private": true, "type": "module" }\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, cwd: string): string {
  // As on a user's own machine, and not as on a build server, where no application id is made.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== "CI"),
  );
  return execSync(command, { cwd, encoding: "utf8", stdio: "pipe", env });
}

/** How each command of the README is exercised, in the README's order. */
const exercised: Record<string, () => void> = {
  "npm run quickstart": () => {
    const out = run("npm run quickstart", root);
    for (const text of [
      "First visit",
      "Set-Cookie: dev-session=",
      "bytes as JSON",
      "After a restart",
      '"notice":"Goodbye"',
    ]) {
      expect(out).toContain(text);
    }
    expect(run("git status --porcelain -- examples sessgen.lock.json session.config.ts", root)).toBe("");
  },
  "npm test": () => expect(scripts.test).toBe("node scripts/test.mjs"),
  // Installed from tarballs in packed.test.ts; here that what is named exists under that name.
  "npm install --save-dev sessgen": () => expect(run("npm ls sessgen", root)).toContain("sessgen@"),
  "npm install @sessgen/runtime zod libsql": () =>
    expect(run("npm ls zod libsql", root)).toContain("libsql@"),
  "npx sessgen init --yes": () =>
    expect(run("npx sessgen init --yes", folder)).toContain("Wrote session.config.js"),
  "npx sessgen": () => expect(run("npx sessgen", folder)).toMatch(/files written .*in src\/session/),
  "npx sessgen migrate": () =>
    expect(run("npx sessgen migrate", folder)).toContain("applied: 0001_create_sessions"),
  "npx sessgen --dry-run": () =>
    expect(run("npx sessgen --dry-run", folder)).toContain("0 files would change"),
  "npx sessgen check": () => expect(run("npx sessgen check", folder)).toContain("Up to date"),
  "npx sessgen migrate --dry-run": () =>
    expect(run("npx sessgen migrate --dry-run", folder)).toContain("Nothing is pending"),
  "npx sessgen --help": () => expect(run("npx sessgen --help", folder)).toContain("Usage: sessgen"),
  "npm run build": () => expect(run("npm run build", root)).toContain("copy-templates"),
  // Both are run by CI on the whole repository; here that they are what they say.
  "npm run format": () => expect(scripts.format).toBe("biome check --write ."),
  "npm run lint": () => expect(scripts.lint).toBe("biome ci ."),
  "npm run docs:errors": () => {
    const page = readFileSync(join(root, "docs/errors.md"), "utf8");
    run("npm run docs:errors", root);
    expect(readFileSync(join(root, "docs/errors.md"), "utf8")).toBe(page);
  },
};

describe("every command of the README", () => {
  it("is known here", () => expect(commands).toEqual(Object.keys(exercised)));

  it.each(Object.entries(exercised))("%s", (_command, exercise) => exercise(), 120_000);
});

it("the README names every member of a session that is its own", () => {
  const [, section = ""] = readme.split("what belongs to the session itself begins with `$`:");
  const [table = ""] = section.split("\n## ");
  const named = [...table.matchAll(/`(\$\w+)(\(\))?`/g)].map(([, name, call]) => `${name}${call ?? ""}`);
  const ours = [SessionBase.prototype, Object.getPrototypeOf(SessionBase.prototype)];
  const members = ours
    .flatMap((prototype) => Object.entries(Object.getOwnPropertyDescriptors(prototype)))
    // For the emitted class.
    .filter(([name]) => name.startsWith("$") && name !== "$get" && name !== "$set")
    .map(([name, { value }]) => (typeof value === "function" ? `${name}()` : name));
  expect(named.sort()).toEqual(members.sort());
});

describe("the snippets of the README", () => {
  it("work together", () => {
    const user = join(folder, "snippets");
    mkdirSync(user);
    writeFileSync(join(user, "package.json"), '{ "name": "user", "private": true, "type": "module" }\n');
    writeFileSync(join(user, "session.config.ts"), configSnippet);
    // Typed at a terminal, it needs no option.
    run("npx sessgen --new-application && npx sessgen migrate", user);
    writeFileSync(
      join(user, "use.ts"),
      `const request = new Request("http://localhost/");\n${useSnippet}\nconsole.log(cookies.length, session.$isNew);\nawait sessions.close();\n`,
    );
    expect(run("node --import tsx use.ts", user)).toBe("1 false\n");
    writeFileSync(
      join(user, "serve.ts"),
      `${expressSnippet}
import { sessions } from "./src/session/index.js";
const server = app.listen(0, "localhost", async () => {
  const address = server.address();
  const response = await fetch(\`http://localhost:\${typeof address === "object" ? address?.port : ""}/\`);
  console.log(JSON.stringify(await response.json()), response.headers.getSetCookie().length);
  server.close();
  await sessions.close();
});
`,
    );
    expect(run("node --import tsx serve.ts", user)).toBe('{"visits":1} 1\n');
    writeFileSync(
      join(user, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../tsconfig.base.json",
        compilerOptions: {
          composite: false,
          noEmit: true,
          isolatedDeclarations: false,
          declaration: false,
          declarationMap: false,
          types: ["node"],
        },
        include: ["**/*.ts"],
      }),
    );
    expect(run(`node ${root}node_modules/typescript/bin/tsc -p .`, user)).toBe("");
  });
});
