import { type Doc, print } from "../../../code/doc.js";
import { memberAccess } from "../../../code/names.js";
import {
  any,
  array,
  callWith,
  ifElse,
  ifThen,
  object,
  returns,
  stringText,
  switchOn,
  tallArray,
  tallCall,
  tallObject,
} from "../../../code/syntax.js";
import type { UnionType, Variant } from "../../../model/model.js";
import { isNatural, plainTest, testOrder } from "../plain-kinds.js";
import { renamedArgument, renamedMembers } from "../renamed.js";
import { tagsOf } from "../tags.js";
import type { CodecFunctions, Codecs, FunctionWriter } from "./kind.js";

/**
 * Gives the functions of a union: packed, the slot of the variant and the value. In plain data a
 * discriminated one is told apart by its discriminator, one whose variants are of different kinds
 * by the kind; of any other the slot stands there, too.
 */
export function unionFunctions(type: UnionType, names: CodecFunctions, to: FunctionWriter): readonly Doc[] {
  return [
    to.write(names, (own) => writeBody(type, own, to)),
    to.read(names, (own) => readBody(type, own, to)),
    ...(tagsOf(type) === undefined
      ? [
          to.toPlain(names, (own) => toPlainBody(type, own, to)),
          to.fromPlain(names, (own) => fromPlainBody(type, own, to)),
        ]
      : []),
  ];
}

/**
 * Gives the codec of a union, made of its functions; of one with a discriminator, of its variants.
 */
export function assembleUnion(type: UnionType, names: CodecFunctions, to: Codecs): Doc {
  const { write, read, toPlain, fromPlain } = names;
  const tags = tagsOf(type);
  if (tags === undefined) {
    return tallObject([`write: ${write}`, `read: ${read}`, `toPlain: ${toPlain}`, `fromPlain: ${fromPlain}`]);
  }
  const variants = type.variants.flatMap((variant, index) => {
    const codec = partOf(to, variant.slot).codec(variant.type);
    return (tags[index] ?? []).map((tag) => array([tag, codec]));
  });
  const head = [write, read, stringText(type.discriminator ?? "")];
  const stored = storedTag(type);
  return stored === undefined
    ? callWith(to.use("taggedCodec"), head, ["() => ", tallArray(variants)])
    : tallCall(to.use("taggedCodec"), [...head, ["() => ", tallArray(variants)], stored]);
}

/**
 * What documents call the discriminator and its values; `undefined` where it is what the schema
 * does.
 */
function storedTag({ discriminator = "", variants }: UnionType): Doc | undefined {
  const tags = variants.flatMap(({ type }) =>
    type.kind === "object" ? type.properties.filter(({ name }) => name === discriminator) : [],
  );
  const renamed = tags.flatMap(({ type }) => {
    if (type.kind === "enum") return renamedMembers(type.members);
    return type.kind === "literal" ? (type.renamed ?? []) : [];
  });
  const names = [...new Set(tags.flatMap(({ stored = [discriminator] }) => stored))];
  if (renamed.length === 0 && names.join() === discriminator) return undefined;
  const [values = "[]"] = renamedArgument(renamed);
  return object([
    ["names: ", array(names.map((name) => stringText(String(name))))],
    ["tags: ", values],
  ]);
}

/**
 * For each variant that is ever written, the condition that the value is one of it; `undefined`:
 * any other value is. Of two that the compiler cannot tell apart, such as two formats of text, the
 * first is written, and both are read.
 */
function tests(type: UnionType, to: Codecs): { readonly variant: Variant; readonly test: Doc | undefined }[] {
  const tags = tagsOf(type);
  const found = new Map<string, { variant: Variant; test: Doc | undefined }>();
  for (const [index, variant] of type.variants.entries()) {
    const own = tags?.[index]?.map((tag) => `${memberAccess("value", type.discriminator ?? "")} === ${tag}`);
    const test = own === undefined ? to.test(variant.type, "value") : any(own);
    // Nobody asks for what comes behind a variant that takes anything.
    if (test === "true") return [...found.values(), { variant, test: undefined }];
    const text = print(test);
    if (!found.has(text)) found.set(text, { variant, test });
  }
  const [only, ...others] = found.values();
  return only !== undefined && others.length === 0 ? [{ ...only, test: undefined }] : [...found.values()];
}

function writeBody(type: UnionType, to: Codecs, of: FunctionWriter): Doc[] {
  const variants = tests(type, to);
  const write = ({ slot, type: own }: Variant): Doc[] => [
    `writer.variant(${slot});`,
    partOf(to, slot).write(own, "value"),
  ];
  const cases = variants.flatMap(({ variant, test }) =>
    test === undefined ? [] : [[test, write(variant)] as const],
  );
  const last = variants.find(({ test }) => test === undefined);
  if (cases.length === 0) return last === undefined ? [unknownVariant(of)] : write(last.variant);
  return [ifElse(cases, last === undefined ? [unknownVariant(of)] : write(last.variant))];
}

function readBody(type: UnionType, to: Codecs, of: FunctionWriter): Doc[] {
  const cases = type.variants.map(
    ({ slot, type: own }) => [String(slot), returns(partOf(to, slot).read(own))] as const,
  );
  return [switchOn("reader.variant()", cases, unknownVariant(of))];
}

function toPlainBody(type: UnionType, to: Codecs, of: FunctionWriter): Doc[] {
  const isBare = isNatural(type, of.plainKinds);
  const variants = tests(type, to);
  const statements = variants.map(({ variant, test }) => {
    const plain = partOf(to, variant.slot).toPlain(variant.type, "value");
    const result = returns(isBare ? plain : array([String(variant.slot), plain]));
    return test === undefined ? result : ifThen(test, result);
  });
  return variants.some(({ test }) => test === undefined) ? statements : [...statements, unknownVariant(of)];
}

function fromPlainBody(type: UnionType, to: Codecs, of: FunctionWriter): Doc[] {
  const { variants } = type;
  if (isNatural(type, of.plainKinds)) {
    const sorted = variants
      .map((variant) => ({ variant, kinds: of.plainKinds.of(variant.type) }))
      .sort((one, other) => testOrder(one.kinds) - testOrder(other.kinds));
    return [
      ...sorted.map(({ variant, kinds }) =>
        ifThen(
          plainTest(kinds, "input", of.use),
          returns(
            variant.type.kind === "null" ? "null" : partOf(to, variant.slot).fromPlain(variant.type, "input"),
          ),
        ),
      ),
      unknownVariant(of),
    ];
  }
  return [
    "const [slot, value] = plain.readArray(input);",
    ...variants.map((variant) =>
      ifThen(`slot === ${variant.slot}`, returns(partOf(to, variant.slot).fromPlain(variant.type, "value"))),
    ),
    unknownVariant(of),
  ];
}

function unknownVariant(of: FunctionWriter): Doc {
  return `throw new ${of.use("UnreadableValue")}("a known variant of the union");`;
}

function partOf(to: Codecs, slot: number): Codecs {
  return to.of(String(slot + 1));
}
