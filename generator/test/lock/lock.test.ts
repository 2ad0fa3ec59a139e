import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { applyLock } from "../../src/lock/apply.js";
import { type Lock, newLock } from "../../src/lock/lock.js";
import { printLock, readLock } from "../../src/lock/text.js";
import type { SessionModel } from "../../src/model/model.js";
import type { FieldPolicy } from "../../src/model/policies/policies.js";
import { buildModel, configOf } from "../model/config.js";
import { application, config, project } from "../support/project.js";

async function model(
  shape: Record<string, z.ZodType>,
  fields: Record<string, FieldPolicy> = {},
): Promise<SessionModel> {
  return (await buildModel(configOf(z.object(shape), { fields }))).model;
}

/** Slots by path. */
function slots(lock: Lock): Record<string, number> {
  return Object.fromEntries([...lock.entries].map(([path, { allocation }]) => [path, allocation.slot]));
}

/** Applies one schema after the other. */
async function evolve(...shapes: Record<string, z.ZodType>[]): Promise<Lock> {
  let lock = newLock(application);
  for (const shape of shapes) lock = applyLock(await model(shape), lock).lock;
  return lock;
}

const [string, number] = [z.string(), z.number()];

describe("slots", () => {
  it.each<[string, { given: Record<string, z.ZodType>[]; want: Record<string, number> }]>([
    ["are given out in order", { given: [{ a: string, b: string }], want: { a: 0, b: 1 } }],
    [
      "do not change with the order",
      {
        given: [
          { a: string, b: string },
          { b: string, a: string },
        ],
        want: { a: 0, b: 1 },
      },
    ],
    [
      "are not given out again",
      {
        given: [{ a: string, b: string }, { b: string }, { b: string, c: string }],
        want: { a: 0, b: 1, c: 2 },
      },
    ],
    [
      "come back with their field",
      { given: [{ a: string, b: string }, { b: string }, { b: string, a: string }], want: { a: 0, b: 1 } },
    ],
    [
      "change with the type",
      {
        given: [
          { a: string, b: string },
          { a: number, b: string },
        ],
        want: { a: 2, b: 1, "a~0": 0 },
      },
    ],
    [
      "do not change with null or absence",
      { given: [{ a: string }, { a: string.nullish() }], want: { a: 0 } },
    ],
    [
      "are counted per object",
      {
        given: [{ a: z.object({ x: string, y: string }), b: z.object({ x: string }) }],
        want: { a: 0, "a.x": 0, "a.y": 1, b: 1, "b.x": 0 },
      },
    ],
    [
      "are given to members of enums",
      {
        given: [{ a: z.enum(["x", "y"]) }, { a: z.enum(["z", "y"]) }],
        want: { a: 0, 'a="x"': 0, 'a="y"': 1, 'a="z"': 2 },
      },
    ],
    [
      "are given to variants of unions",
      {
        given: [
          {
            a: z.discriminatedUnion("k", [z.object({ k: z.literal("x") }), z.object({ k: z.literal("y") })]),
          },
        ],
        want: { a: 0, "a|x": 0, "a|x.k": 0, "a|y": 1, "a|y.k": 0 },
      },
    ],
    [
      "are found inside of lists, maps and tuples",
      {
        given: [{ a: z.array(z.object({ x: string })), b: z.map(string, z.object({ y: string })) }],
        want: { a: 0, "a[].x": 0, b: 1, "b<value>.y": 0 },
      },
    ],
    [
      "know names with dots from paths",
      { given: [{ "a.b": string, a: z.object({ b: string }) }], want: { '"a.b"': 0, a: 1, "a.b": 0 } },
    ],
  ])("%s", async (_name, { given, want }) => {
    expect(slots(await evolve(...given))).toEqual(want);
  });

  it("move with a field that is renamed", async () => {
    const before = await evolve({ old: z.object({ x: string }), other: string });
    const { lock } = applyLock(
      await model({ other: string, fresh: z.object({ x: string }) }, { fresh: { was: "old" } }),
      before,
    );
    expect(slots(lock)).toEqual({ fresh: 0, "fresh.x": 0, other: 1 });
  });

  it("stay with what a merge has left of another field, when one takes its name", async () => {
    const first = await evolve({ gone: z.object({ x: string }), old: z.object({ y: string }) });
    // Its slot went to another branch, and what was in it stayed.
    const entries = new Map([...first.entries].filter(([path]) => path !== "gone"));
    const before = { ...first, entries };
    const { lock } = applyLock(
      await model({ gone: z.object({ y: string }) }, { gone: { was: "old" } }),
      before,
    );
    expect(slots(lock)).toEqual({ "gone~0.x": 0, gone: 1, "gone.y": 0 });
    expect(lock.log).toEqual(before.log);
  });

  it("are not those of a group that has moved: key and slot name one allocation", async () => {
    const before = await evolve({ old: z.object({ x: string }) });
    const moved = applyLock(
      await model({ fresh: z.object({ x: string }) }, { fresh: { was: "old" } }),
      before,
    );
    const { lock } = applyLock(
      await model({ fresh: z.object({ x: string }), old: z.object({ x: string }) }),
      moved.lock,
    );
    expect(slots(lock)).toEqual({ fresh: 0, "fresh.x": 0, old: 1, "old.x": 1 });
    expect(readLock(printLock(lock), "lock").log).toEqual(lock.log);
  });
});

describe("two branches that each added a field", () => {
  const base = "alpha: z.string(), omega: z.string(),";

  async function merged(first: string, second: string) {
    const user = project({ "session.config.ts": config(base), ".gitignore": "src\n" });
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
        cwd: user.root,
        encoding: "utf8",
        stdio: "pipe",
      });
    await user.run();
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-qm", "base");
    for (const [branch, field] of [
      ["one", first],
      ["two", second],
    ] as const) {
      git("checkout", "-q", "-b", branch, "main");
      user.write({ "session.config.ts": config(`${base} ${field}: z.string(),`) });
      await user.run();
      git("commit", "-qam", branch);
    }
    // The config conflicts, as it does for everybody; the user writes both fields. The lock is left as git leaves it.
    try {
      git("merge", "-q", "one", "-m", "merge");
    } catch {
      // Conflicts.
    }
    user.write({ "session.config.ts": config(`${base} ${first}: z.string(), ${second}: z.string(),`) });
    return user;
  }

  it.each<[string, { given: [first: string, second: string] }]>([
    ["apart from each other in the lock", { given: ["beta", "zeta"] }],
    ["side by side, which git leaves as a conflict", { given: ["beta", "gamma"] }],
  ])("%s: found, and mended as the message says", async (_name, { given }) => {
    const user = await merged(...given);
    const refused = await user.run();
    expect(refused.code).toBe(3);
    expect(refused.err).toContain("[lock/slot-conflict]");
    const [, path = ""] = /npx sessgen --renumber '([^']+)'/.exec(refused.err) ?? [];
    expect((await user.run("--renumber", path)).code).toBe(0);
    const lock = readLock(user.read("sessgen.lock.json"), "lock");
    expect(new Set(Object.values(slots(lock)))).toEqual(new Set([0, 1, 2, 3]));
    expect((await user.run("check")).code).toBe(0);
  });

  it("--renumber of nothing is refused", async () => {
    const user = project({ "session.config.ts": config(base) });
    await user.run();
    expect(await user.run("--renumber", "nobody")).toMatchObject({
      code: 2,
      err: expect.stringContaining("[lock/unknown-path]"),
    });
  });
});
