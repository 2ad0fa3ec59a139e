import { execSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = (name: string): string => readFileSync(join(root, name, "README.md"), "utf8");

/** The code blocks of a language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(
    (match) => match[1] ?? "",
  );
}

const [config = "", app = ""] = blocks(page("generator"), "ts");
const [use = ""] = blocks(page("runtime"), "ts");

/** Inside of the repository, so that the packages are installed. */
let folder: string;
beforeAll(() => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(join(root, ".cache/readmes-"));
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "package.json"), '{ "name": "user", "private": true, "type": "module" }\n');
  writeFileSync(join(folder, "session.config.ts"), config);
  // Typed at a terminal, it needs no option.
  run("npx sessgen --new-application && npx sessgen migrate");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string): string {
  // As on a user's own machine, and not as on a build server, where no application id is made.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== "CI"),
  );
  return execSync(command, { cwd: folder, encoding: "utf8", stdio: "pipe", env });
}

it("the application in the generator's README serves", () => {
  writeFileSync(
    join(folder, "src/app.ts"),
    `${app}
import { sessions } from "./session/index.js";
const server = app.listen(0, "localhost", async () => {
  const address = server.address();
  const response = await fetch(\`http://localhost:\${typeof address === "object" ? address?.port : ""}/\`);
  console.log(await response.text(), response.headers.getSetCookie().length);
  server.close();
  await sessions.close();
});
`,
  );
  expect(run("node --import tsx src/app.ts")).toBe('{"visits":1} 1\n');
});

it("the snippet in the runtime's README saves a session", () => {
  writeFileSync(
    join(folder, "src/use.ts"),
    `const request = new Request("http://localhost/");\n${use}\nconsole.log(cookies.length, session.$isNew);\nawait sessions.close();\n`,
  );
  expect(run("node --import tsx src/use.ts")).toBe("1 false\n");
});

it("both READMEs install as the root's does", () => {
  const readme = blocks(readFileSync(join(root, "README.md"), "utf8"), "sh");
  for (const name of ["generator", "runtime"]) expect(readme).toContain(blocks(page(name), "sh")[0]);
});

it("the runtime's README names what can be imported", () => {
  const manifest = JSON.parse(readFileSync(join(root, "runtime/package.json"), "utf8"));
  const text = page("runtime");
  const stores = [
    ...(/`@sessgen\/runtime\/stores\/<name>` \| (.*) \|/.exec(text)?.[1] ?? "").matchAll(/`([\w-]+)`/g),
  ];
  const named = [
    ...[...text.matchAll(/^\| `@sessgen\/runtime([\w/-]*)` \|/gm)].map(([, path]) => `.${path}`),
    ...stores.map(([, name]) => `./stores/${name}`),
  ];
  const folders = readdirSync(join(root, "runtime/src/stores"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "shared")
    .map(({ name: folder }) => `./stores/${folder}`);
  const exported = Object.keys(manifest.exports)
    .filter((path) => !["./package.json", "./sqlite-driver"].includes(path))
    .flatMap((path) => (path === "./stores/*" ? folders : [path]));
  expect(named.sort()).toEqual(exported.sort());
});

describe("what the READMEs say of sizes and dependencies", () => {
  it("is the limits that guard the bundles", () => {
    const limits: Record<string, number> = JSON.parse(
      readFileSync(join(root, "scripts/size-limits.json"), "utf8"),
    );
    for (const [name, bytes] of Object.entries(limits))
      expect(page("runtime")).toContain(`| ${name} | ${Math.ceil(bytes / 1000)} kB |`);
  });

  it.each(["generator", "runtime"])("is the dependencies of the %s", (name) => {
    const { dependencies } = JSON.parse(readFileSync(join(root, name, "package.json"), "utf8"));
    const said = /Dependencies: ((?:`[^`]+`(?:,\s)?)+)/.exec(page(name))?.[1] ?? "";
    expect([...said.matchAll(/`([^`]+)`/g)].map(([, one]) => one)).toEqual(Object.keys(dependencies));
  });
});
