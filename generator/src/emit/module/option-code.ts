import type { Doc } from "../../code/doc.js";
import { memberKey } from "../../code/names.js";
import { array, object, stringText } from "../../code/syntax.js";
import type { EnvReference, OptionValue } from "../../config/values.js";

/** An option as an expression. @param env - what the function is called that reads the environment */
export function optionCode(value: OptionValue, env: () => string): Doc {
  if (typeof value === "string") return stringText(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return array(value.map((item) => optionCode(item, env)));
  if (isEnvReference(value)) return `${env()}(${stringText(value.$env)})`;
  return object(
    Object.entries(value).map(([name, option]) => [memberKey(name), ": ", optionCode(option, env)]),
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
