import { memberKey } from "../../code/names.js";
import { objectText } from "../../code/object-text.js";
import type { EnvReference, OptionValue } from "../../config/values.js";

/** An option as an expression; a reference to the environment becomes a call of `env`. */
export function optionText(value: OptionValue): string {
  if (typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(optionText).join(", ")}]`;
  if (isEnvReference(value)) return `env(${JSON.stringify(value.$env)})`;
  return objectText(
    Object.entries(value).map(([name, option]) => `${memberKey(name)}: ${optionText(option)}`),
  );
}

/** Whether the expression of the option calls `env`. */
export function usesEnv(value: OptionValue): boolean {
  if (typeof value !== "object") return false;
  if (isList(value)) return value.some(usesEnv);
  return isEnvReference(value) || Object.values(value).some(usesEnv);
}

function isList(value: OptionValue): value is readonly OptionValue[] {
  return Array.isArray(value);
}

function isEnvReference(value: OptionValue): value is EnvReference {
  return typeof value === "object" && "$env" in value && typeof value.$env === "string";
}
