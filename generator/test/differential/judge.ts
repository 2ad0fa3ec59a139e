import { isDeepStrictEqual } from "node:util";
import {
  decodeRecord,
  encodeRecord,
  type FieldDefinition,
  type Format,
  PackedReader,
  PackedWriter,
  type SessionDefinition,
  SessionFieldError,
} from "@sessgen/runtime";
import { Random } from "../../../fuzz/random.js";
import { type Emitted, emitted } from "../emit/module/emitted.js";
import { serializerOf } from "../emit/module/serializer-of.js";
import { acceptedOf, schemaOf, schemaText } from "./accepted.js";
import { mutated } from "./mutate.js";
import type { Recipe } from "./recipes.js";
import { valueText } from "./value-text.js";

/** What was looked at, and what was found. */
export interface Verdict {
  readonly schemas: number;
  /** Schemas that the generator refuses, by code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly values: number;
  /** Values that setters took, and that were stored and read back in each format. */
  readonly stored: number;
  /** One for each schema that goes wrong: the first thing found. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly schema: string;
  readonly value: string;
  readonly what: string;
}

interface Schema {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}

interface Candidate {
  readonly recipe: Recipe;
  readonly schema: Schema;
  /**
   * Zod 3 drops keys of a loose object that are `undefined`, which are kept as they were assigned. Zod 4
   * lets keys be absent, behind a catch, a pipe or a preprocess, that its own type requires: they are read
   * as it says.
   */
  readonly isLoose: boolean;
  /** Warned of: what setters do not judge, or do not change. */
  readonly lenient: boolean;
  /** Something takes other values than it gives out, which setters do not. */
  readonly strict: boolean;
  /** Warned of: it has such inside of a value, or one whose value is refused. */
  readonly warned: boolean;
}

const formats: readonly Format[] = ["packed", "msgpack", "json"];

/** The values that the property of a recipe's schema is tried with, each in its object. */
export type Values = (recipe: Recipe, index: number) => Iterable<unknown>;

/** So many random values, most of them valid. */
export function randomValues(seed: number, count: number): Values {
  return function* (recipe, index) {
    const random = new Random(seed, index);
    for (let left = count; left > 0; left -= 1) yield someValue(recipe, random);
  };
}

/**
 * Emits one module with a field for each recipe, and compares what its checks and codecs say with
 * what Zod does.
 */
