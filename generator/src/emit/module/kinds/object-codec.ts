import type { Doc } from "../../../code/doc.js";
import { contentsOf, formOf } from "../../../code/doc.js";
import { camelCase, memberAccess, memberKey } from "../../../code/names.js";
import {
  assign,
  binary,
  bitwise,
  call,
  callWith,
  conditional,
  constant,
  destructure,
  ifLine,
  ifThen,
  isConditional,
  property as member,
  numberList,
  object,
  returns,
  stringList,
  stringText,
  tallCall,
  tallObject,
} from "../../../code/syntax.js";
import type { ObjectType, Property, Type } from "../../../model/model.js";
import { constantCode, fallbackCode } from "../constant-code.js";
import { hasRest, isOptional, isUnit, mayBeMissing, substituteOf } from "../property.js";
import { storedMember } from "../renamed.js";
import type { CodecFunctions, Codecs, FunctionWriter } from "./kind.js";

/** Slots above this one do not fit into an integer. */
const HIGHEST_BIT = 29;
/** V8 optimises functions up to some size: those of larger objects are cut into parts. */
const PART = 60;

/** The functions of an object: a list of its values in slot order. */
export function objectFunctions(type: ObjectType, names: CodecFunctions, to: FunctionWriter): readonly Doc[] {
  const properties = [...type.properties].sort((one, other) => one.slot - other.slot);
  const highest = properties.at(-1)?.slot ?? 0;
  if (highest > HIGHEST_BIT) return wideFunctions(type, properties, names, to);
  return [
    to.write(names, (own) => writeBody(type, properties, own)),
    to.read(names, (own) => readBody(type, properties, own, to)),
  ];
}

/** The codec of an object, with the codecs of its members for plain data. */
export function assembleObject(type: ObjectType, names: CodecFunctions, to: Codecs): Doc {
  const members = type.properties.map((property) => {
    const codec = to.of(property.name).codec(property.type);
    const substitute = substituteOf(property);
    const shown =
      substitute === undefined
        ? isOptional(property)
          ? object([[property.exact ? "exact: " : "optional: ", codec]])
          : codec
        : object([
            ["codec: ", codec],
            ["default: ", fallbackCode(substitute)],
          ]);
    return member(memberKey(property.name), shown);
  });
  const table = members.length === 0 ? "{}" : tallObject(members);
  const stored = type.properties.flatMap(({ name, stored: its }) =>
    its === undefined ? [] : [storedMember(memberKey(name), its)],
  );
  const made = (codec: "objectCodec" | "openObjectCodec", parts: Doc): Doc => {
    const args = [names.write, names.read];
    const last = ["() => (", parts, ")"];
    return stored.length === 0
      ? callWith(to.use(codec), args, last)
      : tallCall(to.use(codec), [...args, last, object(stored)]);
  };
  if (!hasRest(type)) return made("objectCodec", table);
  return made("openObjectCodec", tallObject([["members: ", table], `rest: ${to.restCodec(restType(type))}`]));
}

/** The local names of properties. */
class Locals {
  readonly #names = new Map<string, string>();

  constructor(properties: readonly Property[], to: Codecs) {
    for (const { name } of properties) {
      const wish = camelCase(name);
      const own = `${wish}Member`;
      this.#names.set(name, isInherited(name) ? to.variable(own) : to.variable(wish, own));
    }
  }

  of({ name }: Property): string {
    return this.#names.get(name) ?? "";
  }

  /** The member of an object literal. */
  member({ name }: Property, value: Doc): Doc {
    return member(memberKey(name), value);
  }

  /** Takes the properties out of an object. */
  take(properties: readonly Property[], object: string, to: { use(name: "ownMember"): string }): Doc[] {
    const own = properties.filter(({ name }) => !isInherited(name));
    const inherited = properties.filter(({ name }) => isInherited(name));
    return [
      ...(own.length === 0
        ? []
        : [
            destructure(
              own.map((property) => this.member(property, this.of(property))),
              object,
            ),
          ]),
      ...inherited.map((property) =>
        constant(this.of(property), `${to.use("ownMember")}(${object}, ${stringText(property.name)})`),
      ),
    ];
  }
}

/** The properties whose values have to be looked at to write them. */
function looked(properties: readonly Property[]): Property[] {
  return properties.filter((property) => isOptional(property) || !isUnit(property.type));
}

/** Every object has a member of that name. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** A condition: the object has the member, even if it is `undefined`. */
function has(name: string, object: string): string {
  return isInherited(name)
    ? `Object.hasOwn(${object}, ${stringText(name)})`
    : `${stringText(name)} in ${object}`;
}

function bit(slot: number): string {
  return `0b1${"0".repeat(slot)}`;
}

