/** @module-tag slow */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/program.js";
import { readLock } from "../../src/lock/text.js";
import { config, type Project, project, type Run, runIn } from "../support/project.js";

const LOCK = "sessgen.lock.json";

/** A project without a lock. */
function fresh(): Project {
  const user = project({ "session.config.ts": config("visits: z.int().default(0)") });
  rmSync(join(user.root, LOCK));
  return user;
}

/** Runs at a terminal: one of the streams is one. */
async function atTerminal(
  user: Project,
  terminal: "stdin" | "stdout",
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  Object.assign(streams[terminal], { isTTY: true });
  const text = { out: "", err: "" };
  streams.stdout.on("data", (data) => {
    text.out += String(data);
  });
  streams.stderr.on("data", (data) => {
    text.err += String(data);
  });
  const code = await main(argv, { cwd: user.root, env, ...streams });
  return { code, ...text };
}

const applicationOf = (user: Project): string => readLock(user.read(LOCK), LOCK).application;

describe("the application id is made", () => {
  it.each<[string, (user: Project) => Promise<Run>]>([
    ["by a first generate with a terminal to read from", (user) => atTerminal(user, "stdin")],
    ["by a first generate with a terminal to write to", (user) => atTerminal(user, "stdout")],
    ["with --new-application", (user) => user.run("--new-application")],
    ["where CI is set to false", (user) => atTerminal(user, "stdin", [], { CI: "false" })],
  ])("%s, once", async (_name, run) => {
    const user = fresh();
    const { code, out } = await run(user);
    expect(code).toBe(0);
    expect(out).toContain("Made a new application id in sessgen.lock.json: commit it");
    const application = applicationOf(user);
    expect(user.read("src/session/index.ts")).toContain(`application: "${application}",`);
    const again = await run(user);
    expect(again.out).not.toContain("application id");
    expect(applicationOf(user)).toBe(application);
    expect((await user.run("check")).code).toBe(0);
  });

  it("by init, which leaves one that is there", async () => {
    const user = project();
    rmSync(join(user.root, LOCK));
    expect((await user.run("init", "--yes")).out).toContain("Wrote sessgen.lock.json");
    const application = applicationOf(user);
    expect((await user.run()).code).toBe(0);
    rmSync(join(user.root, "session.config.js"));
    expect((await user.run("init", "--yes", "--json")).out).not.toContain(LOCK);
    expect(applicationOf(user)).toBe(application);
  });

  it("anew for each project", async () => {
    const [one, other] = [fresh(), fresh()];
    for (const user of [one, other]) await user.run("--new-application");
    expect(applicationOf(one)).not.toBe(applicationOf(other));
  });
});

describe("no application id is made", () => {
  it.each<[string, (user: Project) => Promise<Run>]>([
    ["without a terminal", (user) => user.run()],
    ["under CI", (user) => atTerminal(user, "stdout", [], { CI: "true" })],
    [
      "under CI with --new-application",
      (user) => runIn(user.root, ["--new-application"], { env: { CI: "1" } }),
    ],
    ["by check", (user) => atTerminal(user, "stdin", ["check"])],
    ["by --dry-run", (user) => atTerminal(user, "stdin", ["--dry-run", "--new-application"])],
  ])("%s: lock/missing, and nothing is written", async (_name, run) => {
    const user = fresh();
    expect(await run(user)).toMatchObject({
      code: 3,
      err: expect.stringContaining("There is no sessgen.lock.json [lock/missing]"),
    });
    expect(existsSync(join(user.root, LOCK))).toBe(false);
    expect(existsSync(join(user.root, "src"))).toBe(false);
  });

  it("by init under CI, whose config is then without one", async () => {
    const user = project();
    rmSync(join(user.root, LOCK));
    const run = await runIn(user.root, ["init", "--yes"], { env: { CI: "true" } });
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).toContain("no application id");
    expect(existsSync(join(user.root, LOCK))).toBe(false);
  });
});

it("two branches that both made one are told so", async () => {
  const user = fresh();
  await user.run("--new-application");
  const ours = user.read(LOCK);
  rmSync(join(user.root, LOCK));
  await user.run("--new-application");
  const conflict = `<<<<<<< HEAD\n${ours}=======\n${user.read(LOCK)}>>>>>>> other\n`;
  user.write({ [LOCK]: conflict });
  expect(await user.run()).toMatchObject({
    code: 3,
    err: expect.stringContaining("has two application ids"),
  });
  expect(user.read(LOCK)).toBe(conflict);
});
