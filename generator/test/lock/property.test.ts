import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { format } from "prettier";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { catalog } from "../../src/cli/catalog.js";
import { SessgenError } from "../../src/errors.js";
import { applyLock } from "../../src/lock/apply.js";
import { compact } from "../../src/lock/compact.js";
import { historyOf, positionsOf } from "../../src/lock/history.js";
import { groupOf, type Lock, newLock } from "../../src/lock/lock.js";
import { snapshotOf } from "../../src/lock/snapshot.js";
import { printLock, readLock, readSides } from "../../src/lock/text.js";
import { buildModel, configOf } from "../model/config.js";
import { application } from "../support/project.js";

/** The types that fields are given, by what the model of this test calls them. */
const types: readonly z.ZodType[] = [
  z.string(),
  z.number(),
  z.object({ x: z.string() }),
  z.object({ x: z.string(), y: z.enum(["p", "q"]) }),
  z.object({ y: z.enum(["q", "r"]) }),
  z.array(z.object({ x: z.number() })),
  z.union([z.string(), z.int()]),
];
const names = ["a", "b", "c"];

/** A schema by the numbers of its fields' types, and what its fields were called before. */
interface Schema {
  readonly fields: Readonly<Record<string, number>>;
  readonly was: Readonly<Record<string, string>>;
}

/** One line of history: what is there now, and every lock that came before. */
interface Branch {
  schema: Schema;
  readonly locks: Lock[];
}

const folder = mkdtempSync(join(tmpdir(), "sessgen-merge-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Built = Awaited<ReturnType<typeof modelOf>>;

async function modelOf({ fields, was }: Schema) {
  const shape = Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [name, types[type] ?? z.string()]),
  );
  const policies = Object.fromEntries(
    Object.entries(was).flatMap(([name, former]) => (name in fields ? [[name, { was: former }]] : [])),
  );
  const config = configOf(z.object(shape), { fields: policies });
  return { config, model: (await buildModel(config)).model };
}

/**
 * Works with the model of a schema. What a field was called before goes, as the message says, where
 * a lock that was reverted knows nothing of it.
 */
async function working<T>(schema: Schema, work: (built: Built) => T): Promise<T> {
  for (let given = schema; ; ) {
    try {
      return work(await modelOf(given));
    } catch (error) {
      if (!(error instanceof SessgenError) || error.code !== "lock/unknown-was") throw error;
      const path = error.envelope.where?.path ?? "";
      if (!(path in given.was)) throw error;
      given = { ...given, was: without(given.was, path) };
    }
  }
}

/** What git makes of the texts of both sides: what it cannot merge stays in it. */
function merged(ours: string, base: string, theirs: string): string {
  const files = Object.entries({ ours, base, theirs }).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return name;
  });
  try {
    return execFileSync("git", ["merge-file", "-p", ...files], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    // The exit code is the number of conflicts.
    return String(Reflect.get(Object(error), "stdout"));
  }
}

/** Applies a schema, giving out new slots as the messages say for as long as entries share one. */
async function generate(text: string, schema: Schema): Promise<Lock> {
  const renumber: string[] = [];
  for (;;) {
    try {
      return await working(schema, ({ config, model }) => {
        const locked = applyLock(model, readLock(text, "lock", { renumber }), { renumber });
        expect(positionsOf(locked.model, locked.lock).size).toBe(model.fields.length);
        return { ...locked.lock, snapshot: snapshotOf(config, locked.model, catalog) };
      });
    } catch (error) {
      if (!(error instanceof SessgenError) || error.code !== "lock/slot-conflict" || renumber.length > 50)
        throw error;
      renumber.push(error.envelope.where?.path ?? "");
    }
  }
}

const key = ({ key, slot, type }: Lock["log"][number]): string => JSON.stringify([key, slot, type]);

/** How many entries two logs have in common, from their beginning. */
function common(one: Lock, other: Lock): number {
  const differs = one.log.findIndex(
    (entry, index) => other.log[index] === undefined || key(entry) !== key(other.log[index]),
  );
  return differs === -1 ? one.log.length : differs;
}

/** Gives back what was never committed; says whether there was something. */
async function checkCompact(schema: Schema, lock: Lock, committed: readonly Lock[]): Promise<boolean> {
  const { lock: compacted, givenBack } = await working(schema, ({ model }) =>
    compact(model, lock, committed),
  );
  const again = await generate(printLock(compacted), schema);
  check(again);
  // Whoever runs what was committed shares as much of the log as before.
  for (const one of committed) expect(common(again, one)).toBeGreaterThanOrEqual(common(lock, one));
  for (const one of givenBack) for (const { log } of committed) expect(log.map(key)).not.toContain(key(one));
  const twice = await working(schema, ({ model }) => compact(model, again, committed));
  expect(twice.givenBack).toEqual([]);
  return givenBack.length > 0;
}

/**
 * What is deployed goes on, whichever side it is on, and nothing has to be renumbered; but of what
 * each side has given another name, or one has renamed and the other has not, the user has to say
 * which it is.
 *
 * @returns whether there was something to check
 */
