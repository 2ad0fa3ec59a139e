import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readAgainst, readCommitted, type Sought } from "../../src/changes/against.js";
import { type Lock, newLock } from "../../src/lock/lock.js";
import { printLock } from "../../src/lock/text.js";
import { application, lockText } from "../support/project.js";
import { draft } from "./versions.js";

/** A repository, and how a project in it is asked for. */
interface Repository {
  readonly root: string;
  git(...args: string[]): void;
  write(files: Readonly<Record<string, string>>): void;
  sought(more?: Partial<Sought>): Sought;
  remove(): void;
}

async function lockOf(field: string, name?: string): Promise<Lock> {
  const kind = name === undefined ? "" : `name: "${name}", `;
  return (await draft(`${kind}schema: z.object({ ${field}: z.string().optional() })`, newLock(application)))
    .lock;
}

/** A repository of which `v1` is committed and tagged. */
async function committed(files: Readonly<Record<string, string>>, current: Lock): Promise<Repository> {
  const root = mkdtempSync(join(tmpdir(), "sessgen-against-"));
  const git: Repository["git"] = (...args) =>
    void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: root,
      stdio: "pipe",
    });
  const write: Repository["write"] = (more) => {
    for (const [path, content] of Object.entries(more)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  write({ "package.json": "{}\n", ...files });
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-qm", "v1");
  git("tag", "v1");
  return {
    root,
    git,
    write,
    remove: () => rmSync(root, { recursive: true }),
    sought: (more = {}) => ({ cwd: root, root, lock: "sessgen.lock.json", current, ...more }),
  };
}

/** The name of the state that is found, and a field that it alone has. */
async function found(name: string, sought: Sought): Promise<readonly unknown[]> {
  const state = await readAgainst(name, sought);
  return [state.name, [...state.lock.entries.keys()].join()];
}

describe("an earlier version is found", async () => {
  const [old, current] = [await lockOf("old"), await lockOf("current")];
  const text = printLock(old);
  const repository = async (files: Readonly<Record<string, string>>) => {
    const user = await committed(files, current);
    onTestFinished(user.remove);
    return user;
  };

  it("by what git knows, as a folder and as a file; what git knows goes first", async () => {
    const user = await repository({
      "sessgen.lock.json": text,
      "main/sessgen.lock.json": printLock(current),
    });
    user.write({ "sessgen.lock.json": printLock(current), "old/sessgen.lock.json": text, "old.json": text });
    for (const name of ["v1", "main", "HEAD"])
      expect(await found(name, user.sought())).toEqual([`${name}:sessgen.lock.json`, "old"]);
    expect(await found("v1:sessgen.lock.json", user.sought())).toEqual(["v1:sessgen.lock.json", "old"]);
    expect(await found("./main", user.sought())).toEqual(["main/sessgen.lock.json", "current"]);
    expect(await found("old", user.sought())).toEqual(["old/sessgen.lock.json", "old"]);
    expect(await found("old.json", user.sought())).toEqual(["old.json", "old"]);
    expect(await found("../old.json", user.sought({ cwd: join(user.root, "old") }))).toEqual([
      "../old.json",
      "old",
    ]);
    expect((await readCommitted(user.sought()))?.name).toBe("HEAD:sessgen.lock.json");
  });

  it("of a project that is one of several in a repository, from its checkout, too", async () => {
    const user = await repository({
      "packages/web/sessgen.lock.json": text,
      "packages/api/sessgen.lock.json": printLock(await lockOf("api")),
    });
    const root = join(user.root, "packages/web");
    const sought = user.sought({ root, cwd: root });
    expect(await found("v1", sought)).toEqual(["v1:sessgen.lock.json", "old"]);
    user.git("worktree", "add", "-q", "copy", "v1");
    expect(await found("../../copy", sought)).toEqual(["../../copy/packages/web/sessgen.lock.json", "old"]);
    expect(await found("../../copy/packages/web", sought)).toEqual([
      "../../copy/packages/web/sessgen.lock.json",
      "old",
    ]);
  });

  it("where its lock has another path, by the application and the kind of sessions", async () => {
    const user = await repository({
      "locks/web.json": text,
      "locks/admin.json": printLock(await lockOf("admin", "admin")),
      "notes.json": JSON.stringify({ application }),
    });
    expect(await found("v1", user.sought())).toEqual(["v1:locks/web.json", "old"]);
    expect(await found(".", user.sought())).toEqual(["locks/web.json", "old"]);
    const admin = await lockOf("more", "admin");
    expect(await found("v1", user.sought({ current: admin }))).toEqual(["v1:locks/admin.json", "admin"]);
    const api = join(user.root, "api");
    mkdirSync(api);
    expect(await found("v1", user.sought({ root: api }))).toEqual(["v1:locks/web.json", "old"]);
  });
});

describe("an earlier version is refused", async () => {
  const current = await lockOf("current");
  const text = printLock(current);
  let user: Repository;
  beforeAll(async () => {
    user = await committed({}, current);
    user.write({ "empty/file": "", "bare.json": lockText, "two/a.json": text, "two/b.json": text });
  });
  afterAll(() => user.remove());

  it.each<[string, { given: string; want: string }]>([
    ["what is nowhere", { given: "nope", want: "changes/unknown-state" }],
    ["what looks like an option of git's", { given: "--batch", want: "changes/unknown-state" }],
    ["a folder without a lock", { given: "empty", want: "changes/no-lock" }],
    ["a commit without a lock", { given: "HEAD", want: "changes/no-lock" }],
    ["several locks of which any may be it", { given: "two", want: "changes/no-lock" }],
    ["a file that is no lock", { given: "package.json", want: "lock/unreadable" }],
    ["a lock without a snapshot", { given: "bare.json", want: "changes/no-snapshot" }],
    ["a path that the commit does not have", { given: "HEAD:nope.json", want: "changes/unknown-state" }],
  ])("%s", async (_name, { given, want }) => {
    await expect(readAgainst(given, user.sought())).rejects.toMatchObject({ code: want });
  });

  it("where there is no git, and it is neither a folder nor a file", async () => {
    const user = await committed({ "sessgen.lock.json": text }, current);
    onTestFinished(user.remove);
    const path = process.env["PATH"];
    process.env["PATH"] = "";
    onTestFinished(() => {
      process.env["PATH"] = path;
    });
    expect(await found("sessgen.lock.json", user.sought())).toEqual(["sessgen.lock.json", "current"]);
    await expect(readAgainst("v1", user.sought())).rejects.toMatchObject({ code: "changes/unknown-state" });
  });
});
