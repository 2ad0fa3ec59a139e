import { SessionError } from "./errors.js";

/**
 * A variable of the environment, read when the application starts. Generated code calls it for
 * every `env("NAME")` of the config.
 * @throws SessionError `env/missing` when the variable is not set or empty
 */
export function env(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new SessionError("env/missing", `The environment variable ${name} is not set`);
  }
  return value;
}
