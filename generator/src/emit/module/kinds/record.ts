import { all, call, forOf, stringText } from "../../../code/syntax.js";
import type { RecordType, Type } from "../../../model/model.js";
import { choose } from "../choices.js";
import { listedKeys } from "../listed-keys.js";
import type { Path } from "../path.js";
import { renamedArgument, renamedMembers } from "../renamed.js";
import { type Rule, refuse, step } from "../rules.js";
import { unionText } from "../union-text.js";
import type { Checks, Kind } from "./kind.js";
import { pathOf } from "./object.js";
import { composite } from "./scalar.js";

export const record: Kind<RecordType> = {
  /**
   * Records are index signatures and mapped types, not `Record<…>`: an alias may then refer to
   * itself, since the compiler looks at the members of an object type late.
   */
  typeText({ key, value, partial, readonly }, to) {
    const keyText = to.of(key);
    const start = readonly ? "readonly [key" : "[key";
    if (key.kind === "string" || key.kind === "number") {
      const text = unionText([...to.members(value), ...(partial ? ["undefined"] : [])]);
      return [`{ ${start}: ${keyText}]: ${text} }`];
    }
    return [`{ ${start} in ${keyText}]${partial ? "?" : ""}: ${to.of(value)} }`];
  },
  test: (type, value, to) => to.passes(type, value),
  check(type, value, path, to) {
    const inner = to.within();
    const [key, item] = [inner.variable("key"), inner.variable("item")];
    const child = pathOf(path, key, to);
    const listed = listedKeys(type.key);
    const keys =
      listed === undefined
        ? keyRules(type.key, key, child, inner)
        : [choose(listed.map(stringText), key, child, inner)];
    const rules = [...keys, ...inner.rules(type.value, item, child)];
    const missing = type.partial ? [] : (listed ?? []);
    return [
      refuse(`!${to.use("isPlainRecord")}(${value})`, path, "an object"),
      ...missing.map((name) =>
        refuse(`!Object.hasOwn(${value}, ${stringText(name)})`, path.member(name), "present"),
      ),
      step(
        forOf(
          `[${key}, ${item}]`,
          `${to.use("membersOf")}(${value}, ${path.expression})`,
          inner.statements(rules),
        ),
      ),
    ];
  },
  plain: () => ["object"],
  codec(type, to) {
    const keeps = to.admitsUndefined(type.value) ? ["true"] : [];
    const codec = call(to.use("recordCodec"), [to.codec(type.value), ...keeps]);
    const [renamed] = type.key.kind === "enum" ? renamedArgument(renamedMembers(type.key.members)) : [];
    return renamed === undefined ? codec : call(to.use("renamedKeysCodec"), [codec, renamed]);
  },
  ...composite(),
};

/** The rules of keys that are not listed. A number is told from its text. */
function keyRules(type: Type, key: string, path: Path, to: Checks): readonly Rule[] {
  const variants = type.kind === "union" ? type.variants.map((variant) => variant.type) : [type];
  if (variants.some(isAnyText)) return [];
  const takesNumbers = variants.some(({ kind }) => kind === "number");
  const number = takesNumbers ? to.variable("number") : key;
  const localOf = ({ kind }: Type): string => (kind === "number" ? number : key);
  const said = takesNumbers ? [step(`const ${number} = ${to.use("numberOfKey")}(${key});`)] : [];
  if (type.kind !== "union") return [...said, ...to.rules(type, localOf(type), path)];
  const fails = variants.map((variant) => to.fails(asText(variant), localOf(variant), path));
  return [...said, refuse(all(fails), path, "one of the types of its union")];
}

/** What is listed, as objects have it for keys. */
function asText(type: Type): Type {
  const listed = listedKeys(type);
  if (listed === undefined) return type;
  return { kind: "literal", values: listed.map((value) => ({ kind: "json", value })) };
}

/** A key is known to be text. */
function isAnyText(type: RecordType["key"]): boolean {
  return type.kind === "string" && type.patterns.length === 0 && Object.keys(type).length === 2;
}
