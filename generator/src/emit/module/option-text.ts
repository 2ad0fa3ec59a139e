import { memberKey } from "../../code/names.js";
import { objectText } from "../../code/object-text.js";
import type { EnvReference, OptionValue } from "../../config/values.js";

/**
 * An option as an expression; a reference to the environment becomes a call of `env`.
 * @param entry - of the config, where there is one per NODE_ENV: it is named where a variable is
 *   missing
 */
export function optionText(value: OptionValue, entry?: string): string {
  if (typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map((one) => optionText(one, entry)).join(", ")}]`;
  if (isEnvReference(value)) {
    const parts = [value.$env, ...(entry === undefined ? [] : [entry])];
    return `env(${parts.map((part) => JSON.stringify(part)).join(", ")})`;
  }
  return objectText(
    Object.entries(value).map(([name, option]) => `${memberKey(name)}: ${optionText(option, entry)}`),
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
