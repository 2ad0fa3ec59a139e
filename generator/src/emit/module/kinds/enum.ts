import { any, inParentheses } from "../../../code/syntax.js";
import { constantText } from "../../../model/constant-text.js";
import type { EnumMember, EnumType } from "../../../model/model.js";
import { choose } from "../choices.js";
import type { Kind } from "./kind.js";

export const enumKind: Kind<EnumType> = {
  typeText: ({ members }) => members.map(memberText),
  test({ members }, value) {
    const tests = members.map((member) => `${value} === ${memberText(member)}`);
    return tests.length === 1 ? tests : inParentheses(any(tests));
  },
  check: ({ members }, value, path, to) => [choose(members.map(memberText), value, path, to)],
};

function memberText({ value }: EnumMember): string {
  return constantText({ kind: "json", value });
}
