import { catalog } from "../../src/cli/catalog.js";
import type { ResolvedConfig } from "../../src/config/resolved.js";
import { type BuiltModel, buildModel as build } from "../../src/model/build.js";

/** Builds a model with all backends there are. */
export const buildModel = (config: ResolvedConfig): Promise<BuiltModel> => build(config, catalog);

/** A config that asks for nothing special, around a schema. */
export function configOf(schema: unknown, more: Partial<ResolvedConfig> = {}): ResolvedConfig {
  return {
    file: "/app/session.config.ts",
    root: "/app",
    schema,
    fields: {},
    backends: { default: { kind: "memory" } },
    serializer: "packed",
    lifetime: {
      idle: 1_800_000,
      absolute: 43_200_000,
      permanent: { idle: 86_400_000, absolute: 172_800_000 },
    },
    cookie: {
      name: "__Host-session",
      path: "/",
      secure: true,
      httpOnly: true,
      sameSite: "lax",
      partitioned: false,
    },
    onStoreError: "error",
    frameworks: [],
    glue: {},
    packages: new Set(),
    output: "src/session",
    infrastructure: "infrastructure",
    migrations: "plain",
    lock: "sessgen.lock.json",
    language: "typescript",
    moduleKind: "esm",
    importExtension: ".js",
    ...more,
  };
}
