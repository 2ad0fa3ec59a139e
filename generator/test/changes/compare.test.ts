import { describe, expect, it } from "vitest";
import { compareStates } from "../../src/changes/compare.js";
import type { Example } from "../../src/changes/rule.js";
import { stateOf } from "../../src/changes/state.js";
import { isMigrated } from "../../src/cli/changes.js";
import { type Lock, newLock } from "../../src/lock/lock.js";
import { printLock, readLock } from "../../src/lock/text.js";
import { application } from "../support/project.js";
import { draft, drafts } from "./versions.js";

/** Each change in a line: its class, its rule and its path. */
async function linesOf(example: Example): Promise<readonly string[]> {
  const { before, after } = await drafts(example);
  return between(before.lock, after.lock);
}

function between(...locks: readonly [Lock, Lock]): readonly string[] {
  const [older, newer] = locks.map((lock) => stateOf(readLock(printLock(lock), "lock"), "lock"));
  if (older === undefined || newer === undefined) throw new Error("there are two");
  return compareStates(older, newer, isMigrated).map(
    (change) => `${change.class} ${change.rule} ${change.path}`,
  );
}

type Row = readonly [
  name: string,
  row: { readonly given: readonly [string, string]; readonly want: readonly string[] },
];

/** A type that contains itself. */
const tree =
  "(() => { const n = z.object({ v: z.string(), get kids() { return z.array(n); } }); return n; })()";

function upcast(path: string, from: string): string {
  return `fields: { "${path}": { upcast: [{ from: ${from}, module: "./up.ts", export: "up", down: "down" }] } }`;
}

const schema: readonly Row[] = [
  ["nothing", { given: ["a: z.string()", "a: z.string()"], want: [] }],
  [
    "what order the fields are in",
    { given: ["a: z.string(), b: z.int()", "b: z.int(), a: z.string()"], want: [] },
  ],
  [
    "of what came as a whole, the outermost alone",
    {
      given: [
        "a: z.string()",
        'a: z.string(), b: z.object({ c: z.enum(["d"]), e: z.array(z.object({ f: z.int() })) }).optional()',
      ],
      want: ["safe field-added b"],
    },
  ],
  [
    "of what went as a whole, too",
    {
      given: ['a: z.string(), b: z.object({ c: z.enum(["d"]) }).optional()', "a: z.string()"],
      want: ["once-deployed field-removed b"],
    },
  ],
  [
    "of another type, nothing of what was inside",
    {
      given: ['a: z.object({ b: z.enum(["c"]) }).optional()', "a: z.string().optional()"],
      want: ["breaking type-changed a"],
    },
  ],
  [
    "a list of something else",
    { given: ["a: z.array(z.string())", "a: z.array(z.int())"], want: ["breaking type-changed a"] },
  ],
  [
    "a type that got a name, and what changed in it",
    {
      given: [
        "a: z.object({ b: z.string(), c: z.int().optional() }).optional()",
        'a: z.object({ b: z.string().max(9), c: z.int() }).meta({ id: "A" }).optional()',
      ],
      want: ["breaking became-required @A.c", "step checks-tightened @A.b"],
    },
  ],
  [
    "a recursive type",
    {
      given: [
        "a: (() => { const n = z.object({ v: z.string(), get kids() { return z.array(n); } }); return n; })().optional()",
        "a: (() => { const n = z.object({ v: z.string(), w: z.int(), get kids() { return z.array(n); } }); return n; })().optional()",
      ],
      want: ["breaking property-added-required @A.w"],
    },
  ],
  [
    "a type that contained itself and went with its field",
    {
      given: [`a: ${tree}.optional(), b: z.int()`, "b: z.int()"],
      want: ["once-deployed field-removed a"],
    },
  ],
  [
    "one that came",
    { given: ["b: z.int()", `a: ${tree}.optional(), b: z.int()`], want: ["safe field-added a"] },
  ],
  [
    "one that is another type now, by a step",
    {
      given: [`a: ${tree}.optional()`, `a: z.string().optional() }), ...({ ${upcast("a", tree)}`],
      want: ["safe type-changed a"],
    },
  ],
  [
    "one whose field is another type, and which another field still has",
    {
      given: [
        `...(() => { const n = ${tree}; return { a: n.optional(), b: n.optional() }; })()`,
        `...(() => { const n = ${tree}; return { a: z.string().optional(), b: n.optional() }; })()`,
      ],
      want: ["breaking type-changed a"],
    },
  ],
  [
    "one that has another type in it now, by a step",
    {
      given: [
        `a: z.object({ b: ${tree} }).optional()`,
        `a: z.object({ b: z.array(${tree}) }).optional() }), ...({ ${upcast("a.b", tree)}`,
      ],
      want: ["safe type-changed a.b"],
    },
  ],
  [
    "a list that got a name",
    {
      given: [
        "a: z.array(z.object({ b: z.int() }))",
        'a: z.array(z.object({ b: z.int() })).meta({ id: "GateList" })',
      ],
      want: [],
    },
  ],
  [
    "a field that was required and is not",
    { given: ["a: z.string()", "a: z.string().optional()"], want: ["safe became-optional a"] },
  ],
  [
    "a field that was not required and is",
    { given: ["a: z.string().optional()", "a: z.string()"], want: ["safe became-required a"] },
  ],
  [
    "a property whose default went",
    {
      given: [
        "a: z.object({ b: z.string().default('x') }).optional()",
        "a: z.object({ b: z.string() }).optional()",
      ],
      want: ["breaking became-required a.b", "once-deployed default-changed a.b"],
    },
  ],
  [
    "a default that came",
    { given: ["a: z.int().optional()", "a: z.int().default(3)"], want: ["once-deployed default-changed a"] },
  ],
  [
    "two fields that came where one went: which is which, nobody knows",
    {
      given: ["a: z.string().optional()", "b: z.string().optional(), c: z.string().optional()"],
      want: ["once-deployed field-removed a", "safe field-added b", "safe field-added c"],
    },
  ],
  [
    "a property that is called otherwise",
    {
      given: ["a: z.object({ b: z.string() }).optional()", "a: z.object({ c: z.string() }).optional()"],
      want: [
        "breaking property-added-required a.c",
        "breaking renamed-without-was a.c",
        "step property-removed a.b",
      ],
    },
  ],
  [
    "null inside of lists and maps",
    {
      given: [
        "a: z.array(z.string().nullable()), b: z.map(z.string(), z.int())",
        "a: z.array(z.string()), b: z.map(z.string(), z.int().nullable())",
      ],
      want: ["breaking null-forbidden a[]", "once-deployed null-allowed b<value>"],
    },
  ],
  [
    "a name with a dot in it",
    {
      given: [
        "'a.b': z.object({ c: z.string() }).optional()",
        "'a.b': z.object({ c: z.string(), 'd=': z.int() }).optional()",
      ],
      want: ['breaking property-added-required "a.b"."d="'],
    },
  ],
];

