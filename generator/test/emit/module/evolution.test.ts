import { deepStrictEqual } from "node:assert/strict";
import {
  decodeRecord,
  encodeRecord,
  type Format,
  PackedReader,
  PackedWriter,
  type SessionRecord,
} from "@sessgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Property, SessionModel, Type } from "../../../src/model/model.js";
import { type Emitted, emitted } from "./emitted.js";
import { serializerOf } from "./serializer-of.js";

/** What yesterday's deploy knows. */
const older = z.object({
  visits: z.int(),
  user: z.object({ id: z.uuid(), address: z.object({ zip: z.string() }), last: z.string().optional() }),
  items: z.array(z.object({ sku: z.string() })),
  theme: z.enum(["light", "dark"]).default("light"),
});
/** Today's: fields, and properties between, around and inside those that both know. */
const newer = z.object({
  first: z.date(),
  visits: z.int(),
  user: z.object({
    since: z.date(),
    id: z.uuid(),
    nick: z.string().optional(),
    address: z.object({ street: z.string(), zip: z.string(), geo: z.tuple([z.number(), z.number()]) }),
    last: z.string().optional(),
    tags: z.set(z.string()),
  }),
  items: z.array(z.object({ price: z.bigint(), sku: z.string(), bytes: z.instanceof(Uint8Array) })),
  theme: z.enum(["light", "dark", "sepia"]).default("light"),
  added: z.record(z.string(), z.bigint()),
});

/** The slot of each property by its path, as a lock would have it: in the order of the newer schema. */
const slots = new Map<string, number>();

function slotted(type: Type, path: string): Type {
  if (type.kind === "array") return { ...type, element: slotted(type.element, path) };
  if (type.kind !== "object") return type;
  return { ...type, properties: propertiesOf(type.properties, path) };
}

function propertiesOf<P extends Property>(properties: readonly P[], path: string): P[] {
  return properties.map((property) => {
    const own = `${path}.${property.name}`;
    if (!slots.has(own)) slots.set(own, property.slot);
    return { ...property, slot: slots.get(own) ?? 0, type: slotted(property.type, own) };
  });
}

const withSlots = (model: SessionModel): SessionModel => ({
  ...model,
  fields: propertiesOf(model.fields, ""),
});

let today: Emitted;
let yesterday: Emitted;

beforeAll(async () => {
  today = await emitted("newer", newer, withSlots);
  yesterday = await emitted("older", older, withSlots);
});
afterAll(() => Promise.all([today.remove(), yesterday.remove()]));

const values: z.output<typeof newer> = {
  first: new Date(1),
  visits: 3,
  user: {
    since: new Date(2),
    id: "0190163d-8694-739b-aea5-966c26f8ad91",
    nick: "a",
    address: { street: "S", zip: "Z", geo: [1.5, 2] },
    last: "L",
    tags: new Set(["x", "y"]),
  },
  items: [
    { price: 10n ** 30n, sku: "s1", bytes: Uint8Array.of(1, 2) },
    { price: 2n, sku: "s2", bytes: Uint8Array.of() },
  ],
  theme: "sepia",
  added: { a: 1n },
};

function record(module: Emitted, members: object): SessionRecord {
  const fields = new Map<number, Uint8Array>();
  for (const [name, value] of Object.entries(members)) {
    const { slot } = module.field(name);
    fields.set(slot, pack(module, name, value));
  }
  return { createdAt: 5000, permanent: false, fields };
}

function pack(module: Emitted, name: string, value: unknown): Uint8Array {
  const { codec, check } = module.field(name);
  const checked: (value: unknown) => void = check;
  checked(value);
  const writer = new PackedWriter();
  codec.write(writer, value);
  return writer.take();
}

function read(module: Emitted, name: string, from: SessionRecord): unknown {
  const { codec, slot } = module.field(name);
  const reader = new PackedReader(from.fields.get(slot) ?? new Uint8Array());
  const value = codec.read(reader);
  reader.end();
  return value;
}

/** The session as it comes out of the store, there and back by way of a format that the module writes. */
function passed(module: Emitted, from: SessionRecord, format: Format): SessionRecord {
  const bytes = encodeRecord(from, module.fields, serializerOf(format));
  const record = decodeRecord(bytes, module.fields, { now: 0 });
  return { ...record, fields: new Map(record.fields) };
}

/** The older deploy reads every field that it can and writes it back. */
function rewritten(from: SessionRecord): SessionRecord {
  const fields = new Map(from.fields);
  for (const name of ["visits", "user", "items"]) {
    fields.set(yesterday.field(name).slot, pack(yesterday, name, read(yesterday, name, from)));
  }
  return { ...from, fields };
}

