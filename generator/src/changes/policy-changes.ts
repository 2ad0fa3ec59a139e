import type { Comparison } from "./comparison.js";
import type { Found } from "./rule.js";

/** Finds the fields of which one of these policies is another one now. */
export function policyChanges({ parts }: Comparison, policies: readonly string[]): readonly Found[] {
  return parts.kept.flatMap(({ before, after }) =>
    policies.flatMap((policy) => {
      const [was, is] = [before, after].map(({ attributes }) => textOf(attributes?.[policy]));
      if (was === is) return [];
      const { path } = after;
      return [
        { path, at: ["fields", path, policy], summary: `${policy} of ${path} was ${was} and is ${is}` },
      ];
    }),
  );
}

function textOf(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