/** Checks that are stricter in the second one. */
const stricter: readonly (readonly [string, string])[] = [
  ["z.string()", "z.string().min(1)"],
  ["z.string().max(9)", "z.string().max(8)"],
  ["z.string()", "z.email()"],
  ["z.string()", "z.string().regex(/a/)"],
  ["z.string()", "z.string().startsWith('a')"],
  ["z.string().includes('a')", "z.string().includes('a').includes('b')"],
  ["z.number()", "z.int()"],
  ["z.number().min(0)", "z.number().gt(0)"],
  ["z.number().gt(0)", "z.number().min(1)"],
  ["z.number().max(9)", "z.number().lt(9)"],
  ["z.number()", "z.number().multipleOf(2)"],
  ["z.bigint().min(1n)", "z.bigint().min(2n)"],
  ["z.date()", "z.date().min(new Date(0))"],
  ["z.array(z.string())", "z.array(z.string()).max(3)"],
  ["z.array(z.string())", "z.array(z.string().max(3))"],
  ["z.set(z.string())", "z.set(z.string()).min(1)"],
  ["z.map(z.string(), z.int())", "z.map(z.string(), z.int()).max(3)"],
  ["z.tuple([z.string(), z.int().optional()])", "z.tuple([z.string(), z.int()])"],
  ["z.instanceof(Uint8Array)", "z.instanceof(Uint8Array).refine(() => true)"],
];