function bits(properties: readonly Property[]): string {
  const slots = properties.map(({ slot }) => slot);
  const length = Math.max(-1, ...slots) + 1;
  if (length === 0) return "0";
  return `0b${Array.from({ length }, (_, index) => (slots.includes(length - 1 - index) ? "1" : "0")).join("")}`;
}

function writeBody(type: ObjectType, properties: readonly Property[], to: Codecs): Doc[] {
  const locals = new Locals(properties, to);
  const present = bits(properties.filter((property) => !isOptional(property)));
  const rest = restOf(type, to);
  const flags: Doc[] = properties.filter(isOptional).map((property) => {
    const local = locals.of(property);
    const flag = bit(property.slot);
    if (leavesOut(property)) return conditional(binary(`${local} === undefined`), "0", flag);
    return conditional(binary(`${local} !== undefined || ${has(property.name, "value")}`), flag, "0");
  });
  if (rest !== undefined) flags.push(conditional(binary(`${rest.name} === undefined`), "0", to.use("REST")));
  if (flags.length === 0 || present !== "0") flags.unshift(present);
  const start = to.variable("start");
  const named =
    properties.some((property) => isOptional(property) && !leavesOut(property)) || flags.length > 2;
  const slots = named ? to.variable("slots") : undefined;
  return [
    ...locals.take(looked(properties), "value", to),
    ...(rest === undefined ? [] : [rest.declaration]),
    ...(slots === undefined ? [] : [constant(slots, bitwise(flags))]),
    constant(start, call("writer.object", [slots ?? bitwise(flags)])),
    ...properties.map((property) =>
      writeMember(property, locals.of(property), `${slots} & ${bit(property.slot)}`, to),
    ),
    ...(rest === undefined
      ? []
      : [ifThen(`${rest.name} !== undefined`, `${rest.codec}.write(writer, ${rest.name});`)]),
    `writer.close(value, ${start});`,
  ];
}

/** Whether `undefined` is stored like absence: it is never there, or reads as something else. */
function leavesOut(property: Property): boolean {
  return property.exact === true || substituteOf(property) !== undefined;
}

/** Writes a member; one that may be absent only where it is there. */
function writeMember(property: Property, local: string, isPresent: string, to: Codecs): Doc {
  if (!isOptional(property)) return to.of(property.name).write(property.type, local);
  const cases: [Doc, Doc][] = [];
  let { type } = property;
  // One chain for all that stands in place of the value.
  while (type.kind === "nullable") {
    cases.push([`${local} === null`, "writer.nil();"]);
    type = type.inner;
  }
  cases.push([`${local} !== undefined`, to.of(property.name).write(type, local)]);
  if (!leavesOut(property)) cases.push([isPresent, "writer.undefined();"]);
  return ifLine(cases);
}

function readBody(type: ObjectType, properties: readonly Property[], to: Codecs, of: FunctionWriter): Doc[] {
  const locals = new Locals(properties, to);
  const needed = properties.filter(
    (property) => !isOptional(property) && substituteOf(property) === undefined,
  );
  const rest = restOf(type, to);
  const known = [bits(properties), ...(rest === undefined ? [] : [to.use("REST")])];
  const head = call("reader.object", [bitwise(known), bits(needed)]);
  const usesSlots = needed.length < properties.length || rest !== undefined;
  const slots = to.variable("slots");
  const is = (property: Property): Doc => binary(`${slots} & ${bit(property.slot)}`);
  return [
    usesSlots ? constant(slots, head) : [head, ";"],
    ...readMembers(
      type,
      properties,
      locals,
      is,
      to,
      rest && {
        declaration: constant(
          rest.name,
          conditional(binary(`${slots} & ${to.use("REST")}`), `${rest.codec}.read(reader)`, "{}"),
        ),
        name: rest.name,
      },
      of.text,
    ),
  ];
}

/**
 * Reads the members in slot order, and makes the object. What comes before the last one that the
 * object cannot be made without is read into constants.
 */
