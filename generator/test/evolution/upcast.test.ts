import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Client, type Deploy, deploys, type Fields, formats, removeAll, type Version } from "./deploys.js";

const string = z.string();
const steps = {
  "steps.ts": [
    "export const toNumber = (old: string): number => { if (old === 'bad') throw new TypeError(old); return Number(old); };",
    "export const toText = (value: number): string => String(value);",
    "export const toList = (old: number): { n: number }[] => [{ n: old }];",
    "export const toLast = (list: readonly { n: number }[]): number => list.at(-1)?.n ?? 0;",
    "export const namesOf = (list: readonly { first: string; last?: string | undefined }[]) =>",
    "  Object.fromEntries(list.map(({ first, last = '' }, index) => [String(index), first + last]));",
    "export const wrong = (): number => -1;",
  ].join("\n"),
};
const step = (from: z.ZodType, name: string, down?: string) => ({
  from,
  module: "src/steps.ts",
  export: name,
  ...(down !== undefined && { down }),
});
const list = z.array(z.object({ n: z.number() }));

/** A string, then a number, then a list of objects. */
const chain = (down: boolean): Version[] => [
  { shape: { visits: string.optional(), other: z.int().default(0) } },
  {
    shape: { visits: z.number().nonnegative().optional(), other: z.int().default(0) },
    fields: { visits: { upcast: [step(string, "toNumber", down ? "toText" : undefined)] } },
    modules: steps,
  },
  {
    shape: { visits: list.optional(), other: z.int().default(0) },
    fields: {
      visits: {
        upcast: [
          step(string, "toNumber", down ? "toText" : undefined),
          step(z.number(), "toList", down ? "toLast" : undefined),
        ],
      },
    },
    modules: steps,
  },
];
const as: readonly ((value: number) => unknown)[] = [String, (value) => value, (value) => [{ n: value }]];

describe.each([
  ["with functions back", true],
  ["without", false],
] as const)("a type that changed twice, %s", (_name, down) => {
  let all: readonly Deploy[] = [];
  beforeAll(async () => {
    all = await deploys(...chain(down));
  });
  afterAll(() => removeAll(all));

  const read = async (client: Client, version: number) =>
    ((await client.read(all[version] as Deploy)) as Fields)["visits"];
  const write = (client: Client, version: number, value: number | undefined) =>
    client.request(all[version] as Deploy, (session) => {
      session["visits"] = value === undefined ? undefined : as[version]?.(value);
    });
  const touch = (client: Client, version: number) =>
    client.request(all[version] as Deploy, (session) => {
      session["other"] = Number(session["other"]) + 1;
    });

  it.each(formats)(
    "is read by every later version, and stays as it is for the earlier: %s",
    async (format) => {
      for (const writer of [0, 1]) {
        const client = new Client(format);
        await write(client, writer, 7);
        for (let reader = writer; reader < 3; reader += 1) {
          expect(await read(client, reader)).toEqual(as[reader]?.(7));
          await touch(client, reader);
        }
        expect(await read(client, writer)).toEqual(as[writer]?.(7));
      }
    },
  );

  it.each(formats)(
    "shows earlier versions what later ones write, if there is a function for it: %s",
    async (format) => {
      const client = new Client(format);
      await write(client, 0, 1);
      await write(client, 1, 2);
      expect(await read(client, 0)).toBe(down ? "2" : "1");
      await write(client, 2, 3);
      expect(await read(client, 1)).toBe(down ? 3 : 2);
      expect(await read(client, 0)).toBe(down ? "3" : "1");
      expect(await read(client, 2)).toEqual([{ n: 3 }]);
      for (const version of [0, 1, 2, 1, 0]) await touch(client, version);
      expect(await read(client, 2)).toEqual([{ n: 3 }]);
    },
  );

  it.each(formats)("counts what was written last, whoever wrote it: %s", async (format) => {
    const client = new Client(format);
    let value = 0;
    for (const writer of [0, 1, 2, 1, 2, 0, 2, 0, 1, 0]) {
      value += 1;
      await write(client, writer, value);
      for (let reader = writer; reader < 3; reader += 1) {
        expect(await read(client, reader), `${writer} wrote, ${reader} reads`).toEqual(as[reader]?.(value));
      }
    }
  });

  it.each(formats)("is removed for all: %s", async (format) => {
    for (const remover of [0, 1, 2]) {
      const client = new Client(format);
      for (const writer of [0, 1, 2]) await write(client, writer, 5);
      await write(client, remover, undefined);
      for (let reader = remover; reader < 3; reader += 1) expect(await read(client, reader)).toBeUndefined();
      // Whoever knows them all removes them all.
      if (remover === 2) for (const reader of [0, 1]) expect(await read(client, reader)).toBeUndefined();
    }
  });

  it.each(formats)("is changed in place: %s", async (format) => {
    const client = new Client(format);
    await write(client, 0, 4);
    await client.request(all[2] as Deploy, (session) => (session["visits"] as unknown[]).push({ n: 5 }));
    expect(await read(client, 2)).toEqual([{ n: 4 }, { n: 5 }]);
  });

  it.each(formats)("reads as absent where the function throws, and is kept: %s", async (format) => {
    const client = new Client(format);
    await client.request(all[0] as Deploy, (session) => {
      session["visits"] = "bad";
    });
    expect(await read(client, 1)).toBeUndefined();
    expect(client.unreadable).toContain("visits");
    await touch(client, 1);
    expect(await read(client, 0)).toBe("bad");
    // What the schema forbids is no better.
    await write(client, 0, -1);
    expect(await read(client, 1)).toBeUndefined();
    await write(client, 1, 3);
    expect(await read(client, 0)).toBe(down ? "3" : "-1");
    expect(await read(client, 2)).toEqual([{ n: 3 }]);
  });
});

