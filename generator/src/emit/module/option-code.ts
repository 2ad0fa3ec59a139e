import type { Doc } from "../../code/doc.js";
import { memberKey } from "../../code/names.js";
import { array, call, object, stringText } from "../../code/syntax.js";
import type { EnvReference, OptionValue } from "../../config/values.js";

/** How options become code. */
export interface OptionContext {
  /** Gives what the function is called that reads the environment; asking for it uses it. */
  env(): string;
  /** Of the config, where there is one per NODE_ENV: it is named where a variable is missing. */
  readonly entry?: string | undefined;
}

/** Gives an option as an expression; a reference to the environment becomes a call of `env`. */
export function optionCode(value: OptionValue, context: OptionContext): Doc {
  if (typeof value === "string") return stringText(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return array(value.map((item) => optionCode(item, context)));
  if (isEnvReference(value)) {
    const entry = context.entry === undefined ? [] : [stringText(context.entry)];
    return call(context.env(), [stringText(value.$env), ...entry]);
  }
  return object(
    Object.entries(value).map(([name, option]) => [memberKey(name), ": ", optionCode(option, context)]),
  );
}

/** Tells whether the expression of the option calls `env`. */
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
