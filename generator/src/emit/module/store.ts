import type { StoreOrigin } from "../../backends/shared/store-origin.js";
import type { CodeFile } from "../../code/code-file.js";
import { type Doc, group } from "../../code/doc.js";
import { documented } from "../../code/jsdoc.js";
import { memberKey } from "../../code/names.js";
import {
  block,
  call,
  callWith,
  object,
  returns,
  signature,
  stringList,
  stringText,
  switchOn,
} from "../../code/syntax.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import type { BackendConfig, OptionValue } from "../../config/values.js";
import { optionCode } from "./option-code.js";
import { specifierOf } from "./specifier.js";

/**
 * Writes `store.ts`: the backend for the NODE_ENV the application starts in. Without an entry of
 * that name it is `default`, else `production`, so that a forgotten NODE_ENV never keeps sessions
 * in a development store.
 */
export function writeStore(
  file: CodeFile,
  config: ResolvedConfig,
  storeOf: (kind: string) => StoreOrigin,
): void {
  const backends = Object.entries(config.backends);
  /** The options that are passed on as they are. */
  const optionsOf = ({ kind, ...options }: BackendConfig): [string, OptionValue][] => {
    const { imports = {}, infrastructureOptions = [], addresses = [] } = storeOf(kind);
    // With a client of the application's own, addresses are for the commands of sessgen only.
    const own = "client" in options ? addresses : [];
    return Object.entries(options).filter(
      ([name]) => !(name in imports) && !infrastructureOptions.includes(name) && !own.includes(name),
    );
  };
  const open = (backend: BackendConfig, entry?: string): Doc => {
    const { store, imports = {} } = storeOf(backend.kind);
    // Imported at the first use, in the environment that uses it: such a module opens connections.
    const imported = Object.entries(imports).flatMap(([option, name]) => {
      const module = backend[option];
      if (module === undefined) return [];
      return [`${name}: () => import(${stringText(specifierOf(String(module), config))})`];
    });
    const passed = optionsOf(backend).map(([name, value]) => [
      `${memberKey(name)}: `,
      optionCode(value, { env: () => file.use("@sessgen/runtime", "env"), entry }),
    ]);
    const members = [...imported, ...passed];
    const factory = file.use(store.module, store.factory);
    return members.length === 0 ? call(factory, []) : callWith(factory, [], object(members));
  };
  const types = [
    ...new Set(backends.map(([, { kind }]) => storeOf(kind).store.type ?? "SessionStore")),
  ].sort();
  const [only] = backends;
  const lastName = config.backends["default"] === undefined ? "production" : "default";
  const last = config.backends[lastName];
  const choices = backends.filter(([, backend]) => backend !== last);
  const body: Doc[] = [];
  if (backends.length === 1 && only !== undefined) body.push(returns(open(only[1])));
  else {
    const cases = choices.map(([name, backend]) => [stringText(name), returns(open(backend, name))] as const);
    const otherwise =
      last === undefined ? refusal(file, Object.keys(config.backends)) : returns(open(last, lastName));
    body.push("const { NODE_ENV } = process.env;", switchOn("NODE_ENV", cases, otherwise));
  }
  const result = types.map((type) => file.useType("@sessgen/runtime", type)).join(" | ");
  file.add(
    documented(
      docText(
        backends.length === 1
          ? "Opens the store of the sessions."
          : `Opens the store for this NODE_ENV${last === undefined ? "" : "; any other than these gets the last one"}.`,
        new Set(backends.map(([, { kind }]) => kind)),
        storeOf,
      ),
      [signature("export function store", [], result), " ", block(body)],
    ),
  );
}

function refusal(file: CodeFile, names: readonly string[]): Doc {
  return group("throw ", call(file.use("@sessgen/runtime", "unknownEnvironment"), [stringList(names)]), ";");
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
