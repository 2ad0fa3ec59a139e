import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { config, lockText, type Project, project } from "../support/project.js";

const light = "theme: z.enum(['light']).default('light')";
const both = "theme: z.enum(['light', 'dark']).default('light')";
const backend =
  'backend: { kind: "postgres", url: env("DATABASE_URL") }, cookie: { secrets: [env("COOKIE_SECRET")] }';

function git(user: Project, ...args: string[]): void {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
  execFileSync("git", [...identity, ...args], { cwd: user.root, stdio: "pipe" });
}

/** A project in a repository of its own, of which this is committed. */
async function committed(files: Readonly<Record<string, string>>, ...argv: string[]): Promise<Project> {
  const user = project(files);
  git(user, "init", "-q", "-b", "main");
  expect((await user.run(...argv)).err).toBe("");
  git(user, "add", ".");
  git(user, "commit", "-qm", "v1");
  return user;
}

const visits = "visits: z.int().default(0)";
const coupon = `${visits}, coupon: z.string().optional()`;

/** `main` has given out a slot that the branch `topic`, which is checked out, does not know. */
async function parted(): Promise<Project> {
  const user = await committed({ "session.config.ts": config(visits) });
  git(user, "branch", "topic");
  user.write({ "session.config.ts": config(coupon) });
  expect((await user.run()).code).toBe(0);
  git(user, "commit", "-qam", "v2");
  git(user, "checkout", "-q", "topic");
  return user;
}

describe("a lock that lacks what the other one has", () => {
  it("is of a branch that is behind, and is compared with where the two parted", async () => {
    const user = await parted();
    user.write({ "session.config.ts": config(`${visits}, theme: z.string().optional()`) });
    await user.run();
    for (const against of ["main", "main:sessgen.lock.json"]) {
      const check = await user.run("check", "--against", against);
      expect(check.code).toBe(7);
      expect(check.err).toMatch(/slots that this lock lacks \(coupon\), in commits that are not merged here/);
      expect(check.err).toContain("[changes/behind]");
      expect(check.out).toMatch(/^safe: The field theme was added .*\n(?:.*\n)*1 change since [0-9a-f]{12}:/);
      expect(check.out).not.toContain("lock-");
    }
    expect((await user.run("plan", "--against", "main")).err).toContain("[changes/behind]");
    git(user, "stash", "-q");
    git(user, "merge", "-q", "main");
    expect((await user.run("check", "--against", "main")).code).toBe(0);
  });

  it("went back where the other one is among its own commits", async () => {
    const user = await parted();
    git(user, "checkout", "-q", "main");
    git(user, "checkout", "-q", "topic", "--", ".");
    await user.run();
    git(user, "commit", "-qam", "back");
    const check = await user.run("check", "--against", "main~1");
    expect(check.code).toBe(7);
    expect(check.out).toContain("[lock-reverted]");
    expect(check.err).not.toContain("changes/behind");
  });

  it("may be either where git does not know", async () => {
    const user = await parted();
    git(user, "show", "main:sessgen.lock.json");
    const theirs = execFileSync("git", ["show", "main:sessgen.lock.json"], { cwd: user.root });
    user.write({ "deployed.json": theirs.toString() });
    const check = await user.run("check", "--against", "deployed.json");
    expect(check.out).toContain("it went back, or what gave them out is not merged yet");
  });
});

it("says of a type that was tried and taken back how its value comes back", async () => {
  const plan = (type: string) =>
    config(`${visits}, user: z.object({ id: z.string(), plan: z.${type}().optional() }).optional()`);
  const user = await committed({ "session.config.ts": plan("string") });
  for (const type of ["int", "string"]) {
    user.write({ "session.config.ts": plan(type) });
    await user.run();
  }
  const check = await user.run("check", "--against", "HEAD");
  expect(check.code).toBe(7);
  expect(check.out).toMatch(
    /^breaking: user\.plan was string and is string again, after another type, in another slot \[type-changed\]/,
  );
  expect(check.out).toContain("take the lock of the version that is deployed, and run `npx sessgen` again");
  expect(check.out).not.toContain("lock-edited");
  git(user, "checkout", "-q", "HEAD", "--", "sessgen.lock.json");
  await user.run();
  expect((await user.run("check", "--against", "HEAD")).out).toMatch(/^Nothing |^0 changes|^No /);
});

it("says once why it cannot tell what a change means", async () => {
  const user = await committed({ "session.config.ts": config(visits) });
  const lock = JSON.parse(user.read("sessgen.lock.json")) as Record<string, unknown>;
  const { snapshot: _, ...rest } = lock;
  user.write({ "sessgen.lock.json": JSON.stringify(rest), "session.config.ts": config(coupon) });
  git(user, "commit", "-qam", "without a snapshot");
  const run = await user.run();
  expect(run.code).toBe(0);
  expect(run.err.match(/changes\/not-compared/g)).toHaveLength(1);
  expect(run.err).toContain("has no snapshot that can be read");
});

