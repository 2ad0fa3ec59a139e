import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Artifact } from "../../src/output/artifact.js";
import { compare } from "../../src/output/compare.js";
import { manifestName, readManifest } from "../../src/output/manifest.js";
import { writeChanges } from "../../src/output/write.js";
import { type Project, project } from "../support/project.js";

const owned = (path: string, content: string): Artifact => ({ path, content, kind: "owned" });
const first = [
  owned("out/a.ts", "a1\n"),
  owned("out/b.ts", "b1\n"),
  { path: "lock.json", content: "l1\n", kind: "shared" } as const,
];
const second = [
  owned("out/a.ts", "a2\n"),
  owned("out/c/d.ts", "d2\n"),
  { path: "lock.json", content: "l2\n", kind: "shared" } as const,
];

/** What the command does with a plan. */
async function write(
  user: Project,
  artifacts: readonly Artifact[],
  more: { force?: boolean; beforeEach?: (path: string) => void } = {},
) {
  const path = join("out", manifestName);
  const manifest = readManifest(existsSync(join(user.root, path)) ? user.read(path) : undefined);
  const changes = await compare(user.root, artifacts, manifest, "out");
  const unowned = new Set(artifacts.filter(({ kind }) => kind !== "owned").map((artifact) => artifact.path));
  await writeChanges(changes, { root: user.root, output: "out", manifest, unowned, ...more });
}

/** What every project has from the start. */
const given = ["package.json", "sessgen.lock.json"];

