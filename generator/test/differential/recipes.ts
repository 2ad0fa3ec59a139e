import fc, { type Arbitrary } from "fast-check";
import { Random } from "../../../fuzz/random.js";
import { valueText } from "./value-text.js";

/** A schema as the text of an expression, and what makes values for it, most of them valid. */
export interface Recipe {
  /** An expression in which `z` is Zod. */
  readonly text: string;
  sample(random: Random): unknown;
}

type Sample = Recipe["sample"];

const recipe = (text: string, sample: Sample): Recipe => ({ text, sample });
const pick = (text: string, ...values: readonly unknown[]): Recipe =>
  recipe(text, (random) => random.pick(values));
const json = (value: unknown): string => JSON.stringify(value);

/** Texts that are hard on encoders and patterns. */
export const texts = [
  "",
  "a",
  "ab",
  "abc",
  "ABC",
  " a ",
  "a\nb",
  "ä",
  "😀",
  "😀😀😀",
  "constructor",
  "toString",
  "0",
  "-1",
  "1.5",
  "$date",
  "x".repeat(40),
];
const numbers = [
  0,
  -0,
  1,
  -1,
  2,
  3,
  6,
  1.5,
  0.1,
  0.3,
  255,
  256,
  65_536,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  1e21,
  -1e-7,
];
const bigints = [0n, 1n, -1n, 6n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n, -(2n ** 70n)];
const dates = [0, 1, -1, 1_700_000_000_000, -62_135_596_800_000, 8_640_000_000_000_000];
/** Zod reads inherited members as well, so that names of such are only keys of records. */
const properties = ["a", "b", "id", "a-b", "$x", "名", "0"];
/** Not `"01"`, of which Zod makes `"1"`: beside that, it would say nothing of it. */
const numberKeys = ["0", "1", "2.5", "-1", "7", "", "1e3", " 1"];
const keys = [...properties, "toString", "constructor"];

const anything: Sample = (random) => {
  switch (random.below(9)) {
    case 0:
      return random.pick(texts);
    case 1:
      return random.pick(numbers);
    case 2:
      return random.pick(bigints);
    case 3:
      return new Date(random.pick(dates));
    case 4:
      return random.bytes(random.below(4));
    case 5:
      return random.pick([null, undefined, true, false]);
    case 6:
      return Array.from({ length: random.below(3) }, () => anything(random));
    case 7:
      return random.oneIn(2)
        ? new Set([random.pick(texts)])
        : new Map<unknown, unknown>([[random.pick(numbers), random.pick(texts)]]);
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(3) }, () => [random.pick(keys), anything(random)]),
      );
  }
};

const text: Sample = (random) => random.pick(texts);
const number: Sample = (random) => random.pick(numbers);
const uuid: Sample = (random) => {
  const digits = Buffer.from(random.bytes(16)).toString("hex");
  const made = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
  return random.oneIn(4) ? made.toUpperCase() : made;
};

/** Checks that are put behind an expression, each at most once. */
const checked = (base: string, checks: readonly string[], sample: Sample): Arbitrary<Recipe> =>
  fc
    .subarray([...checks], { maxLength: Math.min(3, checks.length) })
    .chain((some) => fc.shuffledSubarray(some, { minLength: some.length }))
    .map((some) => recipe(base + some.join(""), sample));

