import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { project } from "../../support/project.js";

const isThere = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

describe("completion", () => {
  it.each<[string, { given: readonly string[]; want: readonly string[] }]>([
    ["commands", { given: ["sessgen", "mi"], want: ["migrate"] }],
    ["several", { given: ["sessgen", "c"], want: ["check", "completion"] }],
    ["options of a command", { given: ["sessgen", "doctor", "--u"], want: ["--url"] }],
    ["values of an option", { given: ["sessgen", "check", "--format", "g"], want: ["github"] }],
    ["nothing of another command's", { given: ["sessgen", "doctor", "--format", "g"], want: [] }],
  ])("of %s, by bash itself", async (_name, { given, want }) => {
    const { code, out } = await project().run("completion", "bash");
    expect(code).toBe(0);
    const words = given.map((word) => `'${word}'`).join(" ");
    const script = `${out}\nCOMP_WORDS=(${words}); COMP_CWORD=${given.length - 1}; _sessgen; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["--norc"], { input: script, encoding: "utf8" });
    expect({ found: stdout.split("\n").filter((line) => line !== ""), stderr }).toEqual({
      found: want,
      stderr: "",
    });
  });

  it.each(["bash", "zsh", "fish"])("has every command and its options, for %s", async (shell) => {
    const { out } = await project().run("completion", shell);
    for (const word of ["generate", "doctor", "eject", "environment", "github"]) expect(out).toContain(word);
    if (!isThere(shell)) return;
    const { status, stderr } = spawnSync(shell, ["-n"], { input: out, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("knows no other shell", async () => {
    expect(await project().run("completion", "csh")).toMatchObject({
      code: 2,
      err: expect.stringContaining("bash, zsh, fish"),
    });
  });
});