export async function judge(zod: 3 | 4, recipes: readonly Recipe[], values: Values): Promise<Verdict> {
  const { recipes: accepted, refused, broken } = await acceptedOf(zod, recipes);
  const candidates = accepted.map(({ recipe, warnings }): Candidate => {
    const has = (code: string): boolean => warnings.some((warning) => warning.code === code);
    return {
      recipe,
      schema: schemaOf(zod, `z.object({ v: ${recipe.text} })`) as Schema,
      isLoose: zod === 3 || /(\.catch|\.pipe|z\.preprocess)\(/.test(recipe.text),
      lenient: has("model/refinement-not-run") || has("model/unchecked-default"),
      strict: has("model/input-not-taken") || recipe.text.includes(".catch("),
      warned: has("model/input-not-taken"),
    };
  });
  const differences = broken.map(
    ({ recipe, error }): Difference => ({
      schema: recipe.text,
      value: "",
      what: `the model: ${String(error)}`,
    }),
  );
  const sum = { schemas: candidates.length, refused, values: 0, stored: 0, differences };
  await judgeTogether(zod, candidates, values, sum);
  return sum;
}

/** In one module; where that cannot be loaded, in two, until it is clear whose fault it is. */
async function judgeTogether(
  zod: 3 | 4,
  candidates: readonly Candidate[],
  values: Values,
  sum: { values: number; stored: number; differences: Difference[] },
): Promise<void> {
  let module: Emitted;
  try {
    module = await emitted("differential", schemaOf(zod, schemaText(candidates.map(({ recipe }) => recipe))));
  } catch (error) {
    const [only] = candidates;
    const half = Math.ceil(candidates.length / 2);
    if (candidates.length === 1 && only !== undefined) {
      sum.differences.push({
        schema: only.recipe.text,
        value: "",
        what: `cannot be emitted: ${String(error)}`,
      });
      return;
    }
    for (const some of [candidates.slice(0, half), candidates.slice(half)])
      await judgeTogether(zod, some, values, sum);
    return;
  }
  for (const [index, candidate] of candidates.entries()) {
    const field = module.field(`f${index}`);
    for (const value of values(candidate.recipe, index)) {
      sum.values += 1;
      const result = compare(module.fields, field, candidate, value);
      if (result === true) sum.stored += 1;
      if (typeof result !== "string") continue;
      sum.differences.push({ schema: candidate.recipe.text, value: valueText(value), what: result });
      break;
    }
  }
  await module.remove();
}

function someValue(recipe: Recipe, random: Random): unknown {
  if (random.oneIn(12)) return {};
  const own = { v: recipe.sample(random) };
  return random.oneIn(3) ? mutated(own, random) : own;
}

/** Whether the value was stored; a text says what went wrong. */
function compare(
  fields: SessionDefinition,
  field: FieldDefinition,
  { schema, isLoose, lenient, strict, warned }: Candidate,
  value: unknown,
): boolean | string {
  const parsed = parse(schema, value);
  if (parsed === undefined) return false;
  const accepted = accepts(field, value);
  if (typeof accepted === "string") return accepted;
  // Setters take what the schema gives out: what Zod fills in, converts or catches is no such value.
  const wanted = parsed.success && isOutput(value, parsed.data);
  if (wanted && !accepted.taken) {
    const isCaught = strict && !isDeepStrictEqual(value, parsed.data);
    return isCaught || warned || mayBeRefused(value)
      ? false
      : `Zod takes it, the setter says: ${accepted.why}`;
  }
  if (!accepted.taken) return false;
  if (!wanted && (lenient || (strict && parsed.success))) return false;
  // What setters do not judge, a catch may have replaced.
  if (lenient && strict && parsed.success && !isSame(isLoose, value, parsed.data)) return false;
  // An optional one with a default is left away, and read as what Zod gives.
  return parsed.success
    ? roundTrip(isLoose, fields, field, value, parsed.data)
    : "the setter takes it, Zod does not";
}

/** Zod's verdict; it has none on bytes, which cannot be frozen, and on intersections that differ. */
function parse(
  schema: Schema,
  value: unknown,
): { readonly success: boolean; readonly data?: unknown } | undefined {
  try {
    return schema.safeParse(copied(value));
  } catch {
    return undefined;
  }
}

function accepts(field: FieldDefinition, value: unknown): string | { taken: boolean; why: string } {
  const check: (value: unknown) => void = field.check;
  try {
    check(value);
    return { taken: true, why: "" };
  } catch (error) {
    if (error instanceof SessionFieldError) return { taken: false, why: error.message };
    return `the check throws ${String(error)}`;
  }
}

/** Whether Zod gives out the value that it was given, with keys left away at most. */
function isOutput(value: unknown, output: unknown): boolean {
  if (Array.isArray(output)) {
    return (
      Array.isArray(value) &&
      value.length === output.length &&
      output.every((item, index) => isOutput(value[index], item))
    );
  }
  if (output instanceof Map || output instanceof Set) {
    return (
      (value instanceof Map || value instanceof Set) &&
      value.size === output.size &&
      isOutput([...value], [...output])
    );
  }
  if (isPlain(output)) {
    return (
      isPlain(value) &&
      Object.entries(output).every(([key, item]) => Object.hasOwn(value, key) && isOutput(value[key], item))
    );
  }
  return isDeepStrictEqual(value, output);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * Whether the values are the same, but for what setters see otherwise than Zod on purpose.
 *
 * @param isLoose - a key that is `undefined` may be one that Zod leaves away
 */
function isSame(isLoose: boolean, read: unknown, output: unknown): boolean {
  if (isDeepStrictEqual(read, output)) return true;
  // Members of an enum are told apart as those of a set are.
  if (read === 0 && output === 0) return true;
  // To Zod, a set is an object without members, too.
  if (isPlain(output) && typeof read === "object" && !isPlain(read)) return Object.keys(output).length === 0;
  if ((read instanceof Map && output instanceof Map) || (read instanceof Set && output instanceof Set))
    return isSame(isLoose, [...read], [...output]);
  if (Array.isArray(read) && Array.isArray(output)) {
    return read.length === output.length && output.every((item, index) => isSame(isLoose, read[index], item));
  }
  return (
    isPlain(read) &&
    isPlain(output) &&
    Object.entries(output).every(
      ([key, item]) => Object.hasOwn(read, key) && isSame(isLoose, read[key], item),
    ) &&
    Object.entries(read).every(([key, item]) => Object.hasOwn(output, key) || (isLoose && item === undefined))
  );
}

/** A copy; of a `Buffer`, which `structuredClone` makes plain bytes of, a `Buffer`. */
function copied(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [copied(key), copied(item)]));
  if (value instanceof Set) return new Set([...value].map(copied));
  if (!isPlain(value)) return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
}

/** What the page of schemas says that no format holds. */
function mayBeRefused(value: unknown): boolean {
  if (value instanceof Date) return Number.isNaN(value.getTime());
  if (typeof value !== "object" || value === null) return typeof value === "number" && Number.isNaN(value);
  if (value instanceof Map) return [...value].flat().some(mayBeRefused);
  if (value instanceof Set) return [...value].some(mayBeRefused);
  return Object.entries(value).some(([key, item]) => key === "__proto__" || mayBeRefused(item));
}

function roundTrip(
  isLoose: boolean,
  fields: SessionDefinition,
  field: FieldDefinition,
  value: unknown,
  output: unknown,
): true | string {
  try {
    const writer = new PackedWriter();
    field.codec.write(writer, value);
    const bytes = writer.take();
    const record = { createdAt: 0, permanent: false, fields: new Map([[field.slot, bytes]]) };
    for (const format of formats) {
      const encoded = encodeRecord(record, fields, serializerOf(format));
      const decoded = decodeRecord(encoded, fields, { now: 0 }).fields.get(field.slot);
      if (decoded === undefined) return `${format} loses the field`;
      const reader = new PackedReader(decoded);
      const read = field.codec.read(reader);
      reader.end();
      if (!isSame(isLoose, read, output))
        return `${format} gives ${valueText(read)}, Zod ${valueText(output)}`;
    }
    return true;
  } catch (error) {
    return `a codec throws ${error instanceof Error ? error.stack?.split("\n").slice(0, 3).join(" ") : String(error)}`;
  }
}
