import type { Doc } from "../../../code/doc.js";
import { call, conditional, constant, ifThen, numberList } from "../../../code/syntax.js";
import type { ObjectType, Property } from "../../../model/model.js";
import { hasRest, isOptional, substituteOf } from "../property.js";
import type { CodecFunctions, Codecs, FunctionWriter } from "./kind.js";

import { has, Locals, leavesOut, looked, readMembers, restOf, writeMember } from "./object-members.js";

/** V8 optimises functions up to some size: what writes larger objects is cut into parts. */
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
  const known = of.constant("slots", "readonly number[]", slotList(properties));
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
    functions.push(present.code, write.code);
    return { present: present.name, write: write.name };
  });
  return [
    ...functions,
    of.write(names, (to) => wideWriteBody(type, called, to, properties)),
    // Whole, however long: what is added to an object member by member is slow from some hundred
    // on.
    of.read(names, (to) => wideReadBody(type, properties, head, to, of)),
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
