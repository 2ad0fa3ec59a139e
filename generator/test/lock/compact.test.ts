import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import { describe, expect, it, onTestFinished } from "vitest";
import { newLock } from "../../src/lock/lock.js";
import { readLock } from "../../src/lock/text.js";
import { committedLocks } from "../../src/lock/versions.js";
import { emittedIn } from "../emit/module/releases.js";
import { application, config, type Project, project } from "../support/project.js";
import { repository } from "./repository.js";

const LOCK = "sessgen.lock.json";

/** A project in a repository of its own. */
function user() {
  const made = project({ ".gitignore": "src\nrelease-*\n" });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: made.root,
      encoding: "utf8",
      stdio: "pipe",
    });
  git("init", "-q", "-b", "main");
  return {
    ...made,
    git,
    /** Generates for a schema; `commit` with what git is told. */
    async generate(schema: string, rest?: string): Promise<void> {
      made.write({ "session.config.ts": config(schema, rest) });
      expect(await made.run()).toMatchObject({ code: 0, err: "" });
    },
    commit(...args: string[]): void {
      git("add", "--all");
      git("commit", "-qm", "another", ...args);
    },
  };
}

type User = ReturnType<typeof user>;

const logOf = (made: Project): string[] =>
  readLock(made.read(LOCK), LOCK).log.map(({ key, slot, generation }) => `${key}@${slot} in ${generation}`);

const a = "a: z.string()";

