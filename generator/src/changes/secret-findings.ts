import { secretsChange } from "./environments.js";
import type { Found, Loss, Rule } from "./rule.js";
import type { TextForm } from "./snapshot-form.js";

/** Two lists of secrets, and what they are for. */
export interface SecretLists {
  readonly before: readonly TextForm[];
  readonly after: readonly TextForm[];
  readonly path: string;
  readonly at: readonly string[];
  /** As the subject of a sentence. */
  readonly what: string;
  /** What is lost with a secret that goes. */
  readonly gone: Loss;
}

/** How hard a change of secrets is, whatever they are for. */
export const ofSecrets: Pick<Rule, "class" | "steps" | "otherwise"> = {
  class: "step",
  steps: ["two-deploys"],
  otherwise: {
    safe: "of a secret that comes behind, or goes in front where the older version knows it",
    breaking: "of a secret that goes",
  },
};

/** Says what a change of secrets asks for: each of them that came or went. */
export function secretFindings({ before, after, path, at, what, gone }: SecretLists): readonly Found[] {
  const { first, behind, writer, readers } = secretsChange(before, after);
  const found = (summary: string): Found => ({ path, at, summary: `${what}: ${summary}` });
  return [
    ...(first === undefined ? [] : [found(`${first} is in front, and the older version does not have it`)]),
    ...behind.map((name): Found => ({ ...found(`${name} is behind`), class: "safe" })),
    ...[...(writer === undefined ? [] : [writer]), ...readers].map(
      (name): Found => ({ ...found(`${name} is gone`), class: "breaking", loss: gone, steps: [] }),
    ),
  ];
}
