import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { catalog } from "../../src/cli/catalog.js";
import { applyLock } from "../../src/lock/apply.js";
import { type Lock, newLock } from "../../src/lock/lock.js";
import { snapshotOf } from "../../src/lock/snapshot.js";
import { printLock, readLock } from "../../src/lock/text.js";
import { buildModel, configOf } from "../model/config.js";
import { application } from "../support/project.js";

const string = z.string();

/** Applies the schemas one after the other, with the snapshot of the last. */
async function lockOf(...shapes: Record<string, z.ZodType>[]): Promise<Lock> {
  let lock = newLock(application);
  for (const shape of shapes) {
    const config = configOf(z.object(shape), {
      realm: { $env: "REALM" },
      cookie: { ...configOf(undefined).cookie, secrets: [{ $env: "NEW_SECRET" }, { $env: "OLD_SECRET" }] },
      transport: ["cookie", { header: "x-session" }],
    });
    const locked = applyLock((await buildModel(config)).model, lock);
    lock = { ...locked.lock, snapshot: snapshotOf(config, locked.model, catalog) };
  }
  return lock;
}

const shapes: readonly (readonly [string, Record<string, z.ZodType>[]])[] = [
  ["no field", [{}]],
  ["one field, whose allocation has room on the line of the list", [{ a: string }]],
  ["several", [{ b: string, a: z.number().default(3) }]],
  ["retired ones and others in their place", [{ a: string, b: string }, { a: z.number() }]],
  [
    "long names",
    [{ ["long".repeat(20)]: z.array(z.object({ ["member".repeat(9)]: string })).default([]) }, { a: string }],
  ],
  [
    "names of other scripts, quotes and prototypes",
    [{ 名前: string, 'a"b': z.enum(["é", '"', "👍"]), "c.d": string, "x y": string, "7": string }],
  ],
  [
    "named types and unions",
    [
      (() => {
        const node: z.ZodType = z.lazy(() =>
          z.object({ kids: z.array(node), either: z.union([string, z.int()]) }),
        );
        return { tree: node };
      })(),
    ],
  ],
];

