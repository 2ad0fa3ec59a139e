import type { SessionConfig } from "./config/options/options.js";
import type { EnvReference } from "./config/values.js";

export type * from "./backends/types.js";
export type { BindingOptions } from "./config/options/binding.js";
export type { CookieOptions } from "./config/options/cookie.js";
export type { EncryptionOptions } from "./config/options/encryption.js";
export type { IdOptions } from "./config/options/id.js";
export type { LifetimeOptions } from "./config/options/lifetime.js";
export type { SessionConfig } from "./config/options/options.js";
export type { Transport } from "./config/options/transport.js";
export type { AnySchema, SchemaOutput, SchemaPath } from "./config/schema-path.js";
export type { Duration, EnvReference } from "./config/values.js";
export type { ExpressGlue } from "./frameworks/names.js";
export type { FieldPolicies as FieldPolicy } from "./model/policies/policies.js";

/** Declares the config; does nothing but tell the compiler what it is. */
export function defineConfig<Schema>(config: SessionConfig<Schema>): SessionConfig<Schema> {
  return config;
}

/**
 * Gives a variable of the environment, read by the emitted code when the application starts, never
 * by sessgen: generating needs no credentials.
 */
export function env(name: string): EnvReference {
  return { $env: name };
}
