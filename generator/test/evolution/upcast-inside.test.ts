import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Client, type Deploy, deploys, type Fields, formats, removeAll, type Version } from "./deploys.js";

const modules = {
  "steps.ts": [
    "export const toNumber = (old: string): number => { if (Number.isNaN(Number(old))) throw new TypeError(old); return Number(old); };",
    "export const toText = (value: number): string => String(value);",
    "export const toList = (old: number): { n: number }[] => [{ n: old }];",
    "export const toLast = (list: readonly { n: number }[]): number => list.at(-1)?.n ?? 0;",
  ].join("\n"),
};
const step = (from: z.ZodType, name: string, down: string) => ({
  from,
  module: "src/steps.ts",
  export: name,
  down,
});
const steps = [step(z.string(), "toNumber", "toText"), step(z.number(), "toList", "toLast")];
const types = [z.string(), z.number().nonnegative(), z.array(z.object({ n: z.number() }))] as const;
const as: readonly ((value: number) => unknown)[] = [String, (value) => value, (value) => [{ n: value }]];

/** What stands around the property, how it is reached, and what it is read of. */
interface Place {
  readonly path: string;
  around(size: z.ZodType): z.ZodType;
  /** The value of the field in which the property has the value. */
  value(size: unknown): unknown;
  /** The object with the property. */
  object(value: unknown): Fields;
}
const places: readonly (readonly [string, Place])[] = [
  [
    "in an object",
    {
      path: "part.size",
      around: (size) => z.object({ id: z.string(), size }).optional(),
      value: (size) => ({ id: "a", size }),
      object: (value) => value as Fields,
    },
  ],
  [
    "in a list, where it may be absent",
    {
      path: "part[].size",
      around: (size) => z.array(z.object({ size: size.optional(), id: z.string() })).optional(),
      value: (size) => [{ id: "z" }, { id: "a", size }],
      object: (value) => (value as Fields[]).at(-1) as Fields,
    },
  ],
  [
    "in a variant, two levels down",
    {
      path: "part.in.size",
      around: (size) =>
        z
          .discriminatedUnion("is", [
            z.object({ is: z.literal("one"), in: z.object({ id: z.string(), size }) }),
            z.object({ is: z.literal("two") }),
          ])
          .optional(),
      value: (size) => ({ is: "one", in: { id: "a", size } }),
      object: (value) => (value as { in: Fields }).in,
    },
  ],
];

describe.each(places)("a property whose type changed twice, %s", (_name, { path, around, value, object }) => {
  let all: readonly Deploy[] = [];
  beforeAll(async () => {
    all = await deploys(
      ...types.map(
        (size, index): Version => ({
          shape: { part: around(size), other: z.int().default(0) },
          modules,
          ...(index > 0 && { fields: { [path]: { upcast: steps.slice(0, index) } } }),
        }),
      ),
    );
  });
  afterAll(() => removeAll(all));

  const read = async (client: Client, version: number) =>
    ((await client.read(all[version] as Deploy)) as Fields)["part"];
  const write = (client: Client, version: number, size: number) =>
    client.request(all[version] as Deploy, (session) => {
      session["part"] = value(as[version]?.(size));
    });
  const change = (client: Client, version: number, name: string, next: unknown) =>
    client.request(all[version] as Deploy, (session) => {
      object(session["part"])[name] = next;
    });
  const touch = (client: Client, version: number) =>
    client.request(all[version] as Deploy, (session) => {
      session["other"] = Number(session["other"]) + 1;
    });

  it.each(formats)("is read by all of what any of them wrote last: %s", async (format) => {
    const client = new Client(format);
    let size = 0;
    await write(client, 0, size);
    for (const [writer, how] of [
      [0, "anew"],
      [1, "in place"],
      [0, "in place"],
      [2, "in place"],
      [1, "in place"],
      [2, "anew"],
      [0, "in place"],
      [0, "in place"],
      [1, "anew"],
      [0, "in place"],
    ] as const) {
      size += 1;
      if (how === "anew") await write(client, writer, size);
      else await change(client, writer, "size", as[writer]?.(size));
      for (const reader of [0, 1, 2]) {
        expect(await read(client, reader), `${writer} wrote ${how}, ${reader} reads`).toEqual(
          value(as[reader]?.(size)),
        );
        await touch(client, reader);
      }
    }
    expect(client.unreadable).toEqual([]);
  });

  it.each(formats)("stays when what is beside it changes: %s", async (format) => {
    const client = new Client(format);
    await write(client, 0, 7);
    for (const writer of [2, 0, 1, 2, 0]) {
      await change(client, writer, "id", `by ${writer}`);
      for (const reader of [0, 1, 2]) {
        const part = object(await read(client, reader));
        expect(part, `${writer} wrote, ${reader} reads`).toEqual({
          id: `by ${writer}`,
          size: as[reader]?.(7),
        });
      }
      if (writer === 1) await change(client, 2, "size", [{ n: 7 }]);
    }
  });

  it.each(formats)("counts as unreadable where a function fails, and is kept: %s", async (format) => {
    const client = new Client(format);
    await write(client, 0, -1);
    expect(await read(client, 1)).toBeUndefined();
    expect(client.unreadable).toContain("part");
    await touch(client, 1);
    expect(await read(client, 0)).toEqual(value("-1"));
  });
});
