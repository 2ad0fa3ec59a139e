import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { newLock } from "../generator/src/lock/lock.js";
import { printLock, readLock } from "../generator/src/lock/text.js";
import { compile, tsconfig } from "../generator/test/support/compiled.js";
import { config, type Project, project } from "../generator/test/support/project.js";

const LOCK = "sessgen.lock.json";
const page = readFileSync(fileURLToPath(new URL("../docs/identity.md", import.meta.url)), "utf8");

/** The snippets of a kind. */
function snippets(kind: string): string[] {
  const fence = new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, "gms");
  return [...page.matchAll(fence)].map(([, text = ""]) => text);
}

/** Runs the commands of a snippet; `git` in the project's own repository. */
async function follow(user: Project, kind: string): Promise<void> {
  const [snippet = ""] = snippets(kind);
  expect(snippet).not.toBe("");
  for (const command of snippet.trim().split("\n")) {
    const [program, ...words] = command.split(" ").map((word) => word.replaceAll("'", ""));
    if (program === "git") git(user, ...words);
    else expect(await user.run(...words.slice(1)), command).toMatchObject({ code: 0, err: "" });
  }
}

function git(user: Project, ...args: string[]): string {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
  return execFileSync("git", [...identity, ...args], { cwd: user.root, encoding: "utf8", stdio: "pipe" });
}

/** A merge that git cannot do. */
function merge(user: Project, branch: string): void {
  expect(() => git(user, "merge", "-q", branch)).toThrow();
}

const visits = "visits: z.int().default(0)";

describe("docs/identity.md", () => {
  it("says how to get a lock that is missing", async () => {
    const user = project({ "session.config.ts": config(visits), ".gitignore": "src\n" });
    rmSync(join(user.root, LOCK));
    git(user, "init", "-q");
    expect((await user.run()).err).toContain("[lock/missing]");
    await follow(user, "sh first");
    expect(git(user, "status", "--porcelain", LOCK)).toBe(`A  ${LOCK}\n`);
  });

  it("says what to do with two applications", async () => {
    const user = project({ "session.config.ts": config(visits), ".gitignore": "src\n" });
    rmSync(join(user.root, LOCK));
    git(user, "init", "-q", "-b", "main");
    git(user, "add", ".");
    git(user, "commit", "-qm", "base");
    const ids: string[] = [];
    for (const branch of ["ours", "theirs"]) {
      git(user, "checkout", "-q", "-b", branch, "main");
      await user.run("--new-application");
      ids.push(readLock(user.read(LOCK), LOCK).application);
      git(user, "add", ".");
      git(user, "commit", "-qm", branch);
    }
    git(user, "checkout", "-q", "ours");
    merge(user, "theirs");
    expect((await user.run()).err).toContain("[lock/two-applications]");
    await follow(user, "sh theirs");
    expect(readLock(user.read(LOCK), LOCK).application).toBe(ids[1]);
    expect((await user.run("check")).code).toBe(0);
  });

  it("says what to do with a slot that both sides of a merge gave out", async () => {
    const user = project({ "session.config.ts": config(visits), ".gitignore": "src\n" });
    await user.run();
    git(user, "init", "-q", "-b", "main");
    git(user, "add", ".");
    git(user, "commit", "-qm", "base");
    for (const field of ["beta", "gamma"]) {
      git(user, "checkout", "-q", "-b", field, "main");
      user.write({ "session.config.ts": config(`${visits}, ${field}: z.string().optional()`) });
      await user.run();
      git(user, "commit", "-qam", field);
    }
    merge(user, "beta");
    user.write({
      "session.config.ts": config(`${visits}, beta: z.string().optional(), gamma: z.string().optional()`),
    });
    expect((await user.run()).err).toMatch(/npx sessgen --renumber '(beta|gamma)' \(or '(beta|gamma)'\)/);
    await follow(user, "sh merge");
    // The branch that gamma was made on is the one that goes on.
    const { log } = readLock(user.read(LOCK), LOCK);
    expect(log.map(({ key, slot }) => `${key}@${slot}`)).toEqual(["visits@0", "gamma@1", "beta@2"]);
  });

  it("shows what is told of another application in the store", async () => {
    const on = (name: string, file: string, lock?: string): Project =>
      project({
        "package.json": `{ "name": "${name}", "type": "module" }`,
        "session.config.ts": config(visits, `backend: { kind: "sqlite", file: ${JSON.stringify(file)} }`),
        ...(lock !== undefined && { [LOCK]: lock }),
      });
    const shop = on("shop", "s.db");
    const other = printLock(newLock("other-application-id22"));
    const forum = on("forum", join(shop.root, "s.db"), other);
    for (const user of [shop, forum])
      for (const command of ["generate", "migrate"]) expect((await user.run(command)).err).toBe("");
    const { code, out } = await shop.run("verify");
    expect([code, out]).toEqual([
      0,
      `${snippets("txt neighbours")[0]}The backend sqlite is as it should be\n`,
    ]);
  });

  it.each(["config", "previous"])("shows a config that is emitted and compiles: %s", async (name) => {
    const [snippet = ""] = snippets(`ts ${name}`);
    expect(snippet).not.toBe("");
    const user = project({
      "session.config.ts": config(visits, `backend: { kind: "memory" }, ${snippet.trim().replace(/,$/, "")}`),
      "tsconfig.json": tsconfig,
    });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(user.read("src/session/index.ts")).toContain('realm: env("SESSION_REALM"),');
    expect(compile(user)).toEqual([]);
  });
});

const application = `import { sessions } from "./src/session/index.js";
const session = await sessions.open(process.argv[2]);
session.visits += 1;
const [cookie] = await session.$commit();
console.log(JSON.stringify({ visits: session.visits, cookie: cookie?.split(";")[0] }));
await sessions.close();
`;

/** Visits with what the service was given; says how often this visitor was here, and the cookie. */
function visit(user: Project, realm: string, cookie?: string): { visits: number; cookie?: string } {
  const args = ["--import", "tsx", "app.ts", ...(cookie === undefined ? [] : [cookie])];
  const env = { PATH: process.env["PATH"], SESSION_REALM: realm };
  return JSON.parse(execFileSync(process.execPath, args, { cwd: user.root, encoding: "utf8", env }));
}

describe("two services on one store", () => {
  it("are one with the same lock file, and strangers with another lock or another realm", async () => {
    const first = project();
    const directory = join(first.root, "sessions");
    const files = {
      "session.config.ts": config(
        visits,
        `backend: { kind: "file", directory: "${directory}" }, realm: env("SESSION_REALM")`,
      ),
      "app.ts": application,
    };
    first.write(files);
    await first.run();
    const shared = project({ ...files, [LOCK]: first.read(LOCK) });
    const stranger = project(files);
    rmSync(join(stranger.root, LOCK));
    for (const user of [shared, stranger])
      expect(await user.run("--new-application")).toMatchObject({ code: 0, err: "" });

    const { cookie } = visit(first, "production");
    expect(cookie).toContain("__Host-session=");
    expect(visit(shared, "production", cookie).visits).toBe(2);
    expect(visit(stranger, "production", cookie).visits).toBe(1);
    expect(visit(first, "staging", cookie).visits).toBe(1);
    expect(visit(first, "production", cookie).visits).toBe(3);
    expect(existsSync(directory)).toBe(true);
  });
});