const stringChecks = [
  ".min(1)",
  ".min(2)",
  ".max(3)",
  ".length(2)",
  ".startsWith('a')",
  ".endsWith('b')",
  ".includes('b')",
  ".includes('b', { position: 1 })",
  ".regex(/^[a-z]+$/)",
  ".regex(/b/y)",
  ".regex(/A/gi)",
  ".trim()",
  ".toLowerCase()",
];
const formats: readonly (readonly [text: string, name: string, ...values: string[]])[] = [
  ["email", "email", "a@b.co", "a@b", "A.B+c@d-e.org"],
  // In a union, what Zod trims may be of another variant to a setter.
  ["url", "url", "https://a.b/c", "http:a", "x"],
  ["ipv4", "", "1.2.3.4", "256.1.1.1"],
  ["base64", "base64", "", "YQ==", "YQ", "a"],
  ["nanoid", "nanoid", "V1StGXR8_Z5jdHi6B-myT", "x"],
  ["cuid2", "cuid2", "tz4a98xxat96iws9zmbrgj3a", "-"],
  ["ulid", "ulid", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "0"],
  ["guid", "", "00000000-0000-0000-0000-00000000000f", "x"],
  ["hex", "", "00ff", "0FF", "g"],
  ["mac", "", "00:1a:2b:3c:4d:5e", "00:1A:2B:3C:4D:5E", "00"],
  ["cidrv4", "", "10.0.0.0/8", "10.0.0.0/33"],
  ["cidrv6", "", "::/0", "2001:db8::/32", "::/129"],
  ["ipv6", "", "::1", "2001:db8::g"],
  ["e164", "", "+14155552671", "014155552671"],
  ["base64url", "base64url", "", "YQ", "YQ==", "a+b"],
  ["jwt", "jwt", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "a.b.c"],
  ["hostname", "", "a.example", "a..b", "-"],
  ["cuid", "cuid", "cjld2cjxh0000qzrmn831i7rn", "x"],
  ["emoji", "emoji", "😀", "a"],
];
const times = [
  "2020-01-01",
  "2020-02-30",
  "10:20:30",
  "10:20",
  "2020-01-01T10:20:30Z",
  "P1D",
  "P",
  "2020-01-01T10:20:30.123+02:00",
];

const strings = (zod: 3 | 4): Arbitrary<Recipe> =>
  fc.oneof(
    checked("z.string()", zod === 4 ? [...stringChecks, ".uppercase()", ".normalize()"] : stringChecks, text),
    fc.constantFrom(recipe(zod === 4 ? "z.uuid()" : "z.string().uuid()", uuid)),
    fc.constantFrom(
      ...formats.flatMap(([four, three, ...values]) => {
        if (zod === 3) return three === "" ? [] : [pick(`z.string().${three}()`, ...values)];
        return [pick(`z.${four}()`, ...values), pick(`z.${four}().min(2)`, ...values)];
      }),
    ),
    fc.constantFrom(
      ...["date", "time", "datetime", "duration"].map((name) =>
        pick(zod === 4 ? `z.iso.${name}()` : `z.string().${name}()`, ...times),
      ),
      pick(
        zod === 4 ? "z.url({ normalize: true })" : "z.string().url().max(9)",
        "https://a.b",
        "https://a.b/",
        "HTTP://a",
      ),
      pick(zod === 4 ? "z.httpUrl()" : "z.string().ip()", "https://a.b", "ftp://a.b", "::1", "1.2.3.4"),
      pick(
        zod === 4 ? "z.templateLiteral(['id-', z.number(), z.enum(['a', 'b'])])" : "z.string().cuid()",
        "id-1a",
        "id-1.5b",
        "id-c",
      ),
    ),
  );

const numberChecks = [
  ".int()",
  ".min(1)",
  ".max(6)",
  ".gt(0)",
  ".lt(256)",
  ".multipleOf(2)",
  ".multipleOf(3)",
  ".multipleOf(0.1)",
  ".positive()",
  ".nonnegative()",
  ".finite()",
];

