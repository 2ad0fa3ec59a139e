import type { Doc } from "../../../code/doc.js";
import { memberKey } from "../../../code/names.js";
import {
  binary,
  bitwise,
  call,
  callWith,
  conditional,
  constant,
  ifThen,
  property as member,
  object,
  tallCall,
  tallObject,
} from "../../../code/syntax.js";
import type { ObjectType, Property } from "../../../model/model.js";
import { fallbackCode } from "../constant-code.js";
import { hasRest, isOptional, substituteOf } from "../property.js";
import { storedMember } from "../renamed.js";
import type { CodecFunctions, Codecs, FunctionWriter } from "./kind.js";

import {
  has,
  Locals,
  leavesOut,
  looked,
  readMembers,
  restOf,
  restType,
  writeMember,
} from "./object-members.js";
import { wideFunctions } from "./wide-object-codec.js";

/** Slots above this one do not fit into an integer. */
const HIGHEST_BIT = 29;

/** Writes the functions of an object: a list of its values in slot order. */
export function objectFunctions(type: ObjectType, names: CodecFunctions, to: FunctionWriter): readonly Doc[] {
  const properties = [...type.properties].sort((one, other) => one.slot - other.slot);
  const highest = properties.at(-1)?.slot ?? 0;
  if (highest > HIGHEST_BIT) return wideFunctions(type, properties, names, to);
  return [
    to.write(names, (own) => writeBody(type, properties, own)),
    to.read(names, (own) => readBody(type, properties, own, to)),
  ];
}

/** Writes the codec of an object, with the codecs of its members for plain data. */
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
            ["default: ", fallbackCode(substitute, (code) => to.typed(property.type, code))],
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