describe("the lock's text", () => {
  it("has an allocation and an entry a line", async () => {
    const { snapshot: _, ...lock } = await lockOf({ b: string, a: z.number() }, { b: string });
    expect(printLock(lock)).toBe(`{
  "version": 2,
  "application": "${application}",
  "log": [
    { "key": "b", "slot": 0, "type": "string", "generation": 1 },
    { "key": "a", "slot": 1, "type": "number", "generation": 1 }
  ],
  "slots": {
    "a": { "slot": 1, "retired": true },
    "b": { "slot": 0 }
  }
}
`);
  });

  it.each(shapes)(
    "is what prettier makes of it, and is read as what was printed: %s",
    async (_name, given) => {
      const lock = await lockOf(...given);
      const text = printLock(lock);
      expect(await format(text, { parser: "json" })).toBe(text);
      expect(printLock(readLock(text, "lock"))).toBe(text);
    },
  );

  it("is left as it is by biome", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sessgen-lock-"));
    try {
      writeFileSync(join(folder, "biome.json"), '{ "formatter": { "indentStyle": "space" } }\n');
      for (const [index, [, given]] of shapes.entries())
        writeFileSync(join(folder, `${index}.sessgen.lock.json`), printLock(await lockOf(...given)));
      const biome = fileURLToPath(new URL("../../../node_modules/@biomejs/biome/bin/biome", import.meta.url));
      const out = execFileSync(process.execPath, [biome, "format", "."], { cwd: folder, encoding: "utf8" });
      expect(out).toContain(`Checked ${shapes.length + 1} files`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const good = `{
  "version": 2,
  "application": "${application}",
  "log": [
    { "key": "a", "slot": 0, "type": "string", "generation": 1 },
    { "key": "b", "slot": 1, "type": "string", "generation": 2 }
  ],
  "slots": {
    "a": { "slot": 0 },
    "b": { "slot": 1 }
  }
}
`;

describe("a lock is refused, with the line:", () => {
  it.each<[string, { given: string; line: number; why: string }]>([
    ["no JSON", { given: "hello\n", line: 1, why: "it is no JSON" }],
    ["no JSON further down", { given: good.replace("0, ", "0 "), line: 5, why: "CommaExpected" }],
    ["a list", { given: "[]\n", line: 1, why: "expected object" }],
    [
      "version 1",
      { given: good.replace('"version": 2', '"version": 1'), line: 2, why: "it has version 1, and" },
    ],
    ["an older form", { given: '{\n  "version": 1,\n  "slots": {\n', line: 4, why: "it is no JSON" }],
    ["version 3", { given: good.replace('"version": 2', '"version": 3'), line: 2, why: "version 3" }],
    ["no application", { given: good.replace(/ {2}"application".*\n/, ""), line: 1, why: "application" }],
    ["a short application", { given: good.replace(application, "x"), line: 3, why: "22 characters" }],
    ["a slot below 0", { given: good.replace('"slot": 1,', '"slot": -1,'), line: 6, why: "log.1.slot" }],
    [
      "an allocation without a type",
      {
        given: good.replace('"type": "string", "generation": 2', '"generation": 2'),
        line: 6,
        why: "log.1.type",
      },
    ],
    [
      "an unknown member",
      { given: good.replace('{ "slot": 0 }', '{ "slot": 0, "x": 1 }'), line: 9, why: '"x"' },
    ],
    [
      "an allocation given out twice",
      {
        given: good.replace('"key": "b", "slot": 1', '"key": "a", "slot": 0'),
        line: 6,
        why: "a got slot 0 twice",
      },
    ],
    [
      "a generation that comes too late",
      {
        given: good.replace('"generation": 1', '"generation": 3'),
        line: 6,
        why: "generation 2 comes after 3",
      },
    ],
    [
      "a slot that was never given out",
      { given: good.replace('"b": { "slot": 1 }', '"b": { "slot": 7 }'), line: 10, why: "for b" },
    ],
    [
      "one side of a merge that is no JSON",
      {
        given: good.replace(/( {4}"b": .*\n)/, "<<<<<<< HEAD\n$1=======\n    oops\n>>>>>>> other\n"),
        line: 13,
        why: "it is no JSON",
      },
    ],
  ])("%s", (_name, { given, line, why }) => {
    expect(() => readLock(given, "sessgen.lock.json")).toThrow(
      expect.objectContaining({
        code: "lock/unreadable",
        message: expect.stringContaining(why),
        envelope: expect.objectContaining({ where: { file: "sessgen.lock.json", line } }),
      }),
    );
  });

  it("two applications, of which one is to be kept", () => {
    const given = good.replace(
      /( {2}"application".*\n)/,
      `<<<<<<< HEAD\n$1=======\n  "application": "another-application-22",\n>>>>>>> b\n`,
    );
    expect(() => readLock(given, "sessgen.lock.json")).toThrow(
      expect.objectContaining({
        code: "lock/two-applications",
        envelope: expect.objectContaining({ where: { file: "sessgen.lock.json", line: 4 } }),
      }),
    );
  });
});

describe("both sides of a merge", () => {
  const allocation = (key: string, slot: number, type = "string", generation = 2): string =>
    JSON.stringify({ key, slot, type, generation });
  const text = (log: readonly string[], slots: object): string =>
    printJson({ version: 2, application, log: log.map((one) => JSON.parse(one)), slots });
  const printJson = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
  const base = allocation("a", 0, "object", 1);

  /** What git leaves when nothing of the two is the same. */
  const conflict = (ours: string, theirs: string): string =>
    `<<<<<<< HEAD\n${ours}||||||| base\n{}\n=======\n${theirs}>>>>>>> other\n`;

  it.each<
    [
      string,
      {
        given: readonly [ours: string, theirs: string];
        renumber?: readonly string[];
        log: readonly string[];
        slots: Record<string, number>;
      },
    ]
  >([
    [
      "are both taken, ours first",
      {
        given: [
          text([base, allocation("a.x", 0)], { a: { slot: 0 }, "a.x": { slot: 0 } }),
          text([base, allocation("b", 1)], { a: { slot: 0 }, b: { slot: 1 } }),
        ],
        log: [base, allocation("a.x", 0), allocation("b", 1, "string", 3)],
        slots: { a: 0, "a.x": 0, b: 1 },
      },
    ],
    [
      "are one where they gave out the same",
      {
        given: [
          text([base, allocation("b", 1)], { a: { slot: 0 }, b: { slot: 1 } }),
          text([base, allocation("c", 1, "number"), allocation("b", 1)], {
            a: { slot: 0 },
            c: { slot: 1 },
            b: { slot: 1 },
          }),
        ],
        log: [base, allocation("b", 1), allocation("c", 1, "number", 3)],
        slots: { a: 0, b: 1, c: 1 },
      },
    ],
    [
      "are in the order of the one that was deployed, if something of ours is to be renumbered",
      {
        given: [
          text([base, allocation("b", 1)], { a: { slot: 0 }, b: { slot: 1 } }),
          text([base, allocation("c", 1)], { a: { slot: 0 }, c: { slot: 1 } }),
        ],
        renumber: ["b"],
        log: [base, allocation("c", 1), allocation("b", 1, "string", 3)],
        slots: { a: 0, b: 1, c: 1 },
      },
    ],
    [
      "are told apart where they gave the same slot to the same key for another type",
      {
        given: [
          text([base, allocation("b", 1, "number")], { a: { slot: 0 }, b: { slot: 1 } }),
          text([base, allocation("b", 1, "string")], { a: { slot: 0 }, b: { slot: 1 } }),
        ],
        log: [base, allocation("b", 1, "number"), allocation("b", 1, "string", 3)],
        slots: { a: 0, b: 1, "b~1": 1 },
      },
    ],
    [
      "keep the higher of two slots of one path",
      {
        given: [
          text([base, allocation("b", 1), allocation("b", 2, "number")], {
            a: { slot: 0 },
            "b~1": { slot: 1, key: "b", retired: true },
            b: { slot: 2 },
          }),
          text([base, allocation("b", 1)], { a: { slot: 0 }, b: { slot: 1 } }),
        ],
        log: [base, allocation("b", 1), allocation("b", 2, "number")],
        slots: { a: 0, b: 2, "b~1": 1 },
      },
    ],
    [
      "know what one of them renamed",
      {
        given: [
          text([base, allocation("c", 1)], { a: { slot: 0 }, c: { slot: 1 } }),
          text([base], { z: { slot: 0, key: "a" } }),
        ],
        log: [base, allocation("c", 1)],
        slots: { z: 0, c: 1 },
      },
    ],
  ])("%s", (_name, { given: [ours, theirs], renumber = [], log, slots }) => {
    const lock = readLock(conflict(ours, theirs), "lock", { renumber });
    expect(lock.log).toEqual(log.map((one) => JSON.parse(one)));
    expect(
      Object.fromEntries([...lock.entries].map(([path, { allocation }]) => [path, allocation.slot])),
    ).toEqual(slots);
    for (const { allocation } of lock.entries.values()) expect(lock.log).toContain(allocation);
  });
});
