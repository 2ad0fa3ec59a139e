import { call, forOf, stringText } from "../../../code/syntax.js";
import type { RecordType } from "../../../model/model.js";
import { choose } from "../choices.js";
import { listedKeys } from "../listed-keys.js";
import { renamedArgument, renamedMembers } from "../renamed.js";
import { type Rule, refuse, step } from "../rules.js";
import { unionText } from "../union-text.js";
import type { Kind } from "./kind.js";
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
    const keys: Rule[] = [];
    if (listed !== undefined) keys.push(choose(listed.map(stringText), key, child, inner));
    else if (type.key.kind === "number") {
      const number = inner.variable("number");
      keys.push(step(`const ${number} = Number(${key});`), ...inner.rules(type.key, number, child));
    } else if (!isAnyText(type.key)) keys.push(...inner.rules(type.key, key, child));
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

/** A key is known to be text. */
function isAnyText(type: RecordType["key"]): boolean {
  return (
    type.kind === "unknown" ||
    (type.kind === "string" && type.patterns.length === 0 && Object.keys(type).length === 2)
  );
}
