import fc, { type Arbitrary } from "fast-check";
import { z } from "zod";

/** Everything a session can hold, each as a field of one schema, with values of the type. */

const Tree = z.object({
  name: z.string(),
  get children() {
    return z.array(Tree);
  },
  get parent() {
    return Tree.nullish();
  },
});
const Person = z.object({
  get pets() {
    return z.array(Pet);
  },
});
const Pet = z.object({
  name: z.string(),
  get owner() {
    return Person.optional();
  },
});
interface Nested extends Array<Nested> {}
const Nested: z.ZodType<Nested> = z.lazy(() => z.array(Nested));
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const Json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(Json), z.record(z.string(), Json)]),
);
const Address = z.object({ street: z.string(), zip: z.string().optional() }).meta({ id: "Address" });
const Cat = z.object({ kind: z.literal("cat"), lives: z.int(), nap: z.date().optional() });
const Dog = z.object({ kind: z.enum(["dog", "wolf"]), tricks: z.array(z.string()) });

/** More properties than a bitmap has room for in one integer. */
const wide = Array.from({ length: 40 }, (_, index) => `p${index}`);

export const broadSchema = z
  .object({
    text: z.string().max(200).describe("Any text."),
    email: z.email(),
    id: z.uuid(),
    guid: z.guid(),
    link: z.url(),
    at: z.iso.datetime(),
    template: z.templateLiteral(["v", z.int(), "-", z.enum(["a", "b"])]),
    ratio: z.number(),
    count: z.int(),
    visits: z.int().min(0).default(0),
    big: z.bigint(),
    small: z.int64(),
    flag: z.boolean(),
    nothing: z.null(),
    when: z.date(),
    blob: z.instanceof(Uint8Array),
    anything: z.unknown(),
    whatever: z.any().optional(),
    one: z.literal("one"),
    several: z.literal(["a", 1, null, true]),
    odd: z.literal([1n, undefined, "x"]),
    theme: z.enum(["light", "dark"]).default("light"),
    level: z.enum({ Low: 1, High: 2 }),
    answer: z.enum({ Yes: "yes", No: 0 }),
    user: z
      .object({
        id: z.uuid(),
        name: z.string().describe("What to call them.\nSecond line."),
        nick: z.string().optional(),
        born: z.date().nullable(),
        note: z.string().nullish(),
        exact: z.number().exactOptional(),
        theme: z.string().default("light"),
        score: z.number().catch(0),
        roles: z.array(z.enum(["admin", "member"])).readonly(),
        address: Address,
        "odd-key": z.bigint().optional(),
        class: z.boolean(),
        reader: z.string(),
        slots: z.string(),
        value: z.string(),
        rest: z.string(),
      })
      .optional(),
    home: Address.nullable(),
    wide: z.object(Object.fromEntries(wide.map((name) => [name, z.int().optional()]))),
    strict: z.strictObject({ a: z.string(), b: z.number().optional() }),
    loose: z.looseObject({ a: z.string().optional(), b: z.number() }),
    dates: z.object({ first: z.date() }).catchall(z.date()),
    extra: z.object({ n: z.number().optional() }).catchall(z.union([z.string(), z.date()])),
    empty: z.object({}),
    list: z.array(z.string()),
    matrix: z.array(z.array(z.number())),
    holes: z.array(z.string().nullable()),
    gaps: z.array(z.number().optional()),
    items: z.array(z.object({ sku: z.string(), quantity: z.int().positive() })).default([]),
    readonly: z.array(z.array(z.bigint()).readonly()).readonly(),
    pair: z.tuple([z.string(), z.date()]),
    opt: z.tuple([z.string(), z.bigint().optional(), z.boolean().optional()]),
    rest: z.tuple([z.string()], z.date()),
    onlyRest: z.tuple([]).rest(z.number()),
    pairs: z.array(z.tuple([z.string(), z.number().nullable()])),
    both: z.tuple([z.string(), z.object({ x: z.bigint() }).optional()]).nullable(),
    record: z.record(z.string(), z.number()),
    moments: z.record(z.string(), z.date().nullable()),
    flags: z.record(z.enum(["a", "b"]), z.boolean()),
    some: z.partialRecord(z.enum(["a", "b"]), z.bigint()),
    objects: z.record(z.string(), z.object({ x: z.number(), when: z.date().optional() })),
    map: z.map(z.string(), z.number()),
    keyed: z.map(z.bigint(), z.object({ x: z.date() })),
    deep: z.map(z.date(), z.map(z.string(), z.set(z.bigint()))),
    set: z.set(z.string()),
    dateSet: z.set(z.date()),
    objectSet: z.set(z.object({ x: z.number() })),
    either: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    natural: z.union([z.string(), z.array(z.bigint()), z.object({ x: z.number() })]),
    ambiguous: z.union([z.object({ a: z.string() }), z.object({ b: z.date() })]),
    textOrDate: z.union([z.date(), z.string()]),
    textOrBytes: z.union([z.instanceof(Uint8Array), z.string()]),
    lists: z.union([z.array(z.string()), z.array(z.number())]),
    bigOrNumber: z.union([z.bigint(), z.number()]),
    unionOfUnions: z.union([
      z.union([z.date(), z.boolean()]),
      z.union([z.string(), z.object({ a: z.null() })]),
    ]),
    optionalOrNot: z.union([z.string(), z.undefined(), z.object({ x: z.string().optional() })]),
    pet: z.discriminatedUnion("kind", [Cat, Dog]),
    petMap: z.map(z.string(), z.discriminatedUnion("kind", [Cat, Dog])).optional(),
    merged: z.intersection(z.object({ a: z.string() }), z.object({ b: z.date().optional() })),
    branded: z.string().brand("Id"),
    maybe: z.string().optional(),
    maybeNull: z.number().nullable(),
    maybeBoth: z.date().nullish(),
    caught: z.int().catch(7),
    "a-b": z.string(),
    class: z.string(),
    größe: z.number(),
    default: z.array(z.bigint()).default([1n]),
    tree: Tree,
    person: Person,
    pets: z.array(Pet).optional(),
    nested: Nested,
    json: Json,
  })
  .describe("All that a session can hold.");