const options: readonly Row[] = [
  [
    "one backend for all becomes one per environment: those that have another one now",
    {
      given: [
        'backend: { kind: "sqlite", file: "s.db" }',
        'backend: { development: { kind: "sqlite", file: "s.db" }, production: { kind: "redis", url: env("REDIS_URL") } }',
      ],
      want: ["breaking backend-changed backend", "breaking backend-changed backend.production"],
    },
  ],
  [
    "of a backend: prefix, table, schema",
    {
      given: [
        'backend: { production: { kind: "postgres", url: env("A") }, test: { kind: "redis", url: env("B"), prefix: "a:" } }',
        'backend: { production: { kind: "postgres", url: env("C"), table: "t", schema: "s" }, test: { kind: "redis", url: env("B"), prefix: env("PREFIX") } }',
      ],
      want: [
        "breaking backend-address-changed backend.production.url",
        "breaking backend-moved backend.production.schema",
        "breaking backend-moved backend.production.table",
        "breaking backend-moved backend.test.prefix",
      ],
    },
  ],
  [
    "the permissions of files, which move nothing",
    {
      given: [
        'backend: { kind: "file", directory: "d" }',
        'backend: { kind: "file", directory: "d", mode: 0o640 }',
      ],
      want: [],
    },
  ],
  [
    "secure, which is part of the default name",
    {
      given: ["", "cookie: { secure: 'auto' }"],
      want: ["breaking cookie-renamed cookie.name", "safe cookie-attributes-changed cookie.secure"],
    },
  ],
  [
    "the cookie of one environment",
    {
      given: [
        "cookie: { production: { name: 'a' }, test: { name: 'b' } }",
        "cookie: { production: { name: 'a' }, test: { name: 'c', path: '/x' } }",
      ],
      want: ["breaking cookie-moved cookie.path", "breaking cookie-renamed cookie.name"],
    },
  ],
  [
    "a rotation: behind, and in front",
    {
      given: ["cookie: { secrets: [env('A')] }", "cookie: { secrets: [env('A'), env('B')] }"],
      want: ["safe cookie-secrets-changed cookie.secrets"],
    },
  ],
  [
    "its second step",
    {
      given: ["cookie: { secrets: [env('A'), env('B')] }", "cookie: { secrets: [env('B'), env('A')] }"],
      want: [],
    },
  ],
  [
    "all that encrypts, with nothing encrypted: what is stored may be",
    {
      given: ["encryption: { secrets: [env('A')] }", ""],
      want: ["breaking encryption-secrets-changed encryption.secrets"],
    },
  ],
  [
    "an index where the backend fills none in",
    {
      given: [
        "schema: z.object({ a: z.string() }), backend: { kind: 'file', directory: 'd' }",
        "schema: z.object({ a: z.string() }), fields: { a: { index: true } }, backend: { kind: 'file', directory: 'd' }",
      ],
      want: ["step index-added a"],
    },
  ],
  [
    "the first secret, beside a hashed index",
    {
      given: [
        "schema: z.object({ a: z.string() }), fields: { a: { index: 'hashed' } }",
        "schema: z.object({ a: z.string() }), fields: { a: { index: 'hashed' } }, cookie: { secrets: [env('A')], acceptUnsigned: true }",
      ],
      want: ["step index-key-changed a", "safe cookie-signed cookie.secrets"],
    },
  ],
  [
    "permanent lifetimes",
    {
      given: [
        "lifetime: { permanent: { idle: '31d', absolute: '90d' } }",
        "lifetime: { permanent: { idle: '40d', absolute: '60d' } }",
      ],
      want: [
        "breaking lifetime-shortened lifetime.permanent.absolute",
        "once-deployed lifetime-extended lifetime.permanent.idle",
      ],
    },
  ],
  [
    "the order of transports, which loses nothing",
    { given: ["transport: ['cookie', 'bearer']", "transport: ['bearer', 'cookie']"], want: [] },
  ],
];

describe("a change", () => {
  it.each(schema)("of the schema: %s", async (_name, { given: [before, after], want }) => {
    const of = (text: string): string => `schema: z.object({ ${text} })`;
    expect(await linesOf({ before: of(before), after: of(after) })).toEqual(want);
  });

  it.each<[string, { given: readonly [boolean, boolean]; want: string }]>([
    ["with all ways back", { given: [true, true], want: "safe type-changed a" }],
    ["without the last one", { given: [true, false], want: "once-deployed type-changed a" }],
    ["without the first one", { given: [false, true], want: "once-deployed type-changed a" }],
  ])("of a type to another one and back again, %s", async (_name, { given, want }) => {
    const [one, other] = given.map(
      (isBack, index) =>
        `{ from: z.${["string", "int"][index]}(), module: "./u.ts", export: "u"${isBack ? ', down: "d"' : ""} }`,
    );
    const version = (type: string, ...steps: readonly unknown[]): string =>
      `schema: z.object({ a: z.${type}().optional() }), fields: { a: { upcast: [${steps.join()}] } }`;
    const first = await draft(version("string"), newLock(application));
    const second = await draft(version("int", one), first.lock);
    const third = await draft(version("string", one, other), second.lock);
    expect(between(first.lock, third.lock)).toEqual([want]);
  });

  it.each(options)("of the config: %s", async (_name, { given: [before, after], want }) => {
    expect(await linesOf({ before, after })).toEqual(want);
  });

  it.each(stricter)("of checks: %s is less strict than %s", async (loose, strict) => {
    const of = (text: string): string => `schema: z.object({ a: ${text}.optional() })`;
    const isSame = strict.includes("refine");
    const [tighter, looser] = [
      await linesOf({ before: of(loose), after: of(strict) }),
      await linesOf({ before: of(strict), after: of(loose) }),
    ];
    const rules = (lines: readonly string[]) => [...new Set(lines.map((line) => line.split(" ")[1]))];
    expect([rules(tighter), rules(looser)]).toEqual(
      isSame
        ? [[], []]
        : [expect.arrayContaining(["checks-tightened"]), expect.arrayContaining(["checks-loosened"])],
    );
  });
});
