import { SessionError } from "./errors.js";

/** Gives what the environment calls itself; `undefined` where nobody has set NODE_ENV. */
export function environmentName(): string | undefined {
  // Where there is no `process`, there is no environment by name.
  return globalThis.process?.env?.["NODE_ENV"] || undefined;
}

/**
 * Chooses by NODE_ENV what the config says per environment: what stands under its name, else under
 * `default`, else under `production`. Generated code calls it.
 * @throws SessionError `session/unknown-environment`
 */
export function byEnvironment<T>(choices: { readonly [environment: string]: T }): T {
  const name = environmentName();
  const chosen = [name, "default", "production"].find(
    (key) => key !== undefined && Object.hasOwn(choices, key),
  );
  if (chosen !== undefined) return choices[chosen] as T;
  throw unknownEnvironment(Object.keys(choices));
}

/** Makes the error for a NODE_ENV that the config has nothing for. Generated code calls it. */
export function unknownEnvironment(known: readonly string[]): SessionError {
  const name = environmentName();
  const what = name === undefined ? "is not set" : `is ${JSON.stringify(name)}`;
  return new SessionError(
    "session/unknown-environment",
    `NODE_ENV ${what}, and the config has an entry for ${known.join(", ")} only`,
  );
}

/** Says why the entry of that name was chosen, as part of a sentence. */
export function whyChosen(entry: string): string {
  const name = environmentName();
  if (name === entry) return `NODE_ENV is ${JSON.stringify(name)}`;
  if (name === undefined) return "NODE_ENV is not set";
  return `NODE_ENV is ${JSON.stringify(name)}, for which the config has no entry`;
}
