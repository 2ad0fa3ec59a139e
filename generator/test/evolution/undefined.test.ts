import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Client, type Deploy, deploys, formats, removeAll } from "./deploys.js";

const many = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`p${index}`, z.int().optional()]));

/** Objects in which the property stands before what must be there, behind it, and far back. */
const shape = (size: z.ZodType) => ({
  before: z.object({ size, id: z.string() }).optional(),
  behind: z.object({ id: z.string(), size }).optional(),
  wide: z.object({ ...many, size, id: z.string() }).optional(),
});
const names = Object.keys(shape(z.int()));

describe("a property that was stored as `undefined`", () => {
  let all: readonly Deploy[] = [];
  beforeAll(async () => {
    all = await deploys(
      { shape: shape(z.int().optional()) },
      { shape: shape(z.int().default(3)) },
      { shape: shape(z.int().exactOptional()) },
    );
  });
  afterAll(() => removeAll(all));

  it.each(formats)(
    "is its default, or absent, where it may not be `undefined` any more: %s",
    async (format) => {
      const client = new Client(format);
      await client.request(all[0] as Deploy, (session) => {
        for (const name of names) session[name] = { id: "a", size: undefined };
      });
      const read = async (version: number) => {
        const session = await client.open(all[version] as Deploy);
        return names.map((name) => session[name]);
      };
      expect(await read(1)).toStrictEqual(names.map(() => ({ id: "a", size: 3 })));
      expect(await read(2)).toStrictEqual(names.map(() => ({ id: "a" })));
      expect(await read(0)).toStrictEqual(names.map(() => ({ id: "a", size: undefined })));
      expect(client.unreadable).toEqual([]);
    },
  );
});