const scalars = (zod: 3 | 4): Arbitrary<Recipe> =>
  fc.oneof(
    { weight: 4, arbitrary: strings(zod) },
    { weight: 2, arbitrary: checked("z.number()", numberChecks, number) },
    checked("z.bigint()", [".min(0n)", ".lt(9n)", ".multipleOf(2n)", ".multipleOf(3n)"], (random) =>
      random.pick(bigints),
    ),
    checked("z.date()", [".min(new Date(0))", ".max(new Date(1))"], (random) => new Date(random.pick(dates))),
    fc.constantFrom(
      pick("z.boolean()", true, false),
      pick("z.null()", null),
      pick("z.undefined()", undefined),
      recipe("z.unknown()", anything),
      recipe("z.instanceof(Uint8Array)", (random) => random.bytes(random.below(5))),
      recipe("z.instanceof(Buffer)", (random) => Buffer.from(random.bytes(random.below(5)))),
      pick("z.literal('a')", "a"),
      pick("z.literal(5n)", 5n),
      pick("z.literal(null)", null),
      pick("z.enum(['a', 'b', 'toString'])", "a", "b", "toString"),
      pick("z.nativeEnum({ Up: 0, Down: 'down' })", 0, "down", "Up"),
      pick("z.coerce.number()", 1, 2.5),
      pick("z.coerce.string()", "a", ""),
      pick("z.coerce.boolean()", true, false),
      pick("z.coerce.bigint()", ...bigints),
      pick("z.coerce.date()", ...dates.map((date) => new Date(date))),
      pick("z.never().optional()", undefined),
      recipe("z.any()", anything),
      ...(zod === 4
        ? [
            recipe("z.int()", number),
            recipe("z.int32()", number),
            recipe("z.float32()", number),
            pick("z.int64()", ...bigints),
            pick("z.literal([1, 'a', true])", 1, "a", true),
            pick("z.literal([-0, null, undefined])", 0, null, undefined),
            recipe("z.string().check(z.property('length', z.number().max(2)))", text),
            recipe("z.stringFormat('odd', /^(..)*.$/)", text),
            pick("z.enum({ A: 'a', B: 2 })", "a", 2, "B"),
            pick("z.json()", null, -0, "a", true, [1, { a: "b" }], { a: [null] }),
          ]
        : []),
    ),
  );

const list = (element: Recipe, random: Random, most = 4): unknown[] =>
  Array.from({ length: random.below(most) }, () => element.sample(random));

/** An object whose keys are there, or now and then not. */
const objectSample =
  (shape: readonly (readonly [string, Recipe])[]): Sample =>
  (random) =>
    Object.fromEntries(
      shape.flatMap(([key, { sample }]) => (random.oneIn(4) ? [] : [[key, sample(random)]])),
    );

const objectText = (shape: readonly (readonly [string, Recipe])[]): string =>
  `{ ${shape.map(([key, { text: own }]) => `${json(key)}: ${own}`).join(", ")} }`;

