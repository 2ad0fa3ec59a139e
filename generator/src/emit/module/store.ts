import type { StoreOrigin } from "../../backends/shared/store-origin.js";
import type { FileBuilder } from "../../code/file-builder.js";
import { memberKey } from "../../code/names.js";
import { objectText } from "../../code/object-text.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import type { BackendConfig, OptionValue } from "../../config/values.js";
import { optionText, usesEnv } from "./option-text.js";
import { specifierOf } from "./specifier.js";

/**
 * Writes `store.ts`: the backend for the NODE_ENV the application starts in. Without an entry of
 * that name it is `default`, else `production`, so that a forgotten NODE_ENV never keeps sessions
 * in a development store.
 */
export function writeStore(
  file: FileBuilder,
  config: ResolvedConfig,
  storeOf: (kind: string) => StoreOrigin,
): void {
  const backends = Object.entries(config.backends);
  const imports = new Map(
    backends.map(([, { kind }]) => storeOf(kind).store).map(({ module, factory }) => [module, factory]),
  );
  for (const [module, factory] of [...imports].sort()) {
    file.addImportDeclaration({ moduleSpecifier: module, namedImports: [factory] });
  }
  /** The options that are passed on as they are. */
  const optionsOf = ({ kind, ...options }: BackendConfig): [string, OptionValue][] => {
    const { imports = {}, infrastructureOptions = [], addresses = [] } = storeOf(kind);
    // With a client of the application's own, addresses are for the commands of sessgen only.
    const own = "client" in options ? addresses : [];
    return Object.entries(options).filter(
      ([name]) => !(name in imports) && !infrastructureOptions.includes(name) && !own.includes(name),
    );
  };
  const call = (backend: BackendConfig, entry?: string): string => {
    const { store, imports = {} } = storeOf(backend.kind);
    // Imported at the first use, in the environment that uses it: such a module opens connections.
    const imported = Object.entries(imports).flatMap(([option, name]) => {
      const module = backend[option];
      if (module === undefined) return [];
      return [`${name}: () => import(${JSON.stringify(specifierOf(String(module), config))})`];
    });
    const passed = optionsOf(backend).map(
      ([name, value]) => `${memberKey(name)}: ${optionText(value, entry)}`,
    );
    return `${store.factory}(${objectText([...imported, ...passed])})`;
  };
  const types = [
    ...new Set(backends.map(([, { kind }]) => storeOf(kind).store.type ?? "SessionStore")),
  ].sort();
  const [only] = backends;
  const lastName = config.backends["default"] === undefined ? "production" : "default";
  const last = config.backends[lastName];
  const choices = backends.filter(([, backend]) => backend !== last);
  const helpers = backends.some(([, backend]) => optionsOf(backend).some(([, value]) => usesEnv(value)))
    ? ["env"]
    : [];
  if (backends.length > 1 && last === undefined) helpers.push("unknownEnvironment");
  if (helpers.length > 0)
    file.addImportDeclaration({ moduleSpecifier: "@sessgen/runtime", namedImports: helpers.sort() });
  file.addImportDeclaration({
    isTypeOnly: true,
    moduleSpecifier: "@sessgen/runtime",
    namedImports: types,
  });
  file.addFunction({
    isExported: true,
    name: "store",
    returnType: types.join(" | "),
    docs: [
      docText(
        backends.length === 1
          ? "Opens the store of the sessions."
          : `Opens the store for this NODE_ENV${last === undefined ? "" : "; any other than these gets the last one"}.`,
        new Set(backends.map(([, { kind }]) => kind)),
        storeOf,
      ),
    ],
    statements: (out) => {
      if (backends.length === 1 && only !== undefined) {
        out.writeLine(`return ${call(only[1])};`);
        return;
      }
      out.write(`switch (process.env["NODE_ENV"])`).block(() => {
        for (const [name, backend] of choices) {
          out
            .writeLine(`case ${JSON.stringify(name)}:`)
            .indent(() => out.writeLine(`return ${call(backend, name)};`));
        }
        out.writeLine("default:").indent(() => {
          if (last !== undefined) out.writeLine(`return ${call(last, lastName)};`);
          else
            out.writeLine(
              `throw unknownEnvironment([${backends.map(([name]) => JSON.stringify(name)).join(", ")}]);`,
            );
        });
      });
    },
  });
}

/** Says what the function does, and below it what its stores cannot do. */
function docText(
  summary: string,
  kinds: ReadonlySet<string>,
  storeOf: (kind: string) => StoreOrigin,
): string {
  const limits = [...kinds].flatMap((kind) =>
    (storeOf(kind).limits ?? []).map((limit) => `- ${kinds.size === 1 ? "" : `${kind}: `}${limit}`),
  );
  return [summary, ...(limits.length === 0 ? [] : ["", ...limits])].join("\n");
}