function readMembers(
  type: ObjectType,
  properties: readonly Property[],
  locals: Locals,
  isPresent: (property: Property) => Doc,
  to: Codecs,
  rest: { readonly declaration: Doc; readonly name: string } | undefined,
  text: string,
): Doc[] {
  const expression = (property: Property): Doc => {
    const substitute = substituteOf(property);
    const read = to.of(property.name).read(property.type);
    if (mayBeMissing(property)) return property.exact ? read : openRead(property, to);
    return substitute === undefined ? read : orElse(isPresent(property), read, constantCode(substitute));
  };
  const firm = properties.filter((property) => !mayBeMissing(property) || isInherited(property.name));
  const lastFirm =
    rest === undefined ? properties.lastIndexOf(firm.at(-1) as Property) : properties.length - 1;
  const early = properties.slice(0, lastFirm + 1);
  const late = properties.slice(lastFirm + 1);
  const declared = type.properties.filter((property) => firm.includes(property));
  const inOrder =
    early.length === declared.length &&
    early.every((property, index) => property.name === declared[index]?.name);
  const statements: Doc[] = [];
  const inherited = firm.filter(mayBeMissing);
  const isDirect = rest === undefined && inOrder && inherited.length === 0;
  if (!isDirect) {
    for (const property of early) {
      const read = expression(property);
      const value = mayBeMissing(property) ? earlyRead(property, isPresent(property), read, to) : read;
      statements.push(constant(locals.of(property), value));
    }
    if (rest !== undefined) statements.push(rest.declaration);
  }
  const made = object([
    ...(rest === undefined ? [] : [`...${rest.name}`]),
    ...declared.map((property) =>
      locals.member(property, isDirect ? expression(property) : locals.of(property)),
    ),
  ]);
  const later = properties.filter((property) => mayBeMissing(property) && !isInherited(property.name));
  if (later.length === 0 && inherited.length === 0)
    return [...statements, returns(callWith("reader.close", [], made))];
  const value = to.variable("value");
  const set = (property: Property, item: Doc): Doc => assign(memberAccess(value, property.name), item);
  return [
    ...statements,
    constant(`${value}: ${text}`, made),
    ...early
      .filter((property) => later.includes(property))
      .map((property) => {
        const local = locals.of(property);
        const test = property.exact ? `${local} !== undefined` : isPresent(property);
        return ifThen(test, set(property, local));
      }),
    // The type of an object without them would have what every object inherits.
    ...inherited.map((property) =>
      ifThen(not(isPresent(property)), `delete ${memberAccess(value, property.name)};`),
    ),
    ...late.map((property) => ifThen(isPresent(property), set(property, expression(property)))),
    returns(`reader.close(${value})`),
  ];
}

/** Reads a member that may be absent into a variable, in which it is `undefined` then. */
function earlyRead(property: Property, test: Doc, read: Doc, to: Codecs): Doc {
  if (property.exact) return orElse(test, read, "undefined");
  const isAbsent = formOf(test) === "binary" ? ["!(", contentsOf(test), ")"] : ["!", test];
  const none = binary(...isAbsent, " || reader.tryUndefined()");
  return conditional(none, "undefined", to.of(property.name).read(property.type));
}

/** What was read where the test holds, or else what stands in for it. */
function orElse(test: Doc, read: Doc, otherwise: Doc): Doc {
  if (!isConditional(read)) return conditional(test, read, otherwise);
  // One condition after the other is easier to read than one in the other.
  return conditional(not(test), otherwise, read);
}

function not(test: Doc): Doc {
  return formOf(test) === "binary" ? binary("(", contentsOf(test), ") === 0") : ["!", test];
}

/** Reads a member that may be `undefined`. */
function openRead({ name, type }: Property, to: Codecs): Doc {
  return conditional("reader.tryUndefined()", "undefined", to.of(name).read(type));
}

/** The type of the members that an object does not list. */
function restType({ rest }: ObjectType): Type {
  return typeof rest === "object" ? rest.catchall : { kind: "unknown", any: false };
}

/** What an object has besides its listed members. */
function restOf(
  type: ObjectType,
  to: Codecs,
): { readonly name: string; readonly codec: string; readonly declaration: Doc } | undefined {
  if (!hasRest(type)) return undefined;
  const name = to.variable("rest");
  const known = stringList(type.properties.map((property) => property.name));
  const split = call(`${to.use("restOf")}<${to.text(restType(type))}>`, ["value", known]);
  return { name, codec: to.restCodec(restType(type)), declaration: constant(name, split) };
}