const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: "binary", maxLength: 20 }));
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constant(-0),
);
const integer = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -300, max: 300 }));
const bigint = fc.oneof(
  fc.bigInt(),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }),
  fc.bigInt({ min: -9n, max: 9n }),
);
const date = fc.date({ noInvalidDate: true });
const bytes = fc.uint8Array({ maxLength: 40 });
const uuid = fc.uuid();
const key = fc.oneof(fc.string({ maxLength: 9 }), fc.constantFrom("$slots", "$date", "toString", "1", "a"));
const dictionary = <T>(value: Arbitrary<T>): Arbitrary<Record<string, T>> =>
  fc.dictionary(
    key.filter((name) => name !== "__proto__"),
    value,
    { noNullPrototype: true, maxKeys: 4 },
  );
const record = <T extends object>(
  members: { [K in keyof T]: Arbitrary<T[K]> },
  required?: (keyof T & string)[],
): Arbitrary<object> =>
  fc.record<Record<string, unknown>>(
    { ...members },
    { noNullPrototype: true, ...(required && { requiredKeys: required }) },
  );
const list = <T>(element: Arbitrary<T>): Arbitrary<T[]> => fc.array(element, { maxLength: 4 });
const set = <T>(element: Arbitrary<T>): Arbitrary<Set<T>> => list(element).map((items) => new Set(items));
const map = <K, V>(keys: Arbitrary<K>, value: Arbitrary<V>): Arbitrary<Map<K, V>> =>
  list(fc.tuple(keys, value)).map((entries) => new Map(entries));
const orUndefined = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.oneof(
      text,
      number,
      integer,
      bigint,
      fc.boolean(),
      date,
      bytes,
      fc.constantFrom(null, undefined, Number.NaN, Number.POSITIVE_INFINITY),
    ),
    list(tie("anything")),
    dictionary(tie("anything")),
    set(tie("anything")),
    map(tie("anything"), tie("anything")),
  ),
}));
const address = record({ street: text, zip: orUndefined(text) }, ["street"]);
const cat = record({ kind: fc.constant("cat"), lives: integer, nap: orUndefined(date) }, ["kind", "lives"]);
const dog = record({ kind: fc.constantFrom("dog", "wolf"), tricks: list(text) });
const pet = fc.oneof(cat, dog);
const { tree, owner, animal, nested, json } = fc.letrec<{
  tree: object;
  owner: object;
  animal: object;
  nested: unknown[];
  json: unknown;
}>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    record({ name: text, children: fc.constant([]) }),
    record({ name: text, children: list(tie("tree")), parent: fc.option(tie("tree"), { nil: null }) }, [
      "name",
      "children",
    ]),
  ),
  owner: fc.oneof({ maxDepth: 3 }, fc.constant({ pets: [] }), record({ pets: list(tie("animal")) })),
  animal: fc.oneof(
    { maxDepth: 3 },
    record({ name: text }),
    record({ name: text, owner: orUndefined(tie("owner")) }, ["name"]),
  ),
  nested: fc.oneof({ maxDepth: 4 }, fc.constant<unknown[]>([]), list(tie("nested"))),
  json: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(fc.constant(null), fc.boolean(), number, text),
    list(tie("json")),
    dictionary(tie("json")),
  ),
}));

type Name = keyof z.output<typeof broadSchema>;

