import { any, array, binary, call, callWith } from "../../../code/syntax.js";
import { constantText } from "../../../model/constant-text.js";
import type { EnumMember, EnumType } from "../../../model/model.js";
import { choose } from "../choices.js";
import { renamedArgument, renamedMembers } from "../renamed.js";
import type { Kind } from "./kind.js";
import { composite } from "./scalar.js";

export const enumKind: Kind<EnumType> = {
  typeText: ({ members, declared }, to) =>
    declared === undefined ? members.map(memberText) : [to.declared(declared)],
  test({ members }, value) {
    const tests = members.map((member) => `${value} === ${memberText(member)}`);
    return any(tests);
  },
  check: ({ members }, value, path, to) => [choose(members.map(memberText), value, path, to)],
  plain: ({ members }) =>
    members.flatMap(({ value, stored }) =>
      (stored ?? [value]).map((one) => (typeof one === "string" ? "string" : "number")),
    ),
  codec(type, to) {
    const { members, declared } = type;
    const bySlot: string[] = [];
    for (const member of members) bySlot[member.slot] = memberText(member);
    const texts = Array.from(bySlot, (text) => text ?? "undefined");
    const cast = declared && to.text(type);
    const item = texts.includes("undefined") ? `(${cast} | undefined)` : cast;
    const all = cast === undefined ? array(texts) : binary(array(texts), ` as ${item}[]`);
    const [renamed] = renamedArgument(renamedMembers(members), cast);
    if (renamed !== undefined) return call(to.use("enumCodec"), [all, renamed]);
    return callWith(to.use("enumCodec"), [], all);
  },
  ...composite(),
};

function memberText({ value }: EnumMember): string {
  return constantText({ kind: "json", value });
}
