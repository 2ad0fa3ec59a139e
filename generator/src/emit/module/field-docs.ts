import type { Field, SessionModel } from "../../model/model.js";
import { eachPolicy } from "../../model/policies/policies.js";
import { durationText } from "./duration-text.js";
import { flashLists } from "./field-texts.js";

/** Gives what users of a field should know: its description, and what its policies do. */
export function fieldDoc(model: SessionModel, field: Field): string | undefined {
  const list = flashLists(model).some((one) => one.field === field);
  const sentences = eachPolicy(field.policy, (policy, value) =>
    policy.sentence?.(value, { list, duration: durationText }),
  );
  const parts = (field.indexes ?? []).flatMap(({ path }) =>
    path === field.name ? [] : [`Sessions can be found by \`${path}\`.`],
  );
  const policies = [...sentences, ...parts].filter((sentence) => sentence !== undefined).join(" ");
  if (field.description === undefined || policies === "") return field.description ?? (policies || undefined);
  // A description that is a sentence can be followed by others.
  const glue = field.description.endsWith(".") && !field.description.includes("\n") ? " " : "\n\n";
  return `${field.description}${glue}${policies}`;
}