/** Values of each field, present: that it may be absent is the record's affair. */
export const broadValues: { readonly [name in Name]: Arbitrary<unknown> } = {
  text,
  email: fc.constantFrom("a@example.com", "first.last+tag@sub.example.org"),
  id: fc.oneof(
    uuid,
    uuid.map((value) => value.toUpperCase()),
  ),
  guid: fc.oneof(uuid, fc.constant("A0eebc99-9c0b-0ef8-0b6d-6bb9bd380a11")),
  link: fc.webUrl(),
  at: fc
    .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((value) => value.toISOString()),
  template: fc.tuple(fc.integer(), fc.constantFrom("a", "b")).map(([version, tag]) => `v${version}-${tag}`),
  ratio: number,
  count: integer,
  visits: fc.nat(),
  big: bigint,
  small: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  flag: fc.boolean(),
  nothing: fc.constant(null),
  when: date,
  blob: bytes,
  anything,
  whatever: anything,
  one: fc.constant("one"),
  several: fc.constantFrom("a", 1, null, true),
  odd: fc.constantFrom(1n, undefined, "x"),
  theme: fc.constantFrom("light", "dark"),
  level: fc.constantFrom(1, 2),
  answer: fc.constantFrom("yes", 0),
  user: record(
    {
      id: uuid,
      name: text,
      nick: orUndefined(text),
      born: fc.option(date),
      note: fc.oneof(text, fc.constantFrom(null, undefined)),
      exact: number,
      theme: text,
      score: number,
      roles: list(fc.constantFrom("admin", "member")),
      address,
      "odd-key": orUndefined(bigint),
      class: fc.boolean(),
      reader: text,
      slots: text,
      value: text,
      rest: text,
    },
    ["id", "name", "born", "theme", "score", "roles", "address", "class", "reader", "slots", "value", "rest"],
  ),
  home: fc.option(address),
  wide: record(Object.fromEntries(wide.map((name) => [name, orUndefined(integer)])), []),
  strict: record({ a: text, b: orUndefined(number) }, ["a"]),
  loose: fc
    .tuple(dictionary(anything), record({ a: orUndefined(text), b: number }, ["b"]))
    .map(([others, own]) => {
      const { a: _a, b: _b, $slots: _slots, ...rest } = others;
      return { ...rest, ...own };
    }),
  dates: fc
    .tuple(dictionary(date), date)
    .map(([{ $slots: _slots, ...others }, first]) => ({ ...others, first })),
  extra: fc
    .tuple(dictionary(fc.oneof(text, date)), number)
    .map(([{ $slots: _slots, ...others }, n]) => ({ ...others, n })),
  empty: fc.constant({}),
  list: list(text),
  matrix: list(list(number)),
  holes: list(fc.option(text)),
  gaps: list(orUndefined(number)),
  items: list(record({ sku: text, quantity: fc.integer({ min: 1 }) })),
  readonly: list(list(bigint)),
  pair: fc.tuple(text, date),
  opt: fc.oneof(
    fc.tuple(text),
    fc.tuple(text, orUndefined(bigint)),
    fc.tuple(text, orUndefined(bigint), orUndefined(fc.boolean())),
  ),
  rest: fc.tuple(text, list(date)).map(([first, others]) => [first, ...others]),
  onlyRest: list(number),
  pairs: list(fc.tuple(text, fc.option(number))),
  both: fc.option(fc.oneof(fc.tuple(text), fc.tuple(text, orUndefined(record({ x: bigint }))))),
  record: dictionary(number),
  moments: dictionary(fc.option(date)),
  flags: record({ a: fc.boolean(), b: fc.boolean() }),
  some: record({ a: bigint, b: bigint }, []),
  objects: dictionary(record({ x: number, when: orUndefined(date) }, ["x"])),
  map: map(text, number),
  keyed: map(bigint, record({ x: date })),
  deep: map(date, map(text, set(bigint))),
  set: set(text),
  dateSet: set(date),
  objectSet: set(record({ x: number })),
  either: fc.oneof(text, number, fc.boolean(), fc.constant(null)),
  natural: fc.oneof(text, list(bigint), record({ x: number })),
  ambiguous: fc.oneof(record({ a: text }), record({ b: date })),
  textOrDate: fc.oneof(
    date,
    text,
    date.map((value) => value.toISOString()),
  ),
  textOrBytes: fc.oneof(bytes, text),
  lists: fc.oneof(list(text), list(number)),
  bigOrNumber: fc.oneof(bigint, number, integer),
  unionOfUnions: fc.oneof(date, fc.boolean(), text, fc.constant({ a: null })),
  optionalOrNot: fc.oneof(text, fc.constant(undefined), record({ x: orUndefined(text) }, [])),
  pet,
  petMap: map(text, pet),
  merged: record({ a: text, b: orUndefined(date) }, ["a"]),
  branded: text,
  maybe: text,
  maybeNull: fc.option(number),
  maybeBoth: fc.option(date),
  caught: integer,
  "a-b": text,
  class: text,
  größe: number,
  default: list(bigint),
  tree,
  person: owner,
  pets: list(animal),
  nested,
  json,
};
