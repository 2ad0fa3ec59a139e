import { any, array, call, callWith } from "../../../code/syntax.js";
import { constantText } from "../../../model/constant-text.js";
import type { EnumMember, EnumType } from "../../../model/model.js";
import { choose } from "../choices.js";
import { renamedArgument, renamedMembers } from "../renamed.js";
import type { Kind } from "./kind.js";
import { composite } from "./scalar.js";

export const enumKind: Kind<EnumType> = {
  typeText: ({ members }) => members.map(memberText),
  test({ members }, value) {
    const tests = members.map((member) => `${value} === ${memberText(member)}`);
    return any(tests);
  },
  check: ({ members }, value, path, to) => [choose(members.map(memberText), value, path, to)],
  plain: ({ members }) =>
    members.flatMap(({ value, stored }) =>
      (stored ?? [value]).map((one) => (typeof one === "string" ? "string" : "number")),
    ),
  codec({ members }, to) {
    const bySlot: string[] = [];
    for (const member of members) bySlot[member.slot] = memberText(member);
    const all = array(Array.from(bySlot, (text) => text ?? "undefined"));
    const [renamed] = renamedArgument(renamedMembers(members));
    if (renamed !== undefined) return call(to.use("enumCodec"), [all, renamed]);
    return callWith(to.use("enumCodec"), [], all);
  },
  ...composite(),
};

function memberText({ value }: EnumMember): string {
  return constantText({ kind: "json", value });
}
