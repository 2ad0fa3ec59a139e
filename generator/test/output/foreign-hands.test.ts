import { execFileSync } from "node:child_process";
import { readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, it, vi } from "vitest";
import { config, type Project, project, runIn } from "../support/project.js";

const one = config("a: z.string().optional()", 'backend: { kind: "sqlite", file: "s.db" }');
const two = config("a: z.string().optional(), b: z.date().optional()");
const three = config("a: z.string().optional(), c: z.boolean().optional()");
const BOM = "\uFEFF";

async function emitted(text = one): Promise<Project> {
  const user = project({ "session.config.ts": text });
  expect((await user.run()).err).toBe("");
  return user;
}

const git = (user: Project, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@e", ...args], {
    cwd: user.root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

const commit = (user: Project): void => {
  git(user, "add", "-A");
  git(user, "commit", "-qm", "c");
};

describe("what others do to our files", () => {
  it("a formatter lays them out anew, and they stay ours", async () => {
    const user = await emitted();
    const files = readdirSync(join(user.root, "src/session")).filter((name) => name.endsWith(".ts"));
    for (const name of files) {
      const path = `src/session/${name}`;
      const options = { parser: "typescript", printWidth: 60, singleQuote: true, semi: false, tabWidth: 8 };
      user.write({ [path]: await format(user.read(path), options) });
    }
    expect((await user.run("check")).err).toContain("laid out anew: let the formatter ignore it");
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
  });

  it("a formatter sorts imports, and lays out the list of our files, too", async () => {
    const user = await emitted();
    const path = "src/session/store.ts";
    const text = user.read(path);
    const imports = text.match(/^import .*;$/gm) ?? [];
    expect(imports.length).toBeGreaterThan(1);
    const sorted = [...imports]
      .reverse()
      .map((one) =>
        one.replace(/\{ (.*) \}/, (_, names: string) => `{ ${names.split(", ").reverse().join(", ")} }`),
      );
    user.write({
      [path]: text.replace(imports.join("\n"), sorted.join("\n")),
      "src/session/.sessgen.json": JSON.stringify(
        JSON.parse(user.read("src/session/.sessgen.json")),
        undefined,
        "\t",
      ),
    });
    expect(user.read(path)).not.toBe(text);
    expect((await user.run("check")).err).toContain(`${path} has what it should, laid out anew`);
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(user.read(path)).toBe(text);
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
  });

  it.each([
    "session.config.ts",
    "package.json",
    "sessgen.lock.json",
    "src/session/index.ts",
    "src/session/.sessgen.json",
    "session-infra/sqlite/0001_create_sessions/snapshot.json",
    "session-infra/sqlite/0001_create_sessions/up.sql",
  ])("an editor puts a mark in front and other line ends into %s", async (path) => {
    const user = await emitted();
    user.write({ [path]: BOM + user.read(path).replaceAll("\n", "\r\n") });
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(await user.run("migrate")).toMatchObject({ code: 0 });
  });

  it("git merges them, with conflicts and without, and they are made anew", async () => {
    const user = await emitted(config("a: z.string().optional()"));
    git(user, "init", "-q", "-b", "main");
    commit(user);
    git(user, "checkout", "-qb", "other");
    user.write({ "session.config.ts": two });
    await user.run();
    commit(user);
    git(user, "checkout", "-q", "main");
    user.write({ "session.config.ts": three });
    await user.run();
    commit(user);
    expect(() => git(user, "merge", "other")).toThrow();
    user.write({
      "session.config.ts": config(
        "a: z.string().optional(), b: z.date().optional(), c: z.boolean().optional()",
      ),
    });
    expect(user.read("src/session/types.ts")).toContain("<<<<<<<");
    // Both took the same slot: what is on main keeps it, and the other one is told of.
    const merged = await user.run();
    expect(merged).toMatchObject({ code: 0 });
    expect(merged.out + merged.err).toContain("Got new slots");
    expect(user.read("src/session/types.ts")).not.toContain("<<<<<<<");
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
  });

  it("git switches branches while a run writes: some files are of one, the list of the other", async () => {
    const user = await emitted(config("a: z.string().optional()"));
    git(user, "init", "-q", "-b", "main");
    commit(user);
    git(user, "checkout", "-qb", "other");
    user.write({ "session.config.ts": two });
    await user.run();
    commit(user);
    git(user, "checkout", "-q", "main");
    user.write({ "session.config.ts": three });
    await user.run();
    git(user, "symbolic-ref", "HEAD", "refs/heads/other");
    git(user, "checkout", "-q", "HEAD", "--", "src/session/types.ts", "src/session/fields.ts");
    expect(user.read("src/session/types.ts")).toContain("b?:");
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(user.read("src/session/types.ts")).not.toContain("b?:");
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
  });

  it("what somebody wrote stays refused", async () => {
    const user = await emitted();
    git(user, "init", "-q", "-b", "main");
    commit(user);
    user.write({ "src/session/index.ts": `${user.read("src/session/index.ts")}export const mine = 1;\n` });
    expect((await user.run()).err).toContain("[write/edited]");
    const lines = user.read("src/session/types.ts").split("\n");
    user.write({ "src/session/types.ts": lines.slice(0, -3).join("\n") });
    expect((await user.run()).err).toContain("src/session/types.ts was changed by hand");
    // Committed, too.
    commit(user);
    expect((await user.run()).err).toContain("src/session/types.ts was changed by hand");
  });
});

describe("--watch", () => {
  it("goes on after git has switched branches, and after files went and came back", async () => {
    const user = await emitted(config("a: z.string().optional()"));
    git(user, "init", "-q", "-b", "main");
    commit(user);
    git(user, "checkout", "-qb", "other");
    user.write({ "session.config.ts": two });
    await user.run();
    commit(user);
    const stop = new AbortController();
    const running = runIn(user.root, ["--watch", "--no-cache"], { signal: stop.signal });
    const emits = (name: string, there: boolean) =>
      vi.waitFor(() => expect(user.read("src/session/types.ts").includes(`${name}?:`)).toBe(there), {
        timeout: 120_000,
      });
    try {
      await emits("b", true);
      for (const _ of [1, 2, 3]) {
        git(user, "checkout", "-q", "main");
        await emits("b", false);
        git(user, "checkout", "-q", "other");
        await emits("b", true);
      }
      renameSync(join(user.root, "session.config.ts"), join(user.root, "away.ts"));
      renameSync(join(user.root, "away.ts"), join(user.root, "session.config.ts"));
      user.write({
        "session.config.ts": config(
          "a: z.string().optional(), b: z.date().optional(), d: z.bigint().optional()",
        ),
      });
      await emits("d", true);
    } finally {
      stop.abort();
    }
    expect((await running).code).toBe(0);
  });

  it("goes on when git is done with a branch, whose files were not all there at first", async () => {
    const user = await emitted(config("a: z.string().optional()"));
    git(user, "init", "-q", "-b", "main");
    commit(user);
    const stop = new AbortController();
    let heard = "";
    const hears = (text: string): void => {
      heard += text;
    };
    const running = runIn(user.root, ["--watch", "--no-cache"], { signal: stop.signal, hears });
    const saying = (text: string) =>
      vi.waitFor(() => expect(heard).toContain(text), { timeout: 120_000, interval: 20 });
    try {
      await saying("Watching");
      user.write({
        "session.config.ts":
          'import { schema } from "./src/late.js";\nexport default { schema, backend: { kind: "memory" } };\n',
      });
      await saying("late.js");
      user.write({
        "src/late.ts":
          'import { z } from "zod";\nexport const schema = z.object({ late: z.string().optional() });\n',
      });
      commit(user);
      await vi.waitFor(() => expect(user.read("src/session/types.ts")).toContain("late?:"), {
        timeout: 120_000,
      });
    } finally {
      stop.abort();
    }
    expect((await running).code).toBe(0);
  });
});
