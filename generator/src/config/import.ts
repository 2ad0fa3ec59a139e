import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { failedImport, framesOf } from "./failed-import.js";
import { findTsconfig } from "./tsconfig.js";

/** What evaluating a module touched. */
export interface Touched {
  /** Files it imported, itself included; of packages only the `package.json`. */
  readonly files: Set<string>;
  /** Variables it read from `process.env`; `*` when it listed them. */
  readonly env: Set<string>;
  /** The module itself, not one that it imports, read NODE_ENV. */
  readsNodeEnv?: true;
}

const require = createRequire(import.meta.url);

/**
 * The loader's hooks, for one tsconfig. What is imported through the same ones is evaluated once.
 */
interface Hooks {
  import(file: string): Promise<Readonly<Record<string, unknown>>>;
  /** Takes them out again, those for CommonJS and those for ES modules. */
  remove(): Promise<void>;
}

/** By the tsconfig's path. */
const current = new Map<string | undefined, Hooks>();
const outdated: Hooks[] = [];
/**
 * CommonJS modules that were imported: kept, the next load in this process would get the old ones.
 */
const required = new Set<string>();
/** One for each import that is under way. */
const underWay = new Set<{ readonly touched: Touched }>();

/**
 * Has what was imported before imported anew, through new hooks, and takes the old ones out unless
 * an import still needs them. They stay as long as a config may still load something, and every
 * import passes through all there are: a process that loads config after config would get slower
 * and slower.
 */
export async function importAnew(): Promise<void> {
  for (const name of required) delete require.cache[name];
  required.clear();
  outdated.push(...current.values());
  current.clear();
  if (underWay.size > 0) return;
  // Each of these puts back what it found.
  await Promise.all(
    outdated
      .splice(0)
      .reverse()
      .map((hooks) => hooks.remove()),
  );
}

/**
 * Imports a module of the user's, in TypeScript or JavaScript, through tsx: ES module or CommonJS,
 * with the path aliases of the user's tsconfig. Leaves nothing behind but the loader's hooks and
 * the modules: no files, `process.env` as it was.
 *
 * @param touched - gets what the module imported and read, unless it was imported before
 * @throws SessgenError `config/syntax` or `config/threw`, with the place in the user's code
 */
export async function importModule(
  file: string,
  touched: Touched,
): Promise<Readonly<Record<string, unknown>>> {
  const importing = { touched };
  underWay.add(importing);
  try {
    return await importWatched(file, touched);
  } finally {
    underWay.delete(importing);
  }
}

async function importWatched(file: string, touched: Touched): Promise<Readonly<Record<string, unknown>>> {
  const [esm, cjs, tsconfig] = await Promise.all([
    import("tsx/esm/api"),
    import("tsx/cjs/api"),
    findTsconfig(dirname(file)),
  ]);
  for (const read of tsconfig?.files ?? []) touched.files.add(read);
  touched.files.add(file);
  const before = new Set(Object.keys(require.cache));
  const restore = watchEnv(touched, file);
  const sourceMaps = process.sourceMapsEnabled;
  process.setSourceMapsEnabled?.(true);
  try {
    const hooks = current.get(tsconfig?.path) ?? addHooks(esm, cjs, tsconfig?.path);
    current.set(tsconfig?.path, hooks);
    return await hooks.import(file);
  } catch (error) {
    throw failedImport(file, error);
  } finally {
    process.setSourceMapsEnabled?.(sourceMaps ?? false);
    restore();
    for (const name of Object.keys(require.cache)) {
      if (before.has(name)) continue;
      noteFile(touched, name);
      required.add(name);
    }
  }
}

function addHooks(
  esm: typeof import("tsx/esm/api"),
  cjs: typeof import("tsx/cjs/api"),
  tsconfig: string | undefined,
): Hooks {
  // A namespace of their own: what was imported through others is imported anew.
  const namespace = randomUUID();
  const { unregister } = withTsconfig(tsconfig, () => cjs.register({ namespace }));
  const scoped = esm.register({
    namespace,
    tsconfig: tsconfig ?? false,
    onImport: (url) => {
      for (const { touched } of underWay) noteFile(touched, url);
    },
  });
  return {
    import: (file) => scoped.import(pathToFileURL(file).href, import.meta.url),
    remove: () => {
      unregister();
      return scoped.unregister();
    },
  };
}

/**
 * Has hooks for CommonJS take this tsconfig: they are told of one in no other way, and would take
 * that of the shell's folder.
 */
function withTsconfig<Result>(tsconfig: string | undefined, register: () => Result): Result {
  const before = process.env["TSX_TSCONFIG_PATH"];
  if (tsconfig !== undefined) process.env["TSX_TSCONFIG_PATH"] = tsconfig;
  try {
    return register();
  } finally {
    if (before === undefined) delete process.env["TSX_TSCONFIG_PATH"];
    else process.env["TSX_TSCONFIG_PATH"] = before;
  }
}

/**
 * Gives the value a module exports: `export default`, or `module.exports` behind one or two layers
 * of interoperability.
 */
export function defaultExport(module: Readonly<Record<string, unknown>>): unknown {
  let value: unknown = module;
  while (typeof value === "object" && value !== null && "default" in value) value = value.default;
  return value === module ? undefined : value;
}

function noteFile(touched: Touched, url: string): void {
  const plain = url.replace(/\?.*$/, "");
  if (!plain.startsWith("file:") && !plain.startsWith(sep)) return;
  const file = plain.startsWith("file:") ? fileURLToPath(plain) : plain;
  const packaged = file.lastIndexOf(`${sep}node_modules${sep}`);
  if (packaged === -1) {
    touched.files.add(file);
    return;
  }
  // A package changes with its version, not file by file.
  const rest = file.slice(packaged + `${sep}node_modules${sep}`.length).split(sep);
  const name = rest.slice(0, rest[0]?.startsWith("@") ? 2 : 1);
  touched.files.add([file.slice(0, packaged), "node_modules", ...name, "package.json"].join(sep));
}

/** Notes the variables that are read until the returned function is called. */
function watchEnv(touched: Touched, file: string): () => void {
  const names = touched.env;
  const env = process.env;
  const note = (name: string | symbol): void => {
    if (typeof name === "string") names.add(name);
    if (name !== "NODE_ENV") return;
    // The reader itself: what it was imported by is further down.
    if (framesOf(new Error())[0]?.file === file) touched.readsNodeEnv = true;
  };
  process.env = new Proxy(env, {
    get: (target, name) => {
      note(name);
      return Reflect.get(target, name);
    },
    has: (target, name) => {
      note(name);
      return Reflect.has(target, name);
    },
    // Without this trap an assignment ends in defineProperty with only a value, which process.env
    // refuses.
    set: (target, name, value) => Reflect.set(target, name, value),
    getOwnPropertyDescriptor: (target, name) => {
      note(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
    ownKeys: (target) => {
      names.add("*");
      return Reflect.ownKeys(target);
    },
  });
  return () => {
    process.env = env;
  };
}
