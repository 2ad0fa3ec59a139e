import { whyChosen } from "./environment.js";
import { SessionError } from "./errors.js";

/**
 * Gives a variable of the environment, read when the application starts. Generated code calls it
 * for every `env("NAME")` of the config.
 * @param entry - the entry of the config that needs it, where there is one per NODE_ENV
 * @throws SessionError `env/missing` when the variable is not set or empty
 */
export function env(name: string, entry?: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  const why =
    entry === undefined
      ? ""
      : `; it is needed in ${JSON.stringify(entry)}, which was chosen since ${whyChosen(entry)}`;
  throw new SessionError("env/missing", `The environment variable ${name} is not set${why}`);
}