describe("an older deploy", () => {
  it("reads what it knows of a newer one's session", () => {
    const stored = record(today, values);
    deepStrictEqual(read(yesterday, "user", stored), {
      id: values.user.id,
      address: { zip: "Z" },
      last: "L",
    });
    deepStrictEqual(read(yesterday, "items", stored), [{ sku: "s1" }, { sku: "s2" }]);
  });

  it("cannot read a member of an enum that came later", () => {
    expect(() => read(yesterday, "theme", record(today, values))).toThrow(/a member of the enum/);
  });

  it.each<Format>(["packed", "msgpack", "json"])(
    "keeps byte for byte what it does not know: %s",
    (format) => {
      const stored = record(today, values);
      deepStrictEqual(passed(yesterday, rewritten(passed(yesterday, stored, format)), format), stored);
    },
  );

  it.each<Format>(["packed", "msgpack", "json"])(
    "keeps what it does not know beside what it changes: %s",
    (format) => {
      const stored = passed(yesterday, record(today, values), format);
      const user = read(yesterday, "user", stored) as z.output<typeof older>["user"];
      const items = read(yesterday, "items", stored) as z.output<typeof older>["items"];
      user.address.zip = "changed";
      delete user.last;
      items.reverse();
      items.push({ sku: "s3" });
      const fields = new Map(stored.fields);
      fields.set(yesterday.field("user").slot, pack(yesterday, "user", user));
      fields.set(yesterday.field("items").slot, pack(yesterday, "items", items));
      const after = passed(yesterday, { ...stored, fields }, format);
      const { last: _last, ...others } = values.user;
      deepStrictEqual(read(today, "user", after), {
        ...others,
        address: { ...values.user.address, zip: "changed" },
      });
      deepStrictEqual(read(today, "added", after), values.added);
      deepStrictEqual(read(today, "first", after), values.first);
      // The new item has no price: what is missing is missing, and what was there is where it was moved.
      expect(() => read(today, "items", after)).toThrow(/a required property/);
      fields.set(yesterday.field("items").slot, pack(yesterday, "items", items.slice(0, 2)));
      deepStrictEqual(read(today, "items", { ...after, fields }), [...values.items].reverse());
    },
  );
});

describe("a document that a newer deploy wrote", () => {
  it.each<Format>(["msgpack", "json"])("keeps the fields that the older one does not know: %s", (format) => {
    const document = encodeRecord(record(today, values), today.fields, serializerOf(format));
    const seen = decodeRecord(document, yesterday.fields, { now: 0 });
    expect(Object.keys(seen.unknown ?? {}).sort()).toEqual(["added", "first", "theme"]);
    const after = decodeRecord(encodeRecord(seen, yesterday.fields, serializerOf(format)), today.fields, {
      now: 0,
    });
    for (const name of ["first", "theme", "added", "visits"] as const) {
      deepStrictEqual(read(today, name, after), values[name]);
    }
  });
});

describe("a newer deploy", () => {
  const old = {
    visits: 1,
    user: { id: values.user.id, address: { zip: "Z" } },
    items: [],
    theme: "dark",
  };

  it("reads the fields of an older one's session that have all they need", () => {
    const stored = record(yesterday, old);
    expect(read(today, "visits", stored)).toBe(1);
    expect(read(today, "theme", stored)).toBe("dark");
    expect(read(today, "items", stored)).toEqual([]);
    expect(() => read(today, "user", stored)).toThrow(/a required property/);
  });
});

describe("a property that came later", () => {
  let before: Emitted;
  let after: Emitted;

  beforeAll(async () => {
    before = await emitted("before", z.object({ user: z.object({ name: z.string() }) }));
    after = await emitted(
      "after",
      z.object({
        user: z.object({
          name: z.string(),
          age: z.int().default(18),
          born: z.date().catch(new Date(0)),
          nick: z.string().optional(),
        }),
      }),
    );
  });
  afterAll(() => Promise.all([before.remove(), after.remove()]));

  it.each<Format>(["packed", "msgpack", "json"])(
    "reads as its default, its catch, or absent: %s",
    (format) => {
      const stored = passed(before, record(before, { user: { name: "Ada" } }), format);
      deepStrictEqual(read(after, "user", passed(after, stored, format)), {
        name: "Ada",
        age: 18,
        born: new Date(0),
      });
    },
  );
});
