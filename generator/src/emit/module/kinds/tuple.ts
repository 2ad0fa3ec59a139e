import { array, call, callWith, constant, forOf } from "../../../code/syntax.js";
import type { TupleType } from "../../../model/model.js";
import { childrenOf } from "../../../model/walk.js";
import { counted } from "../bounds.js";
import { provided, type Rule, refuseEach, step } from "../rules.js";
import { itemName } from "./item-name.js";
import type { Kind } from "./kind.js";
import { composite } from "./scalar.js";

export const tuple: Kind<TupleType> = {
  typeText({ items, required, rest, readonly }, to) {
    const texts = items.map((item, index) => (index < required ? to.of(item) : `${to.operand(item)}?`));
    if (rest !== undefined) texts.push(`...${to.operand(rest)}[]`);
    return [`${readonly ? "readonly " : ""}[${texts.join(", ")}]`];
  },
  test: (type, value, to) => to.passes(type, value),
  check(type, value, path, to) {
    const { items, required, rest } = type;
    const locals = items.map((_item, index) => to.variable(itemName(index)));
    const rules: Rule[] = [
      refuseEach([`!${to.use("isList")}(${value})`, ...wrongLength(type, value)], path, lengthText(type)),
    ];
    if (locals.length > 0) rules.push(step(constant(array(locals), value)));
    for (const [index, item] of items.entries()) {
      const local = locals[index] ?? "";
      const own = to.rules(item, local, path.text(`[${index}]`));
      rules.push(...(index < required ? own : provided(`${value}.length > ${index}`, own)));
    }
    if (rest === undefined) return rules;
    const inner = to.within();
    const [index, item] = [inner.variable("index"), inner.variable("item")];
    const at = items.length === 0 ? index : `${index} + ${items.length}`;
    const values = items.length === 0 ? value : `${value}.slice(${items.length})`;
    const tail = inner.statements(inner.rules(rest, item, path.element(at)));
    return [...rules, step(forOf(`[${index}, ${item}]`, `${values}.entries()`, tail))];
  },
  plain: () => ["array"],
  codec({ items, required, rest }, to) {
    const codecs = array(items.map((item, index) => to.of(itemName(index)).codec(item)));
    const optional = rest === undefined && required === items.length ? [] : [String(required)];
    // The compiler does not know from the tuple of what type the rest is.
    const tail = rest && (childrenOf(rest).length === 0 ? to.codec(rest) : to.of("rest").constant(rest));
    const others = [...optional, ...(tail === undefined ? [] : [tail])];
    return others.length === 0
      ? callWith(to.use("tupleCodec"), [], codecs)
      : call(to.use("tupleCodec"), [codecs, ...others]);
  },
  ...composite(),
};

function wrongLength(
  { items, required: typed, present: required = typed, rest }: TupleType,
  value: string,
): string[] {
  if (rest === undefined && required === items.length) return [`${value}.length !== ${required}`];
  return [
    ...(required === 0 ? [] : [`${value}.length < ${required}`]),
    ...(rest === undefined ? [`${value}.length > ${items.length}`] : []),
  ];
}

function lengthText({ items, required: typed, present: required = typed, rest }: TupleType): string {
  if (rest !== undefined)
    return required === 0 ? "an array" : `an array of at least ${counted(required, "item")}`;
  return `an array of ${required === items.length ? "" : `${required} to `}${counted(items.length, "item")}`;
}