it("decodes an old value when the field is read, and not before", async () => {
  const counted =
    "export let count = 0;\nexport const toNumber = (old: string): number => { count += 1; return Number(old); };";
  const all = await deploys(
    { shape: { visits: string.optional(), other: z.int().default(0) } },
    {
      shape: { visits: z.number().optional(), other: z.int().default(0) },
      fields: { visits: { upcast: [step(string, "toNumber")] } },
      modules: { "steps.ts": counted },
    },
  );
  const [older, newer] = all as [Deploy, Deploy];
  const client = new Client("packed");
  await client.request(older, (session) => Object.assign(session, { visits: "3" }));
  const count = async () => ((await import(`${newer.folder}/steps.ts`)) as { count: number }).count;
  await client.request(newer, (session) => Object.assign(session, { other: 1 }));
  expect(await count()).toBe(0);
  await client.request(newer, (session) => session["visits"]);
  expect(await count()).toBe(1);
  await removeAll(all);
});

it("merges what two versions did at once", async () => {
  const fields = { visits: { merge: "counter", upcast: [step(string, "toNumber", "toText")] } } as const;
  const all = await deploys(
    { shape: { visits: string.default("0") } },
    { shape: { visits: z.number().default(0) }, fields, modules: steps },
  );
  const [older, newer] = all as [Deploy, Deploy];
  for (const format of formats) {
    const client = new Client(format);
    await client.request(older, (session) => Object.assign(session, { visits: "5" }));
    const [one, other] = [await client.open(newer), await client.open(newer)];
    Object.assign(one, { visits: Number(one["visits"]) + 1 });
    Object.assign(other, { visits: Number(other["visits"]) + 10 });
    await client.commit(one);
    await client.commit(other);
    expect(await client.read(newer)).toEqual({ visits: 16 });
    expect(await client.read(older)).toEqual({ visits: "16" });
  }
  await removeAll(all);
});

it("reads old objects by the slots that they had", async () => {
  const person = z.object({ first: string, last: string.optional(), role: z.enum(["a", "b"]) });
  const all = await deploys(
    { shape: { people: z.array(z.object({ gone: string.optional(), first: string, role: z.enum(["b"]) })) } },
    { shape: { people: z.array(person) } },
    {
      shape: { names: z.record(string, string) },
      fields: {
        names: { was: "people", upcast: [step(z.array(person), "namesOf")] },
      },
      modules: steps,
    },
  );
  const [, older, newer] = all as [Deploy, Deploy, Deploy];
  for (const format of formats) {
    const client = new Client(format);
    const people = [
      { first: "A", last: "Z", role: "a" },
      { first: "B", role: "b" },
    ];
    await client.request(older, (session) => Object.assign(session, { people }));
    expect(await client.read(newer)).toEqual({ names: { 0: "AZ", 1: "B" } });
    await client.request(newer, (session) => Object.assign(session, { names: { 5: "C" } }));
    expect(await client.read(newer)).toEqual({ names: { 5: "C" } });
    expect(await client.read(older)).toEqual({ people });
  }
  await removeAll(all);
});

it.each<[string, { given: Version[]; want: RegExp }]>([
  [
    "the type never changed",
    {
      given: [
        { shape: { a: string } },
        { shape: { a: string }, fields: { a: { upcast: [step(string, "x")] } } },
      ],
      want: /from is string, and the lock does not know that the type ever changed/,
    },
  ],
  [
    "it was another one",
    {
      given: [
        { shape: { a: z.boolean() } },
        { shape: { a: z.number() }, fields: { a: { upcast: [step(string, "x")] } } },
      ],
      want: /from is string, and the lock says that the field was boolean/,
    },
  ],
  [
    "it had other parts",
    {
      given: [
        { shape: { a: z.array(z.object({ x: string })) } },
        {
          shape: { a: z.number() },
          fields: { a: { upcast: [step(z.array(z.object({ x: z.number() })), "x")] } },
        },
      ],
      want: /from has a\[\]\.x, which the lock does not know/,
    },
  ],
])("a step whose old type is not the lock's is refused: %s", async (_name, { given, want }) => {
  await expect(deploys(...given)).rejects.toMatchObject({
    code: "lock/upcast-mismatch",
    message: expect.stringMatching(want),
  });
});