describe("sessgen", () => {
  it("tells what a change means: generate in a line, check in full, and as annotations", async () => {
    const user = await committed({ "session.config.ts": config(both) });
    user.write({ "session.config.ts": config(`${light}, plan: z.string().optional()`) });
    expect((await user.run()).out).toMatch(
      /^breaking: The member "dark" of theme was removed \[member-removed\]\nsafe: The field plan was added \[field-added\]\n\d+ files written/,
    );
    const check = await user.run("check", "--against", "main");
    expect(check.code).toBe(7);
    expect(check.err).toContain(
      "A change since main:sessgen.lock.json loses something, or takes a step: member-removed [changes/found]",
    );
    expect(check.out).toBe(
      [
        'breaking: The member "dark" of theme was removed [member-removed]',
        "  session.config.ts:5:22",
        "  A stored one cannot be read any more: the field, with all that is in it, reads as absent or as its default. In a list of members it is the whole list.",
        "  Lost: the field that has it, with all that is in it. By whom: sessions that hold it. Until: the field is assigned anew; until then it is read again by whoever knows the member.",
        "  Safely: Keep the member in the schema and stop assigning it; remove it when the lifetime of sessions is over.",
        "",
        "safe: The field plan was added [field-added]",
        "  session.config.ts:5:65",
        "",
        "2 changes since main:sessgen.lock.json",
        "",
      ].join("\n"),
    );
    const github = await user.run("check", "--against", "main", "--format", "github");
    expect(github.out).toMatch(
      /^::error file=session\.config\.ts,line=5,col=22,title=sessgen%3A member-removed::The member "dark" of theme was removed – breaking\.%0ALost: .*%0ASafely: .*\n::notice file=.*\n$/,
    );
    const accepted = await user.run(
      "check",
      "--against",
      "main",
      "--accept",
      "member-removed:theme",
      "--json",
    );
    expect(JSON.parse(accepted.out)).toMatchObject({
      ok: true,
      against: "main:sessgen.lock.json",
      changes: [
        { rule: "member-removed", class: "breaking", accepted: true, where: { line: 5 } },
        { rule: "field-added", class: "safe", accepted: false },
      ],
    });
    expect((await user.run("plan", "--against", "main")).out).toMatch(
      /1\. release-first\n.*\n {3}For: member-removed:theme="dark"\n2\. check\n/,
    );
  });

  it("checks each of several configs against its own lock", async () => {
    const admin = (schema: string) => config(schema, 'name: "admin", backend: { kind: "memory" }');
    const configs = ["--config", "session.config.ts", "--config", "admin.session.config.ts"];
    const user = await committed(
      {
        "session.config.ts": config(both),
        "admin.session.config.ts": admin("visits: z.int().default(0)"),
        "admin.sessgen.lock.json": lockText,
      },
      ...configs,
    );
    user.write({
      "session.config.ts": config(light),
      "admin.session.config.ts": admin("visits: z.string().optional()"),
    });
    await user.run(...configs);
    const { code, out } = await user.run("check", ...configs, "--against", "main", "--json");
    expect(code).toBe(7);
    expect(JSON.parse(out).changes.map(({ rule }: { rule: string }) => rule)).toEqual([
      "member-removed",
      "type-changed",
    ]);
  });

  it("plans a release: its steps, in their order, with what each needs", async () => {
    const schema = "user: z.object({ id: z.string() }).optional()";
    const user = await committed({ "session.config.ts": config(schema, backend) });
    user.write({ "session.config.ts": config(schema, `fields: { "user.id": { index: true } }, ${backend}`) });
    const { code, out } = await user.run("plan", "--environment", "production", "--json");
    expect(code).toBe(0);
    const index = { env: ["DATABASE_URL"], changes: ["index-added:user.id"], needed: true };
    const of = "--environment production";
    expect(JSON.parse(out)).toMatchObject({
      against: "HEAD:sessgen.lock.json",
      steps: [
        { step: "check", command: "npx sessgen check --against HEAD", needed: true, env: [] },
        { step: "migrate", command: `npx sessgen migrate ${of}`, ...index },
        { step: "deploy", needed: true, env: ["COOKIE_SECRET", "DATABASE_URL"], changes: [] },
        { step: "after-deploy", command: `npx sessgen migrate --after-deploy ${of}`, ...index },
        { step: "backfill", command: `npx sessgen backfill ${of}`, needed: false, changes: [] },
      ],
    });
    const text = (await user.run("plan")).out;
    expect(text).toContain("1. check\n   npx sessgen check --against HEAD\n");
    expect(text).toContain("   Set: DATABASE_URL\n   For: index-added:user.id\n");
    expect(text).toContain("5. backfill (finds nothing to do)\n");
    // As it is printed it goes through.
    expect((await user.run("plan", "--accept", "index-added")).out).toContain(
      "\n   npx sessgen check --against HEAD --accept index-added\n",
    );
  });

  it.each<[string, { given: string[]; want: string }]>([
    [
      "a rule that there is not",
      { given: ["--against", "main", "--accept", "member-remove"], want: "Did you mean member-removed?" },
    ],
    ["accept without against", { given: ["--accept", "member-removed"], want: "[cli/usage]" }],
    [
      "a format that there is not",
      { given: ["--against", "main", "--format", "gitlab"], want: "[cli/usage]" },
    ],
  ])("refuses %s", async (_name, { given, want }) => {
    const user = project({ "session.config.ts": config(light) });
    const { code, err } = await user.run("check", ...given);
    expect([code, err]).toEqual([2, expect.stringContaining(want)]);
  });
});
