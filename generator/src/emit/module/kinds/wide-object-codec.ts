import type { Doc } from "../../../code/doc.js";
import { memberAccess } from "../../../code/names.js";
import { assign, call, conditional, constant, ifThen, numberList, returns } from "../../../code/syntax.js";
import type { ObjectType, Property } from "../../../model/model.js";
import { standInCode } from "../constant-code.js";
import { hasRest, isOptional, mayBeMissing, substituteOf } from "../property.js";
import type { CodecFunctions, Codecs, FunctionWriter } from "./kind.js";

import {
  has,
  Locals,
  leavesOut,
  looked,
  openRead,
  orElse,
  readMembers,
  restOf,
  writeMember,
} from "./object-members.js";

/** V8 optimises functions up to some size: those of larger objects are cut into parts. */
const PART = 60;

/** Writes the functions of an object with many slots: which of them are present is a list. */
export function wideFunctions(
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
        const value =
          substitute === undefined ? read : orElse(present, read, standInCode(substitute, property.type, to));
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