describe("sessgen lock --compact", () => {
  it.each<[string, { given: (made: User) => Promise<void>; want: string[] }]>([
    [
      "drops what was tried, with all beneath it",
      {
        given: async ({ generate, commit }) => {
          await generate(a);
          commit();
          await generate(`${a}, tried: z.object({ x: z.enum(["p", "q"]) })`);
          await generate(a);
        },
        want: ["a@0 in 1"],
      },
    ],
    [
      "drops what was tried before there was a commit",
      {
        given: async ({ generate }) => {
          await generate(`tried: z.string(), ${a}`);
          await generate(a);
        },
        want: ["a@0 in 1"],
      },
    ],
    [
      "gives what stands behind it a slot anew, and leaves what stands before",
      {
        given: async ({ generate, commit }) => {
          await generate(a);
          commit();
          await generate(`${a}, b: z.string(), tried: z.string(), kept: z.string()`);
          await generate(`${a}, b: z.string(), kept: z.string()`);
        },
        want: ["a@0 in 1", "b@1 in 2", "kept@2 in 2"],
      },
    ],
    [
      "gives what was renamed a slot under its new name",
      {
        given: async ({ generate, commit }) => {
          await generate(a);
          commit();
          await generate(`${a}, tried: z.string(), old: z.string()`);
          await generate(
            `${a}, kept: z.string()`,
            'fields: { kept: { was: "old" } }, backend: { kind: "memory" }',
          );
        },
        want: ["a@0 in 1", "kept@1 in 2"],
      },
    ],
    [
      "leaves what was committed and removed",
      {
        given: async ({ generate, commit }) => {
          await generate(`${a}, gone: z.string()`);
          commit();
          await generate(`${a}, tried: z.string()`);
          await generate(a);
        },
        want: ["a@0 in 1", "gone@1 in 1"],
      },
    ],
    [
      "leaves what another branch committed",
      {
        given: async ({ generate, commit, git }) => {
          await generate(a);
          commit();
          git("checkout", "-qb", "preview");
          await generate(`${a}, preview: z.string()`);
          commit();
          git("checkout", "-q", "main");
          await generate(`${a}, preview: z.string(), tried: z.string()`);
          await generate(a);
        },
        want: ["a@0 in 1", "preview@1 in 2"],
      },
    ],
    [
      "leaves what was committed and taken back",
      {
        given: async ({ generate, commit, git }) => {
          await generate(a);
          commit();
          await generate(`${a}, preview: z.string()`);
          commit();
          git("reset", "-q", "HEAD~1");
          await generate(a);
        },
        want: ["a@0 in 1", "preview@1 in 2"],
      },
    ],
    [
      "leaves what was committed under the lock's former name, in another folder",
      {
        given: async ({ generate, commit, git, write, read, root }) => {
          await generate(`${a}, gone: z.string()`);
          write({ "packages/web/old.lock.json": read(LOCK) });
          rmSync(join(root, LOCK));
          commit();
          git("mv", "packages/web/old.lock.json", LOCK);
          await generate(a);
        },
        want: ["a@0 in 1", "gone@1 in 1"],
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const made = user();
    await given(made);
    expect(await made.run("lock", "--compact")).toMatchObject({ code: 0, err: "" });
    expect(logOf(made)).toEqual(want);
  });

  it("emits everything anew, and finds nothing more", async () => {
    const made = user();
    await made.generate(`tried: z.string(), ${a}`);
    await made.generate(a);
    expect((await made.run("lock", "--compact")).out).toMatch(
      /^Given back: tried \(slot 0\)\n.*files written/s,
    );
    expect(await made.run("check")).toMatchObject({ code: 0 });
    expect((await made.run("lock")).out).toContain("Nothing to give back");
  });

  it("says what it would give back without --compact, and writes nothing", async () => {
    const made = user();
    await made.generate(`tried: z.string(), ${a}`);
    await made.generate(a);
    const before = made.read(LOCK);
    expect((await made.run("lock")).out).toBe(
      "Never committed, and not in the schema: tried (slot 0)\nnpx sessgen lock --compact gives the slots back\n",
    );
    expect(JSON.parse((await made.run("lock", "--json")).out)).toMatchObject({
      givenBack: [{ path: "tried", slot: 0, type: "string" }],
    });
    expect(made.read(LOCK)).toBe(before);
  });

  it("refuses where git ignores the lock, though there is a repository", async () => {
    const made = user();
    made.write({ ".gitignore": "*.lock.json\n" });
    await made.generate(a);
    expect(await made.run("lock", "--compact")).toMatchObject({
      code: 3,
      err: expect.stringMatching(/git ignores it \[lock\/no-history\]/),
    });
  });

  it.each<[string, { given: (folder: string) => string; want: RegExp }]>([
    ["there is no repository", { given: (folder) => folder, want: /there is no repository/ }],
    [
      "the clone is shallow",
      {
        given: (folder) => {
          const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
          const identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
          git("init", "-q");
          for (const message of ["one", "two"])
            git(...identity, "commit", "-q", "--allow-empty", "-m", message);
          git("clone", "-q", "--depth=1", `file://${folder}`, "clone");
          return join(folder, "clone");
        },
        want: /shallow/,
      },
    ],
  ])("refuses where %s", async (_name, { given, want }) => {
    const folder = mkdtempSync(join(tmpdir(), "sessgen-compact-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(given(folder), LOCK);
    await expect(committedLocks(newLock(application), path)).rejects.toThrow(want);
  });

  it("refuses where a version that was committed cannot be read", async () => {
    const { folder, git, generate, commit } = repository();
    git("init", "-q");
    const path = join(folder, LOCK);
    const lock = await generate({});
    appendFileSync(path, "oops");
    commit();
    await expect(committedLocks(lock, path)).rejects.toThrow(/cannot be read/);
  });
});

/** A preview was deployed from what was never committed, and its sessions are in the store. */
describe("what was deployed all the same", () => {
  interface Fields {
    a: string;
    tried: string;
    kept: string;
    other: string;
    user: { id: string; nick?: string; other?: string };
  }
  const base = "a: z.string().optional(), user: z.object({ id: z.string() }).optional()";
  const nested = (more: string): string =>
    `a: z.string().optional(), user: z.object({ id: z.string(), ${more}: z.string().optional() }).optional()`;

  it.each<
    [string, { given: { preview: string; next: string; slots: [string, string] }; want: Partial<Fields> }]
  >([
    [
      "is not read as the field that got its slot",
      {
        given: {
          preview: `${base}, tried: z.string().optional()`,
          next: `${base}, other: z.string().optional()`,
          slots: ["tried", "other"],
        },
        want: { a: "a", user: { id: "1" } },
      },
    ],
    [
      "is not read as what stood behind it and got its slot",
      {
        given: {
          preview: `${base}, tried: z.string().optional(), kept: z.string().optional()`,
          next: `${base}, kept: z.string().optional()`,
          slots: ["tried", "kept"],
        },
        want: { a: "a", user: { id: "1" } },
      },
    ],
    [
      "is not read as a property of an object that got its slot",
      // The object is newer as a whole.
      {
        given: { preview: nested("nick"), next: nested("other"), slots: ["user.nick", "user.other"] },
        want: { a: "a" },
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const made = user();
    const release = async (schema: string, number: number) => {
      await made.generate(schema, `output: "release-${number}", backend: { kind: "memory" }`);
      return emittedIn<Fields>(join(made.root, `release-${number}`));
    };
    const slotOf = (path: string) =>
      readLock(made.read(LOCK), LOCK).log.find(({ key }) => key === path)?.slot;
    await release(base, 0);
    made.commit();
    const preview = await release(given.preview, 1);
    const slot = slotOf(given.slots[0]);
    await release(base, 2);
    expect(await made.run("lock", "--compact")).toMatchObject({ code: 0, err: "" });
    const after = await release(given.next, 3);
    expect(slotOf(given.slots[1])).toBe(slot);

    const store = memoryStore();
    const sessions = after.sessions({ store });
    /** What the new release reads of a session that the preview wrote. */
    const opened = async (previews: ReturnType<typeof preview.sessions>) => {
      const first = await previews.open(undefined);
      const values = { a: "a", tried: "secret", kept: "kept", user: { id: "1", nick: "secret" } };
      for (const [name, value] of Object.entries(values))
        if (given.preview.includes(`${name}:`)) Reflect.set(first, name, value);
      const [cookie = ""] = await first.$commit();
      return { cookie: cookie.split(";")[0], session: await sessions.open(cookie.split(";")[0]) };
    };
    const previews = preview.sessions({ store });
    const { cookie, session } = await opened(previews);
    expect(session.$isNew).toBe(false);
    expect(session.toJSON()).toEqual(want);
    // The preview goes on with what both know.
    session.a = "b";
    await session.$commit();
    expect((await previews.open(cookie)).a).toBe("b");
    // It is the history that tells: under that of the new release the value would be another field's.
    const misread = (await opened(preview.sessions({ store, history: after.history }))).session;
    expect(JSON.stringify(misread.toJSON())).toMatch(/"(?:other|kept)":"secret"/);
  });
});