async function checkDeployed(text: string, schema: Schema, deployed: Lock): Promise<boolean> {
  if (!text.includes("<<<<<<<")) return false;
  const { lock, taken = [] } = readSides(text, "lock", { deployed: deployed.log });
  const allocations = [...lock.entries.values()].map(({ allocation }) => allocation);
  const isRenamedTwice = new Set(allocations).size < allocations.length;
  if (isRenamedTwice || Object.values(schema.was).some((former) => former in schema.fields)) return false;
  const isCompacted = taken.length > 0;
  const merged = await working(schema, ({ model }) => applyLock(model, lock, { isCompacted }).lock);
  check(merged);
  expect(merged.log.slice(0, deployed.log.length).map(key)).toEqual(deployed.log.map(key));
  return true;
}

function check(lock: Lock): void {
  const places = [...lock.entries].map(([path, { allocation }]) => `${groupOf(path)} ${allocation.slot}`);
  expect(new Set(places).size, "a slot is taken twice").toBe(places.length);
  for (const { allocation } of lock.entries.values()) expect(lock.log).toContain(allocation);
  const { hashes, generations } = historyOf(lock);
  expect(hashes).toHaveLength(lock.log.length);
  expect(generations.at(-1) ?? 0).toBe(lock.log.length);
  const text = printLock(lock);
  expect(printLock(readLock(text, "lock"))).toBe(text);
}

const name = fc.constantFrom(...names);
const type = fc.nat(types.length - 1);
const branch = fc.constantFrom(0, 0, 0, 1, 2);
const edit = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("set" as const), branch, name, type }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), branch, name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("rename" as const), branch, name, to: name }) },
  fc.record({ kind: fc.constant("revert" as const), branch, steps: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("fork" as const), branch, into: branch }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("merge" as const), branch, from: branch }) },
);

const without = <T>(object: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(object).filter(([other]) => other !== name));

it("a line of history only adds to its log, whatever is edited, reverted, forked and merged", async () => {
  let merges = 0;
  let deployedMerges = 0;
  let compactions = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 24, size: "max" }), async (edits) => {
      const empty: Branch = { schema: { fields: {}, was: {} }, locks: [newLock(application)] };
      const branches: Branch[] = [empty, empty, empty].map(({ schema, locks }) => ({
        schema,
        locks: [...locks],
      }));
      for (const step of edits) {
        const at = branches[step.branch];
        if (at === undefined) continue;
        const before = at.locks.at(-1) ?? newLock(application);
        const { fields, was } = at.schema;
        switch (step.kind) {
          case "set":
            at.schema = { fields: { ...fields, [step.name]: step.type }, was };
            break;
          case "remove":
            at.schema = { fields: without(fields, step.name), was: without(was, step.name) };
            break;
          case "rename": {
            const type = fields[step.name];
            if (type === undefined || step.to in fields) continue;
            at.schema = {
              fields: { ...without(fields, step.name), [step.to]: type },
              was: { ...without(was, step.name), [step.to]: step.name },
            };
            break;
          }
          case "revert":
            // The lock is that of an earlier commit again; the schema that is left makes of it what it can.
            if (at.locks.length > step.steps) at.locks.splice(-step.steps);
            continue;
          case "fork":
            if (step.into !== step.branch) branches[step.into] = { schema: at.schema, locks: [...at.locks] };
            continue;
          case "merge": {
            const other = branches[step.from];
            if (other === undefined || other === at) continue;
            const theirs = other.locks.at(-1) ?? before;
            const base = at.locks.findLast((lock) => other.locks.includes(lock)) ?? newLock(application);
            const text = merged(printLock(before), printLock(base), printLock(theirs));
            at.schema = {
              fields: { ...other.schema.fields, ...fields },
              was: { ...other.schema.was, ...was },
            };
            deployedMerges += Number(await checkDeployed(text, at.schema, theirs));
            const lock = await generate(text, at.schema);
            check(lock);
            merges += Number(text.includes("<<<<<<<"));
            // What both had is still the beginning, unless one side was reverted behind it.
            const shared = base.log.filter((one, index) =>
              [before, theirs].every(({ log }) => log[index] !== undefined && key(log[index]) === key(one)),
            );
            expect(lock.log.slice(0, shared.length).map(key)).toEqual(shared.map(key));
            at.locks.push(lock);
            continue;
          }
        }
        const lock = await generate(printLock(before), at.schema);
        check(lock);
        expect(lock.log.slice(0, before.log.length).map(key)).toEqual(before.log.map(key));
        expect(historyOf(lock).hashes.slice(0, before.log.length)).toEqual(historyOf(before).hashes);
        at.locks.push(lock);
      }
      // As if only every third lock had been committed.
      const committed = branches.flatMap(({ locks }) => locks.filter((_, index) => index % 3 === 0));
      for (const { schema, locks } of branches) {
        const done = await checkCompact(schema, locks.at(-1) ?? newLock(application), committed);
        compactions += Number(done);
        const text = printLock(locks.at(-1) ?? newLock(application));
        expect(await format(text, { parser: "json" })).toBe(text);
      }
    }),
    { numRuns: 100 },
  );
  expect(merges).toBeGreaterThan(0);
  expect(deployedMerges).toBeGreaterThan(0);
  expect(compactions).toBeGreaterThan(0);
});