/** Every other file but the manifest, by content. */
function tree(user: Project): Record<string, string> {
  const names = readdirSync(user.root, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter(
    (name) => /\.(ts|json)$/.test(name) && !name.endsWith(manifestName) && !given.includes(name),
  );
  return Object.fromEntries(files.map((name) => [name, user.read(name)]));
}

const codes = (...wanted: string[]) =>
  expect.objectContaining({ errors: wanted.map((code) => expect.objectContaining({ code })) });

describe("the writer", () => {
  it("writes, replaces and removes what is ours", async () => {
    const user = project();
    await write(user, first);
    expect(tree(user)).toEqual({ "lock.json": "l1\n", "out/a.ts": "a1\n", "out/b.ts": "b1\n" });
    await write(user, second);
    expect(tree(user)).toEqual({ "lock.json": "l2\n", "out/a.ts": "a2\n", "out/c/d.ts": "d2\n" });
  });

  it("leaves identical files alone, to the time they were written", async () => {
    const user = project();
    await write(user, first);
    const files = ["lock.json", "out/a.ts", "out/b.ts", `out/${manifestName}`].map((name) =>
      join(user.root, name),
    );
    for (const file of files) utimesSync(file, 1000, 1000);
    await write(user, first);
    expect(files.map((file) => statSync(file).mtimeMs)).toEqual(files.map(() => 1_000_000));
  });

  it("sees no difference in line ends", async () => {
    const user = project();
    await write(user, first);
    user.write({ "out/a.ts": "a1\r\n" });
    await write(user, second);
    expect(user.read("out/a.ts")).toBe("a2\n");
  });

  it.each<[string, { given: (user: Project) => Promise<void>; want: string }]>([
    [
      "changed by hand",
      {
        given: async (user) => {
          await write(user, first);
          user.write({ "out/a.ts": "mine\n" });
        },
        want: "write/edited",
      },
    ],
    ["not ours", { given: async (user) => user.write({ "out/a.ts": "mine\n" }), want: "write/foreign" }],
  ])(
    "does not overwrite what is %s, writes nothing else either, unless forced",
    async (_name, { given, want }) => {
      const user = project();
      await given(user);
      const before = tree(user);
      await expect(write(user, second)).rejects.toEqual(codes(want));
      expect(tree(user)).toEqual(before);
      await write(user, second, { force: true });
      expect(tree(user)).toMatchObject({ "out/a.ts": "a2\n" });
    },
  );

  it("does not remove what was changed by hand", async () => {
    const user = project();
    await write(user, first);
    user.write({ "out/b.ts": "mine\n" });
    await write(user, second);
    expect(user.read("out/b.ts")).toBe("mine\n");
  });

  it("never touches what is written once", async () => {
    const user = project();
    await write(user, [{ path: "infra/up.sql", content: "1\n", kind: "once" }]);
    await write(user, [{ path: "infra/up.sql", content: "2\n", kind: "once" }]);
    await write(user, []);
    expect(user.read("infra/up.sql")).toBe("1\n");
  });

  it("stopped before any step, leaves each file old or new, and the next run completes the work", async () => {
    for (let stop = 0; ; stop += 1) {
      const user = project();
      await write(user, first);
      let steps = 0;
      const beforeEach = (): void => {
        if (steps === stop) throw new Error("killed");
        steps += 1;
      };
      const killed = await write(user, second, { beforeEach }).then(
        () => false,
        () => true,
      );
      const [old, fresh] = [
        { "out/a.ts": "a1\n", "out/b.ts": "b1\n", "lock.json": "l1\n" },
        { "out/a.ts": "a2\n", "out/c/d.ts": "d2\n", "lock.json": "l2\n" },
      ];
      for (const [name, content] of Object.entries(tree(user))) {
        expect([Reflect.get(old, name), Reflect.get(fresh, name)]).toContain(content);
      }
      // Even if the plan is another one by then: nothing that a stopped run wrote counts as changed by hand.
      const third = [owned("out/a.ts", "a3\n"), owned("out/c/d.ts", "d3\n")];
      await write(user, third);
      expect(tree(user)).toMatchObject({ "out/a.ts": "a3\n", "out/c/d.ts": "d3\n" });
      expect(existsSync(join(user.root, "out/b.ts"))).toBe(false);
      if (!killed) {
        expect(stop).toBeGreaterThan(4);
        return;
      }
    }
  });

  it("is killed by the system between two writes, and the next run completes the work", async () => {
    const user = project();
    await write(user, first);
    const url = (name: string): string =>
      JSON.stringify(new URL(`../../src/output/${name}`, import.meta.url).href);
    const script = `
      import { compare } from ${url("compare.ts")};
      import { readManifest } from ${url("manifest.ts")};
      import { writeChanges } from ${url("write.ts")};
      import { readFileSync } from "node:fs";
      const [root, artifacts] = [${JSON.stringify(user.root)}, ${JSON.stringify(second)}];
      const manifest = readManifest(readFileSync(root + "/out/${manifestName}", "utf8"));
      let steps = 0;
      await writeChanges(await compare(root, artifacts, manifest, "out"), {
        root, output: "out", manifest, unowned: new Set(["lock.json"]),
        beforeEach: () => { steps += 1; if (steps === 3) process.kill(process.pid, "SIGKILL"); },
      });`;
    user.write({ "kill.mts": script });
    expect(() =>
      execFileSync(process.execPath, ["--import", "tsx", "kill.mts"], { cwd: user.root, stdio: "pipe" }),
    ).toThrow();
    await write(user, second);
    const { "kill.mts": _script, ...files } = tree(user);
    expect(files).toMatchObject({ "lock.json": "l2\n", "out/a.ts": "a2\n", "out/c/d.ts": "d2\n" });
    expect(files).not.toHaveProperty("out/b.ts");
  });
});

describe("temporary files", () => {
  it("of runs that were killed are removed, of those that still run they are not", async () => {
    const user = project();
    await write(user, first);
    const ended = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
    const [left, used, foreign] = [
      `out/a.ts.${ended}-0123456789ab.tmp`,
      `out/a.ts.${process.pid}-0123456789ab.tmp`,
      "out/a.ts.tmp",
    ];
    user.write({ [left]: "half", [used]: "half", [foreign]: "mine" });
    await write(user, second);
    expect([left, used, foreign].map((path) => existsSync(join(user.root, path)))).toEqual([
      false,
      true,
      true,
    ]);
    expect(readdirSync(join(user.root, "out")).filter((name) => name.endsWith(".tmp"))).toHaveLength(2);
  });
});

describe("a file system that refuses", () => {
  it("has a file where the output folder should be", async () => {
    const user = project({ out: "I am a file\n" });
    await expect(write(user, first)).rejects.toMatchObject({ code: "write/not-a-folder" });
    expect(user.read("out")).toBe("I am a file\n");
  });

  it("has a folder where a file should be", async () => {
    const user = project();
    mkdirSync(join(user.root, "out/a.ts"), { recursive: true });
    await expect(write(user, first)).rejects.toMatchObject({ code: "write/failed" });
  });

  // A file system of 16 kB, which only root may mount.
  it.runIf(process.platform === "linux" && process.getuid?.() === 0)("is full, then read-only", async () => {
    const user = project();
    mkdirSync(join(user.root, "out"));
    const folder = join(user.root, "out");
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder]);
    try {
      await write(user, first);
      const large = [owned("out/a.ts", "x".repeat(100_000))];
      await expect(write(user, large)).rejects.toMatchObject({ code: "write/no-space" });
      expect(user.read("out/a.ts")).toBe("a1\n");
      execFileSync("mount", ["-o", "remount,ro", folder]);
      await expect(write(user, second)).rejects.toMatchObject({ code: "write/read-only" });
      expect(user.read("out/a.ts")).toBe("a1\n");
      execFileSync("mount", ["-o", "remount,rw", folder]);
      await write(user, second);
      expect(user.read("out/a.ts")).toBe("a2\n");
    } finally {
      execFileSync("umount", [folder]);
    }
  });
});
