import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { historyOf } from "../../src/lock/history.js";
import type { Lock } from "../../src/lock/lock.js";
import { readLock } from "../../src/lock/text.js";
import { config, type Project, project, type Run } from "../support/project.js";

/** A field of the schema that these tests begin with, and one that a side adds. */
const base = "user: z.object({ id: z.string() }).optional(), alpha: z.string().optional()";
const string = (name: string): string => `${base}, ${name}: z.string().optional()`;
const nested = (name: string): string => base.replace("id:", `${name}: z.string().optional(), id:`);
/** Both sides. */
const all = (more: string, inUser = ""): string => `${base.replace("id:", `${inUser} id:`)}, ${more}`;

const gamma = "gamma: z.string().optional()";
const mu = "mu: z.string().optional()";

/** A repository of a user with the branch `main`. */
interface Repository extends Project {
  git(...args: string[]): string;
  /** Runs git where it stops at conflicts. */
  conflict(...args: string[]): void;
  /** Generates and commits, on a branch. */
  commit(branch: string, schema: string): Promise<Lock>;
  lock(): Lock;
  schema(text: string): void;
}

async function repository(): Promise<Repository> {
  const user = project({ ".gitignore": "src\n" });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: user.root,
      encoding: "utf8",
      stdio: "pipe",
      env: { ...process.env, GIT_EDITOR: "true" },
    });
  const schema = (text: string): void => user.write({ "session.config.ts": config(text) });
  const lock = (): Lock => readLock(user.read("sessgen.lock.json"), "lock");
  git("init", "-q", "-b", "main");
  const commit = async (branch: string, text: string): Promise<Lock> => {
    git("checkout", "-q", branch);
    schema(text);
    expect((await user.run()).code).toBe(0);
    git("add", ".");
    git("commit", "-qm", `${branch}: ${text}`);
    return lock();
  };
  schema(base);
  await user.run();
  git("add", ".");
  git("commit", "-qm", "base");
  git("branch", "feature");
  const conflict = (...args: string[]): void => {
    expect(() => git(...args)).toThrow();
    expect(user.read("sessgen.lock.json")).toContain("<<<<<<<");
  };
  return { ...user, git, conflict, commit, lock, schema };
}

/** The fields and slots of the log, in its order, behind those that all have. */
const added = ({ log }: Lock): string[] =>
  log.slice(3).map(({ key, slot, generation }) => `${key}@${slot} in ${generation}`);

/** Sessions of a version whose log is the beginning of another one are read by that, and read its. */
function expectToGoOn(lock: Lock, from: Lock): void {
  const [before, after] = [historyOf(from), historyOf(lock)];
  expect(after.hashes.slice(0, before.hashes.length)).toEqual(before.hashes);
  expect(after.generations.slice(0, before.generations.length)).toEqual(before.generations);
}

describe("main, merged into a branch, goes on", () => {
  it.each<[string, { given: [main: string, branch: string, both: string]; want: string[]; says?: string }]>([
    [
      "where both gave out slots of different objects",
      {
        given: [nested("x"), string("gamma"), all(gamma, "x: z.string().optional(),")],
        want: ["user.x@1 in 2", "gamma@2 in 3"],
      },
    ],
    [
      "where both gave out the same slot: the branch gets another one",
      {
        given: [string("mu"), string("gamma"), all(`${mu}, ${gamma}`)],
        want: ["mu@2 in 2", "gamma@3 in 3"],
        says: "Got new slots, for main gave theirs to something else: gamma",
      },
    ],
    [
      "where both added the same field, with slots of their own",
      {
        given: [string("mu"), all(`${gamma}, ${mu}`), all(`${mu}, ${gamma}`)],
        want: ["mu@2 in 2", "gamma@3 in 3"],
      },
    ],
    [
      "where both added the same field, of different types",
      {
        given: [string("mu"), all("mu: z.number().optional()"), all(mu)],
        want: ["mu@2 in 2"],
      },
    ],
  ])("%s", async (_name, { given, want, says }) => {
    const user = await repository();
    const [onMain, onBranch, both] = given;
    const main = await user.commit("main", onMain);
    await user.commit("feature", onBranch);
    user.conflict("merge", "main", "-m", "merge");
    user.schema(both);
    const run = await user.run();
    expect(run).toMatchObject({ code: 0, err: "" });
    if (says !== undefined) expect(run.out).toContain(says);
    expect(run.out).not.toContain("breaking");
    const lock = user.lock();
    expect(added(lock)).toEqual(want);
    expectToGoOn(lock, main);
    user.git("add", ".");
    user.git("commit", "-qm", "merge");
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
    expect(await user.run("check", "--against", "main")).toMatchObject({ code: 0 });
  });

  it("commit by commit, when the branch is rebased", async () => {
    const user = await repository();
    const main = await user.commit("main", string("mu"));
    await user.commit("feature", string("gamma"));
    await user.commit("feature", all(`${gamma}, delta: z.string().optional()`));
    user.conflict("rebase", "main");
    user.schema(all(`${mu}, ${gamma}`));
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(added(user.lock())).toEqual(["mu@2 in 2", "gamma@3 in 3"]);
    user.git("add", ".");
    user.conflict("rebase", "--continue");
    user.schema(all(`${mu}, ${gamma}, delta: z.string().optional()`));
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    user.git("add", ".");
    user.git("rebase", "--continue");
    expect(added(user.lock())).toEqual(["mu@2 in 2", "gamma@3 in 3", "delta@4 in 4"]);
    expectToGoOn(user.lock(), main);
  });

  it("where the branch was squash-merged before, and both went on", async () => {
    const user = await repository();
    await user.commit("feature", string("gamma"));
    user.git("checkout", "-q", "main");
    user.git("merge", "--squash", "feature");
    user.git("commit", "-qm", "squashed");
    const main = await user.commit("main", all(`${gamma}, ${mu}`));
    await user.commit("feature", all(`${gamma}, delta: z.string().optional()`));
    user.conflict("merge", "main", "-m", "merge");
    user.schema(all(`${gamma}, ${mu}, delta: z.string().optional()`));
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(added(user.lock())).toEqual(["gamma@2 in 2", "mu@3 in 3", "delta@4 in 4"]);
    expectToGoOn(user.lock(), main);
  });

  it("where its lock was taken by hand", async () => {
    const user = await repository();
    const main = await user.commit("main", string("mu"));
    await user.commit("feature", string("gamma"));
    user.conflict("merge", "main", "-m", "merge");
    user.git("checkout", "--theirs", "--", "sessgen.lock.json");
    user.schema(all(`${mu}, ${gamma}`));
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(added(user.lock())).toEqual(["mu@2 in 2", "gamma@3 in 3"]);
    expectToGoOn(user.lock(), main);
  });

  it("as the remote has it, where the local one has gone another way", async () => {
    const user = await repository();
    const remote = await user.commit("feature", string("mu"));
    user.git("update-ref", "refs/remotes/origin/main", "feature");
    user.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
    await user.commit("main", string("gamma"));
    user.conflict("merge", "origin/main", "-m", "merge");
    user.schema(all(`${mu}, ${gamma}`));
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expectToGoOn(user.lock(), remote);
  });
});

