import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { SessionStore } from "@sessgen/runtime";
import { importModule } from "../config/import.js";
import { type GeneratorErrorCode, SessgenError } from "../errors.js";
import type { Target } from "./live.js";

/** How long the backend may take for one operation, in milliseconds. */
export const DEADLINE = 10_000;

/**
 * Opens the store that the application uses. As with `sessgen migrate`, relative paths are relative
 * to the config's folder, which is where the application is started in all likelihood: in the
 * application they are relative to its working folder.
 *
 * @throws SessgenError `backend/elsewhere`, `backend/missing-file`
 */
async function openStore(target: Target): Promise<SessionStore> {
  const { kind, config, backend } = target;
  const { store: origin, outOfReach } = backend;
  if (outOfReach)
    throw new SessgenError(
      "backend/elsewhere",
      `The backend ${kind} keeps its sessions out of reach of commands`,
      { where: { file: config.file, path: "backend" } },
    );
  const options = optionsOf(target);
  const module = await importForProject<Record<string, (options: object) => SessionStore>>(
    config.root,
    origin.module,
  );
  const store = module[origin.factory]?.(options);
  if (store === undefined)
    throw new SessgenError("internal/bug", `${origin.module} has no ${origin.factory}`);
  return store;
}

/**
 * Opens the store, works on it and closes it.
 * @throws SessgenError `backend/…` for every failure of the store
 */
export async function withStore<T>(target: Target, work: (store: SessionStore) => Promise<T>): Promise<T> {
  let store: SessionStore | undefined;
  try {
    store = await openStore(target);
    return await work(store);
  } catch (error) {
    throw failure(error);
  } finally {
    await store?.close();
  }
}

/**
 * Imports a module of the runtime, or one it exports: the copy of the user's project, beside which
 * its drivers are installed, otherwise ours.
 */
export async function importForProject<Module>(root: string, specifier: string): Promise<Module> {
  for (const from of [join(root, "package.json"), import.meta.url]) {
    let file: string;
    try {
      file = createRequire(from).resolve(specifier);
    } catch {
      continue;
    }
    return (await import(pathToFileURL(file).href)) as Module;
  }
  throw new SessgenError("backend/missing-driver", `${specifier} cannot be found`, {
    where: { file: root },
    fix: "Run `npm install @sessgen/runtime` in the project.",
  });
}

/**
 * What the emitted code makes the store with, paths made absolute, and addresses rather than a
 * client of the application's own.
 */
function optionsOf({ config, backend, options }: Target): Record<string, unknown> {
  const { infrastructureOptions = [], imports = {}, addresses, paths = {} } = backend;
  const omitted = [...infrastructureOptions, ...(addresses === undefined ? [] : Object.keys(imports))];
  const entries = Object.entries(options).filter(([name]) => !omitted.includes(name));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value !== "string") return [name, value];
      const parameter = imports[name];
      if (parameter !== undefined) {
        const touched = { files: new Set<string>(), env: new Set<string>() };
        return [parameter, () => importModule(resolve(config.root, value), touched)];
      }
      if (!(name in paths) || value === ":memory:") return [name, value];
      const path = resolve(config.root, value);
      if (paths[name] === "found" && !existsSync(path))
        throw new SessgenError("backend/missing-file", `There is no ${value}`, { where: { file: path } });
      return [name, path];
    }),
  );
}

/** The codes of the runtime's stores that have one of ours; all others are `backend/failed`. */
const codes: Readonly<Record<string, GeneratorErrorCode>> = {
  "session/no-revoke-all": "revoke/no-all",
  "store/denied": "backend/unavailable",
  "store/no-database": "backend/unavailable",
  "store/missing-driver": "backend/missing-driver",
  "store/not-migrated": "backend/not-migrated",
  "store/timeout": "backend/unavailable",
  "store/unavailable": "backend/unavailable",
};

/**
 * What the runtime threw, as a problem of ours. By name, since it may come from another copy of the
 * runtime.
 */
function failure(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "SessionError") return error;
  const { code, fix } = error as Error & { readonly code?: string; readonly fix?: string };
  const summary = error.message.replace(/ \[[^\]]*\]$/, "");
  const own = codes[code ?? ""] ?? "backend/failed";
  return new SessgenError(own, summary, {
    cause: error,
    ...(own === "backend/failed" && fix !== undefined ? { fix } : {}),
  });
}
