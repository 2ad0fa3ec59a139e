import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Change, compareStates } from "../../src/changes/compare.js";
import { rules } from "../../src/changes/rules/index.js";
import { stateOf } from "../../src/changes/state.js";
import { isMigrated } from "../../src/cli/changes.js";
import type { Lock } from "../../src/lock/lock.js";
import { printLock, readLock } from "../../src/lock/text.js";
import type { Fixture } from "./fixture.js";
import { type Drafts, drafts, run } from "./versions.js";

const folder = new URL("rules/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));

/** A lock as it comes from its file. */
const written = (lock: Lock): Lock => readLock(printLock(lock), "lock");

function changesOf({ before, after }: Drafts): readonly Change[] {
  return compareStates(
    stateOf(written(before.lock), "before"),
    stateOf(written(after.lock), "after"),
    isMigrated,
  );
}

it("every rule has a fixture", () => {
  expect(names.sort()).toEqual([...rules.keys()].sort());
});

describe.each([...rules])("%s", { tags: ["slow"] }, async (id, rule) => {
  const { fixture } = (await import(`${folder.href}${id}.ts`)) as { readonly fixture: Fixture };

  it("finds its own example, and what it says there is whole", async () => {
    const changes = changesOf(await drafts(rule.example));
    const [found] = changes.filter((change) => change.rule === id);
    expect(found).toMatchObject({ rule: id, class: rule.class });
    expect(rule.class === "breaking" || rule.class === "step").toBe(found?.loss !== undefined);
    expect(rule.class === "step").toBe((found?.steps.length ?? 0) > 0);
    if (rule.class === "safe" || rule.class === "once-deployed")
      expect(changes.filter((change) => change.loss !== undefined)).toEqual([]);
  });

  it.each(fixture)("%s", async (_name, one) => {
    const versions = await drafts({ ...rule.example, ...one.example });
    const [found] = changesOf(versions).filter((change) => change.rule === id);
    expect(found?.class).toBe(one.class ?? rule.class);
    expect(await run(versions, one.given, one)).toEqual(one.want);
  });
});