/** Schemas of one major version, nested as deep as fast-check likes. */
export function recipes(zod: 3 | 4): Arbitrary<Recipe> {
  const { any } = fc.letrec<{ any: Recipe; leaf: Recipe; wrapped: Recipe; content: Recipe }>((tie) => {
    const shape = (from = properties): Arbitrary<[string, Recipe][]> =>
      fc.uniqueArray(fc.tuple(fc.constantFrom(...from), tie("any")), {
        selector: ([key]) => key,
        maxLength: 3,
      });
    const key = fc.constantFrom(
      recipe("z.string()", (random) => random.pick(keys)),
      recipe("z.string().regex(/^[a-z]/)", (random) => random.pick(keys)),
      recipe("z.enum(['a', 'b'])", (random) => random.pick(["a", "b"])),
      ...(zod === 4
        ? [
            recipe("z.number()", (random) => random.pick(numberKeys)),
            recipe("z.int().min(1)", (random) => random.pick(numberKeys)),
            recipe("z.literal([1, 'a'])", (random) => random.pick(["1", "a"])),
            recipe("z.union([z.enum(['a']), z.literal('b')])", (random) => random.pick(["a", "b"])),
            recipe("z.union([z.number().max(5), z.literal('a')])", (random) =>
              random.pick([...numberKeys, "a"]),
            ),
            recipe("z.union([z.literal(1), z.string().regex(/^b/)])", (random) =>
              random.pick(["1", "b", "bc"]),
            ),
          ]
        : [recipe("z.coerce.number()", (random) => random.pick(numberKeys))]),
    );
    const tagged = fc
      .tuple(shape(["a", "b"]), shape(["b", "id"]))
      .map(([one, other]) =>
        recipe(
          `z.discriminatedUnion('kind', [z.object({ kind: z.literal('x'), ...${objectText(one)} }), z.object({ kind: z.enum(['y', 'z']), ...${objectText(other)} })])`,
          (random) =>
            random.oneIn(2)
              ? { kind: "x", ...(objectSample(one)(random) as object) }
              : { kind: random.pick(["y", "z"]), ...(objectSample(other)(random) as object) },
        ),
      );
    const content = fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      tie("leaf"),
      shape().map((own) => recipe(`z.object(${objectText(own)})`, objectSample(own))),
      fc
        .tuple(shape(), fc.constantFrom("strict()", zod === 4 ? "loose()" : "passthrough()"))
        .map(([own, mode]) =>
          recipe(`z.object(${objectText(own)}).${mode}`, (random) => ({
            ...(objectSample(own)(random) as object),
            ...(random.oneIn(2) ? { more: anything(random) } : {}),
          })),
        ),
      fc.tuple(shape(["a"]), tie("any")).map(([own, rest]) =>
        recipe(`z.object(${objectText(own)}).catchall(${rest.text})`, (random) => ({
          ...(objectSample(own)(random) as object),
          ...(random.oneIn(2) ? { more: rest.sample(random) } : {}),
        })),
      ),
      fc
        .tuple(tie("any"), fc.constantFrom("", ".min(1)", ".max(2)", ".length(1)"))
        .map(([element, check]) =>
          recipe(`z.array(${element.text})${check}`, (random) => list(element, random)),
        ),
      fc
        .array(tie("any"), { minLength: 1, maxLength: 3 })
        .map((items) =>
          recipe(`z.tuple([${items.map((item) => item.text).join(", ")}])`, (random) =>
            items
              .slice(0, random.oneIn(3) ? 1 + random.below(items.length) : items.length)
              .map(({ sample }) => sample(random)),
          ),
        ),
      fc
        .tuple(fc.array(tie("any"), { minLength: 1, maxLength: 2 }), tie("any"))
        .map(([items, rest]) =>
          recipe(
            `z.tuple([${items.map((item) => item.text).join(", ")}], ${rest.text})`.replace(
              /\], (.*)\)$/s,
              zod === 4 ? "], $1)" : "]).rest($1)",
            ),
            (random) => [...items.map(({ sample }) => sample(random)), ...list(rest, random, 3)],
          ),
        ),
      fc
        .tuple(key, tie("any"), fc.constantFrom(...(zod === 4 ? ["record", "partialRecord"] : ["record"])))
        .map(([own, value, name]) =>
          recipe(`z.${name}(${own.text}, ${value.text})`, (random) =>
            Object.fromEntries(
              Array.from({ length: random.below(4) }, () => [own.sample(random), value.sample(random)]),
            ),
          ),
        ),
      fc
        .tuple(tie("leaf"), tie("any"))
        .map(([own, value]) =>
          recipe(
            `z.map(${own.text}, ${value.text})`,
            (random) =>
              new Map(
                Array.from({ length: random.below(3) }, () => [own.sample(random), value.sample(random)]),
              ),
          ),
        ),
      fc
        .tuple(tie("leaf"), fc.constantFrom("", ".min(1)", ".max(1)"))
        .map(([element, check]) =>
          recipe(`z.set(${element.text})${check}`, (random) => new Set(list(element, random))),
        ),
      fc
        .array(tie("any"), { minLength: 2, maxLength: 3 })
        .map((options) =>
          recipe(`z.union([${options.map((option) => option.text).join(", ")}])`, (random) =>
            random.pick(options).sample(random),
          ),
        ),
      tagged,
      fc.tuple(shape(["a", "b"]), shape(["id", "0"])).map(([one, other]) =>
        recipe(`z.intersection(z.object(${objectText(one)}), z.object(${objectText(other)}))`, (random) => ({
          ...(objectSample(one)(random) as object),
          ...(objectSample(other)(random) as object),
        })),
      ),
      tie("any").map((value) =>
        recipe(
          zod === 4
            ? `(() => { const Node = z.object({ value: ${value.text}, get next() { return Node.optional(); } }); return Node; })()`
            : `(() => { const Node = z.lazy(() => z.object({ value: ${value.text}, next: Node.optional() })); return Node; })()`,
          (random) => {
            const node = (depth: number): object => ({
              value: value.sample(random),
              ...(depth > 0 && random.oneIn(2) ? { next: node(depth - 1) } : {}),
            });
            return node(3);
          },
        ),
      ),
    );
    const maybe =
      (inner: Recipe, ...others: readonly unknown[]): Sample =>
      (random) =>
        random.oneIn(3) ? random.pick(others) : inner.sample(random);
    const wrapped = fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      tie("content"),
      tie("any").map((inner) => recipe(`${inner.text}.optional()`, maybe(inner, undefined))),
      tie("any").map((inner) => recipe(`${inner.text}.nullable()`, maybe(inner, null))),
      tie("any").map((inner) => recipe(`${inner.text}.nullish()`, maybe(inner, null, undefined))),
      tie("any").map((inner) => recipe(`${inner.text}.readonly()`, inner.sample)),
      tie("any").map((inner) => recipe(`${inner.text}.brand('B')`, inner.sample)),
      tie("any").map((inner) => recipe(`${inner.text}.describe('what it is')`, inner.sample)),
      tie("any").map((inner) => recipe(`z.preprocess((value) => value, ${inner.text})`, inner.sample)),
      fc.tuple(tie("any"), fc.nat()).map(([inner, seed]) => defaulted(inner, "default", seed)),
      fc.tuple(tie("any"), fc.nat()).map(([inner, seed]) => defaulted(inner, "catch", seed)),
      tie("any").map((inner) => recipe(`z.lazy(() => ${inner.text})`, inner.sample)),
      tie("any").map((inner) =>
        recipe(`${inner.text}.refine((value) => String(value) !== 'a')`, inner.sample),
      ),
      tie("content").map((inner) => recipe(`z.unknown().pipe(${inner.text})`, inner.sample)),
      fc
        .tuple(tie("leaf"), tie("leaf"))
        .map(([one, other]) =>
          recipe(`${one.text}.pipe(${other.text})`, (random) => random.pick([one, other]).sample(random)),
        ),
      ...(zod === 4
        ? [
            tie("any").map((inner) => recipe(`z.exactOptional(${inner.text})`, inner.sample)),
            tie("any").map((inner) => recipe(`${inner.text}.nonoptional()`, inner.sample)),
            fc.tuple(tie("any"), fc.nat()).map(([inner, seed]) => defaulted(inner, "prefault", seed)),
            fc
              .tuple(tie("any"), tie("leaf"))
              .map(([one, other]) =>
                recipe(`z.xor([${one.text}, ${other.text}])`, (random) =>
                  random.pick([one, other]).sample(random),
                ),
              ),
          ]
        : []),
    );
    return {
      any: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        tie("leaf"),
        tie("content"),
        tie("wrapped"),
      ),
      leaf: scalars(zod),
      wrapped,
      content,
    };
  });
  return any;
}

/** A default is a value of the schema, most of the time. */
function defaulted(inner: Recipe, method: "default" | "catch" | "prefault", seed: number): Recipe {
  const random = new Random(seed);
  // Where nothing stands in, that is what .optional() says.
  const value = inner.sample(random) ?? inner.sample(random) ?? null;
  return recipe(`${inner.text}.${method}(${valueText(value)} as never)`, (random) =>
    random.oneIn(3) ? undefined : inner.sample(random),
  );
}