/** The functions of an object with many slots: which of them are present is a list. */
function wideFunctions(
  type: ObjectType,
  properties: readonly Property[],
  names: CodecFunctions,
  of: FunctionWriter,
): Doc[] {
  const parts = Array.from({ length: Math.ceil(properties.length / PART) }, (_, index) =>
    properties.slice(index * PART, (index + 1) * PART),
  );
  const needed = properties.filter(
    (property) => !isOptional(property) && substituteOf(property) === undefined,
  );
  const known = of.constant("slots", "ReadonlySet<number>", ["new Set(", slotList(properties), ")"]);
  const head = call("reader.wideObject", [known, slotList(needed), String(hasRest(type))]);
  if (parts.length < 2)
    return [
      of.write(names, (to) => wideWriteBody(type, [], to, properties)),
      of.read(names, (to) => wideReadBody(type, properties, head, to, of)),
    ];
  const functions: Doc[] = [];
  const called = parts.map((part) => {
    const present = of.part(`${names.write}Slots`, ["value", "slots"], (to) => {
      const locals = new Locals(part.filter(isOptional), to);
      return [...locals.take(part.filter(isOptional), "value", to), ...pushSlots(part, locals, "slots")];
    });
    const write = of.part(names.write, ["writer", "value"], (to) => {
      const locals = new Locals(part, to);
      return [...locals.take(looked(part), "value", to), ...wideMembers(part, locals, to)];
    });
    const read = of.part(names.read, ["reader", "wide", "partial"], (to) =>
      part.map((property) => {
        const isLoose = mayBeMissing(property);
        const read =
          isLoose && !property.exact ? openRead(property, to) : to.of(property.name).read(property.type);
        const substitute = substituteOf(property);
        const target = memberAccess("value", property.name);
        const present = `slots.has(${property.slot})`;
        if (isLoose) return ifThen(present, assign(target, read));
        const value = substitute === undefined ? read : orElse(present, read, constantCode(substitute));
        return assign(target, value);
      }),
    );
    functions.push(present.code, write.code, read.code);
    return { present: present.name, write: write.name, read: read.name };
  });
  return [
    ...functions,
    of.write(names, (to) => wideWriteBody(type, called, to, properties)),
    of.read(names, (to) => {
      const rest = restOf(type, to);
      return [
        constant("slots", head),
        constant(`value: Partial<${of.text}>`, "{}"),
        ...called.map(({ read }) => `${read}(reader, slots, value);`),
        ...(rest === undefined
          ? []
          : [ifThen("slots.hasRest", `Object.assign(value, ${rest.codec}.read(reader));`)]),
        "// What is required has been read.",
        returns(`reader.close(value as ${of.text})`),
      ];
    }),
  ];
}

function slotList(properties: readonly Property[]): Doc {
  return numberList(properties.map(({ slot }) => slot));
}

/** Lists the slots that are present, in order. */
function pushSlots(properties: readonly Property[], locals: Locals, slots: string): Doc[] {
  const statements: Doc[] = [];
  let firm: number[] = [];
  const flush = (): void => {
    if (firm.length > 0) statements.push([call(`${slots}.push`, firm.map(String)), ";"]);
    firm = [];
  };
  for (const property of properties) {
    if (!isOptional(property)) {
      firm.push(property.slot);
      continue;
    }
    flush();
    const local = locals.of(property);
    const test = `${local} !== undefined${leavesOut(property) ? "" : ` || ${has(property.name, "value")}`}`;
    statements.push(ifThen(test, `${slots}.push(${property.slot});`));
  }
  flush();
  return statements;
}

function wideMembers(properties: readonly Property[], locals: Locals, to: Codecs): Doc[] {
  return properties.map((property) =>
    writeMember(property, locals.of(property), has(property.name, "value"), to),
  );
}

/** @param parts - functions that write parts of the object; none where it is written here */
function wideWriteBody(
  type: ObjectType,
  parts: readonly { readonly present: string; readonly write: string }[],
  to: Codecs,
  properties: readonly Property[],
): Doc[] {
  const slots = to.variable("slots");
  const isWhole = parts.length === 0;
  const locals = new Locals(isWhole ? properties : [], to);
  const rest = restOf(type, to);
  const start = to.variable("start");
  return [
    ...(isWhole ? locals.take(looked(properties), "value", to) : []),
    ...(rest === undefined ? [] : [rest.declaration]),
    `const ${slots}: number[] = [];`,
    ...(isWhole
      ? pushSlots(properties, locals, slots)
      : parts.map(({ present }) => `${present}(value, ${slots});`)),
    constant(
      start,
      call("writer.wideObject", [slots, rest === undefined ? "false" : `${rest.name} !== undefined`]),
    ),
    ...(isWhole ? wideMembers(properties, locals, to) : parts.map(({ write }) => `${write}(writer, value);`)),
    ...(rest === undefined
      ? []
      : [ifThen(`${rest.name} !== undefined`, `${rest.codec}.write(writer, ${rest.name});`)]),
    `writer.close(value, ${start});`,
  ];
}

function wideReadBody(
  type: ObjectType,
  properties: readonly Property[],
  head: Doc,
  to: Codecs,
  of: FunctionWriter,
): Doc[] {
  const slots = to.variable("slots");
  const locals = new Locals(properties, to);
  const rest = restOf(type, to);
  return [
    constant(slots, head),
    ...readMembers(
      type,
      properties,
      locals,
      (property) => `${slots}.has(${property.slot})`,
      to,
      rest && {
        declaration: constant(rest.name, conditional(`${slots}.hasRest`, `${rest.codec}.read(reader)`, "{}")),
        name: rest.name,
      },
      of.text,
    ),
  ];
}