it("a branch, merged into main, comes behind what main has", async () => {
  const user = await repository();
  await user.commit("feature", string("gamma"));
  const main = await user.commit("main", nested("x"));
  user.conflict("merge", "feature", "-m", "merge");
  user.schema(all(gamma, "x: z.string().optional(),"));
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  expectToGoOn(user.lock(), main);
});

describe("lock/diverged", () => {
  it("tells of a merge that kept the branch's lock, until main's goes on", async () => {
    const user = await repository();
    const main = await user.commit("main", string("mu"));
    await user.commit("feature", string("gamma"));
    user.conflict("merge", "main", "-m", "merge");
    user.git("checkout", "--ours", "--", "sessgen.lock.json");
    user.schema(all(`${mu}, ${gamma}`));
    const told = (run: Run): void => {
      expect(run.code).toBe(0);
      expect(run.err).toContain("does not go on as main does, whose sessions lose mu [lock/diverged]");
    };
    told(await user.run());
    user.git("add", ".");
    user.git("commit", "-qm", "merge");
    told(await user.run("check"));
    user.git("checkout", "main", "--", "sessgen.lock.json");
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expectToGoOn(user.lock(), main);
    user.git("add", ".");
    user.git("commit", "-qm", "mended");
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
  });

  it("says nothing of what main has and the branch does not yet", async () => {
    const user = await repository();
    await user.commit("main", string("mu"));
    user.git("checkout", "-q", "feature");
    user.schema(string("gamma"));
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
  });

  it("is told where git does not say what is deployed, unless the user does", async () => {
    const user = await repository();
    const production = await user.commit("main", nested("x"));
    user.git("branch", "-m", "main", "production");
    await user.commit("feature", string("gamma"));
    user.conflict("merge", "production", "-m", "merge");
    user.schema(all(gamma, "x: z.string().optional(),"));
    const run = await user.run();
    expect(run.err).toContain("sessions of the other side lose user.x [lock/diverged]");
    user.git("checkout", "--merge", "--", "sessgen.lock.json");
    expect(await user.run("--deployed", "production")).toMatchObject({ code: 0, err: "" });
    expectToGoOn(user.lock(), production);
  });

  it.each(["nowhere", "--upload-pack=x"])("--deployed %s is refused", async (name) => {
    const user = await repository();
    await user.commit("main", string("mu"));
    await user.commit("feature", string("gamma"));
    user.conflict("merge", "main", "-m", "merge");
    user.schema(all(`${mu}, ${gamma}`));
    expect(await user.run(`--deployed=${name}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`git knows no ${name}`),
    });
  });

  it.each<[string, { given: (lock: string) => string; want: string }]>([
    ["cannot be read", { given: (lock) => lock.slice(0, -9), want: "[lock/unreadable]" }],
    [
      "is another application's",
      {
        given: (lock) => lock.replace(/"application": "[^"]*"/, `"application": "${"x".repeat(22)}"`),
        want: "--deployed other: the lock there is of another application",
      },
    ],
  ])("--deployed is refused where the lock there %s", async (_name, { given, want }) => {
    const user = await repository();
    await user.commit("main", string("mu"));
    const lock = user.read("sessgen.lock.json");
    user.git("checkout", "-q", "-b", "other");
    user.write({ "sessgen.lock.json": given(lock) });
    user.git("commit", "-qam", "other");
    user.git("checkout", "-q", "main");
    await user.commit("feature", string("gamma"));
    user.conflict("merge", "main", "-m", "merge");
    user.schema(all(`${mu}, ${gamma}`));
    expect((await user.run("--deployed", "other")).err).toContain(want);
  });
});
