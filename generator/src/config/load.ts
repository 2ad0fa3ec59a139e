import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Envelope, envelopeOf, SessgenError } from "../errors.js";
import { deepFreeze } from "../freeze.js";
import { placeAt } from "../text.js";
import type { Catalog } from "./catalog.js";
import { exportsOf } from "./exported.js";
import { checkExports } from "./exports.js";
import { findConfig } from "./find.js";
import { defaultExport, importAnew, importModule, type Touched } from "./import.js";
import { chooseImports } from "./import-extension.js";
import { languageOf } from "./language.js";
import { packageOf } from "./manifest.js";
import { backendPath, whereOf } from "./problems.js";
import { resolveConfig } from "./resolve.js";
import type { ResolvedConfig } from "./resolved.js";

/** A config, and what it was made from. */
export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /**
   * Every file that was read, absolute: the config first, then what it imported, tsconfig and
   * package.json files.
   */
  readonly inputs: readonly string[];
  /** Every variable of the environment that was read; `*` when they were listed. */
  readonly env: readonly string[];
  readonly warnings: readonly Envelope[];
}

/**
 * Finds, loads and validates the config.
 * @throws SessgenError, SessgenErrors `config/…` with file and line
 */
export async function loadConfig(
  options: { readonly cwd: string; readonly config?: string },
  catalog: Catalog,
): Promise<LoadedConfig> {
  await importAnew();
  const touched: Touched = { files: new Set(), env: new Set() };
  const { file, config: exported } = await findConfig(options.cwd, options.config, async (module) => {
    const value = defaultExport(await importModule(module, touched));
    if (value !== undefined && value !== null) return value;
    throw noExport(module);
  });
  touched.files.add(file);
  if (touched.readsNodeEnv) {
    const text = readFileSync(file, "utf8");
    const where = { file, ...placeAt(text, Math.max(0, text.indexOf("NODE_ENV"))) };
    throw new SessgenError("config/reads-node-env", "The config reads NODE_ENV", { where });
  }
  const { config, schema, warnings } = await resolveConfig(file, await exported, catalog);
  const language = config.language ?? languageOf(config, touched);
  const chosen = await chooseImports({ ...config, language }, touched);
  await checkExports(config, catalog, touched);
  const schemaFile =
    schema === undefined && config.schemaModule !== undefined
      ? resolve(config.root, config.schemaModule)
      : undefined;
  const resolved: ResolvedConfig = {
    ...config,
    schema: schemaFile === undefined ? schema : await schemaOf(schemaFile, touched),
    ...(schemaFile !== undefined && { schemaFile }),
    language,
    moduleKind: chosen.moduleKind,
    importExtension: config.importExtension ?? chosen.importExtension,
    packages: packageOf(config.root)?.packages ?? new Set(),
  };
  if (resolved.schema === undefined) {
    throw new SessgenError("config/no-schema", "The config names no schema", {
      where: await whereOf(file, ["schema"]),
    });
  }
  // Only our own part: freezing a schema of the user's would break it.
  deepFreeze(config);
  return {
    config: Object.freeze(resolved),
    inputs: [file, ...[...touched.files].filter((input) => input !== file).sort()],
    env: [...touched.env].sort(),
    warnings: [
      ...warnings,
      ...(config.importExtension === undefined ? chosen.warnings : []),
      ...(await bakedIn(config, touched.env)),
    ],
  };
}

/**
 * Warns of values that were read from the environment of this machine and now stand in the emitted
 * code.
 */
async function bakedIn(
  { file, backends }: Pick<ResolvedConfig, "file" | "backends">,
  read: ReadonlySet<string>,
): Promise<Envelope[]> {
  const names = new Map([...read].flatMap((name) => (process.env[name] ? [[process.env[name], name]] : [])));
  const found = Object.entries(backends).flatMap(([environment, options]) =>
    Object.entries(options).flatMap(([option, value]) => {
      const name = typeof value === "string" ? names.get(value) : undefined;
      return name === undefined ? [] : [{ environment, option, name }];
    }),
  );
  return Promise.all(
    found.map(async ({ environment, option, name }) =>
      envelopeOf("config/baked-env", `${option} is what ${name} says on this machine`, {
        where: await whereOf(file, backendPath(environment, option)),
      }),
    ),
  );
}

/** The schema of a config that can hold none itself, such as JSON. */
async function schemaOf(file: string, touched: Touched): Promise<unknown> {
  const module = await importModule(file, touched);
  return module["schema"] ?? defaultExport(module);
}

/** Says what the module exports in place of a config, and where. */
function noExport(file: string): SessgenError {
  const [first, ...others] = exportsOf(file) ?? [];
  const names = [first, ...others].flatMap((one) => one?.[0] ?? []);
  const there = names.length === 0 ? "" : `, but only ${names.join(", ")}`;
  return new SessgenError("config/no-export", `The config has no default export${there}`, {
    where: first?.[1] ?? { file },
  });
}
