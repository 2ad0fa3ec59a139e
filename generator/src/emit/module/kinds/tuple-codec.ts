import type { Doc } from "../../../code/doc.js";
import {
  array,
  binary,
  call,
  conditional,
  constant,
  forOf,
  ifLine,
  ifThen,
  returns,
} from "../../../code/syntax.js";
import type { TupleType, Type } from "../../../model/model.js";
import { isUnit } from "../property.js";
import { itemName } from "./item-name.js";
import type { CodecFunctions, Codecs, FunctionWriter } from "./kind.js";

/** The functions of a tuple: a list. */
export function tupleFunctions(type: TupleType, names: CodecFunctions, to: FunctionWriter): readonly Doc[] {
  return [
    to.write(names, (own) => writeBody(type, own)),
    to.read(names, (own) => readBody(type, own, to)),
    to.toPlain(names, (own) => toPlainBody(type, own)),
    to.fromPlain(names, (own) => fromPlainBody(type, own, to)),
  ];
}

/** Names the items, and what follows them. */
function take(
  { items, required, rest }: TupleType,
  value: string,
  to: Codecs,
  isLooked: (type: Type) => boolean = () => true,
): { locals: string[]; rest: string; code: Doc[] } {
  const locals = items.map((_item, index) => to.variable(itemName(index)));
  const others = to.variable("rest");
  const shown = items.map((item, index) =>
    index >= required || isLooked(item) ? (locals[index] ?? "") : "",
  );
  if (rest !== undefined) shown.push(`...${others}`);
  while (shown.at(-1) === "") shown.pop();
  return { locals, rest: others, code: shown.length === 0 ? [] : [constant(array(shown), value)] };
}

function writeBody(type: TupleType, to: Codecs): Doc[] {
  const { items, required, rest } = type;
  const { locals, rest: others, code } = take(type, "value", to, (item) => !isUnit(item));
  const item = to.variable("item");
  return [
    ...code,
    "writer.list(value.length);",
    ...items.map((own, index) => {
      const local = locals[index] ?? "";
      if (index < required) return to.write(own, local);
      return ifLine([
        [`${local} !== undefined`, to.write(own, local)],
        [`value.length > ${index}`, "writer.undefined();"],
      ]);
    }),
    ...(rest === undefined ? [] : [forOf(item, others, [to.write(rest, item)])]),
  ];
}

function readBody(type: TupleType, to: Codecs, of: FunctionWriter): Doc[] {
  const { items, required, rest } = type;
  const firm = items.slice(0, required).map((item) => to.read(item));
  const optional = items.slice(required).map((item, index) => {
    const read = conditional("reader.tryUndefined()", "undefined", to.read(item));
    return ifThen(`length > ${required + index}`, [call("value.push", [read]), ";"]);
  });
  const tail =
    rest === undefined
      ? []
      : [
          [
            `for (let index = ${items.length}; index < length; index += 1) `,
            ["value.push(", to.read(rest), ");"],
          ],
        ];
  return [
    constant("length", "reader.list()"),
    ifThen(wrongLength(type, "length"), `throw new ${of.use("UnreadableValue")}("a tuple");`),
    ...made(firm, [...optional, ...tail], of.text),
  ];
}

function toPlainBody(type: TupleType, to: Codecs): Doc[] {
  const { items, required, rest } = type;
  const { locals, rest: others, code } = take(type, "value", to, (item) => !isUnit(item));
  const item = to.variable("item");
  const firm = items.slice(0, required).map((own, index) => to.toPlain(own, locals[index] ?? ""));
  const optional = items.slice(required).map((own, index) => {
    const local = locals[required + index] ?? "";
    const plain = conditional(
      binary(`${local} === undefined`),
      `${to.plain}.undefined()`,
      to.toPlain(own, local),
    );
    return ifThen(`value.length > ${required + index}`, [call("items.push", [plain]), ";"]);
  });
  const tail =
    rest === undefined ? [] : [forOf(item, others, [[call("items.push", [to.toPlain(rest, item)]), ";"]])];
  if (optional.length === 0 && tail.length === 0) return [...code, returns(array(firm))];
  return [...code, constant("items: unknown[]", array(firm)), ...optional, ...tail, "return items;"];
}

function fromPlainBody(type: TupleType, to: Codecs, of: FunctionWriter): Doc[] {
  const { items, required, rest } = type;
  const { locals, rest: others, code } = take(type, "items", to);
  const item = to.variable("item");
  const firm = items.slice(0, required).map((own, index) => to.fromPlain(own, locals[index] ?? ""));
  const optional = items.slice(required).map((own, index) => {
    const local = locals[required + index] ?? "";
    const read = conditional(`plain.isUndefined(${local})`, "undefined", to.fromPlain(own, local));
    return ifThen(`items.length > ${required + index}`, [call("value.push", [read]), ";"]);
  });
  const tail =
    rest === undefined ? [] : [forOf(item, others, [[call("value.push", [to.fromPlain(rest, item)]), ";"]])];
  return [
    constant("items", "plain.readArray(input)"),
    ifThen(wrongLength(type, "items.length"), `throw new ${of.use("UnreadableValue")}("a tuple");`),
    ...code,
    ...made(firm, [...optional, ...tail], of.text),
  ];
}

/** Makes the tuple, and adds what it need not have. */
function made(firm: readonly Doc[], more: readonly Doc[], text: string): Doc[] {
  if (more.length === 0) return [returns(array(firm))];
  return [constant(`value: ${text}`, array(firm)), ...more, "return value;"];
}

function wrongLength({ items, required, rest }: TupleType, length: string): string {
  if (rest !== undefined) return `${length} < ${required}`;
  if (required === items.length) return `${length} !== ${required}`;
  return required === 0
    ? `${length} > ${items.length}`
    : `${length} < ${required} || ${length} > ${items.length}`;
}
