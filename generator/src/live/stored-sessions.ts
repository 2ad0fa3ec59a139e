import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type {
  FieldIndex as EmittedIndex,
  History,
  IndexedValue,
  SessionDefinition,
  SessionStore,
  StoredSessions,
} from "@sessgen/runtime";
import { importModule } from "../config/import.js";
import { SessgenError } from "../errors.js";
import type { FieldIndex } from "../model/model.js";
import type { Target } from "./live.js";
import { DEADLINE, importForProject } from "./open-store.js";
import { sessionId } from "./session-id.js";

type Runtime = typeof import("@sessgen/runtime");

/** Which sessions are meant: the one under a key, or all of a value. */
export type Selection =
  /** `earlier`: where it lies if it has not come since keys were made otherwise. */
  | { readonly key: string; readonly earlier: readonly string[] }
  | { readonly path: string; readonly value: IndexedValue; readonly except?: string };

/** How sessions are named on the command line. */
export interface SelectionOptions {
  /** An id, or a cookie that has it. */
  readonly id?: string;
  /** The store's key. */
  readonly key?: string;
  /** What was kept aside of the session, and not the session itself. */
  readonly quarantined?: boolean;
  /** `user.id=42` */
  readonly by?: string;
  /** The id of a session of `by` that is not meant. */
  readonly except?: string;
}

/**
 * Finds out which sessions are meant.
 * @throws SessgenError `cli/usage`, `inspect/…`
 */
export async function select(options: SelectionOptions, target: Target): Promise<Selection> {
  const { id, key, by, except, quarantined } = options;
  if ([id, key, by].filter((given) => given !== undefined).length !== 1)
    throw new SessgenError("cli/usage", "Name the session by one of: its id, --key, --by");
  if (except !== undefined && by === undefined)
    throw new SessgenError("cli/usage", "--except goes with --by only");
  if (quarantined && by !== undefined)
    throw new SessgenError("cli/usage", "--quarantined goes with an id or --key only");
  if (by !== undefined)
    return { ...lookup(by, target), ...(except === undefined ? {} : { except: sessionId(except) }) };
  const { quarantineKey, storeKey } = await runtimeOf(target);
  const kept = (named: string): string => (quarantined ? quarantineKey(named) : named);
  if (key !== undefined) return { key: kept(storedKey(key)), earlier: [] };
  const named = sessionId(id ?? "");
  const own = target.identity();
  const previous = target.config.previous === undefined ? [] : target.previous();
  const earlier = previous.map((names) => kept(storeKey(named, { ...own, ...names })));
  return { key: kept(storeKey(named, own)), earlier };
}

/** The tag, and the key of a session or of what belongs to it. */
const OWN_KEY = /[\w-]{8}\.(?:[a-z]+-)?[\w-]{43}(?:\.[\w-]{8})?$/;

/**
 * Gives the store's key without the prefix that the backend's own clients show before it, such as
 * `session:` in Redis.
 */
export function storedKey(shown: string): string {
  return OWN_KEY.exec(shown)?.[0] ?? shown;
}

/** Gives the runtime as the project has it. */
export function runtimeOf({ config }: Target): Promise<Runtime> {
  return importForProject<Runtime>(config.root, "@sessgen/runtime");
}

/**
 * Gives what is in the store, decoded by the emitted module.
 * @throws SessgenError `inspect/not-emitted`
 */
export async function decoded(
  target: Target,
  store: SessionStore,
  selection: Selection,
): Promise<StoredSessions> {
  const { config } = target;
  const file = resolve(config.root, config.output, "fields.ts");
  const refuse = (summary: string): SessgenError =>
    new SessgenError("inspect/not-emitted", summary, { where: { file } });
  if (!existsSync(file)) throw refuse("There is no emitted module");
  const { fields, history } = await importModule(file, { files: new Set(), env: new Set() });
  if (!isDefinition(fields) || !isHistory(history)) throw refuse("The emitted module is of another version");
  if ("path" in selection) {
    const emitted = fields.flatMap(({ indexes = [] }): readonly EmittedIndex[] => indexes);
    if (!emitted.some(({ path }) => path === selection.path))
      throw refuse(`The emitted module has no index on ${selection.path} yet`);
  }
  return opened(target, store, { fields, history });
}

/**
 * Gives what is in the store as a whole: no session is looked at, so that it takes no emitted
 * module.
 */
export function undecoded(target: Target, store: SessionStore): Promise<StoredSessions> {
  return opened(target, store, { fields: [], history: { hashes: "", generations: [] } });
}

async function opened(
  target: Target,
  store: SessionStore,
  emitted: { readonly fields: SessionDefinition; readonly history: History },
): Promise<StoredSessions> {
  const { config, encryption } = target;
  const { storedSessions } = await runtimeOf(target);
  return storedSessions({
    ...emitted,
    store,
    lifetime: config.lifetime,
    storeTimeout: DEADLINE,
    ...(encryption && { encryption }),
    ...target.identity(),
    ...(config.previous && { previous: target.previous() }),
  });
}

function isHistory(value: unknown): value is History {
  return Object(value) === value && Array.isArray(Reflect.get(Object(value), "generations"));
}

function isDefinition(value: unknown): value is SessionDefinition {
  return Array.isArray(value) && value.every((field: unknown) => Object(field) === field);
}

function lookup(by: string, { indexes }: Target): { readonly path: string; readonly value: IndexedValue } {
  const index = indexes
    .filter(({ path }) => by.startsWith(`${path}=`))
    // A name may have an equals sign in it, too.
    .sort((one, other) => other.path.length - one.path.length)[0];
  if (index !== undefined) return { path: index.path, value: parsed(index, by.slice(index.path.length + 1)) };
  if (!by.includes("="))
    throw new SessgenError("cli/usage", "--by takes a field and a value, such as user.id=42");
  const paths = indexes.map(({ path }) => path);
  throw new SessgenError("inspect/no-index", `Sessions cannot be found by ${by.slice(0, by.indexOf("="))}`, {
    ...(paths.length === 0 ? {} : { fix: `Use one of: ${paths.join(", ")}.` }),
  });
}

/** The text in the type that the field has. */
function parsed({ path, type }: FieldIndex, text: string): IndexedValue {
  const refuse = (expected: string): SessgenError =>
    new SessgenError("inspect/invalid-value", `--by ${path}= takes ${expected}`);
  switch (type.kind) {
    case "number": {
      const number = Number(text);
      if (text.trim() === "" || Number.isNaN(number)) throw refuse("a number");
      return number;
    }
    case "bigint":
      if (!/^-?\d+$/.test(text)) throw refuse("an integer");
      return BigInt(text);
    case "boolean":
      if (text !== "true" && text !== "false") throw refuse("true or false");
      return text === "true";
    case "date": {
      const date = new Date(text);
      if (Number.isNaN(date.getTime())) throw refuse("a date such as 2026-01-31T12:00:00Z");
      return date;
    }
    case "enum": {
      const values = type.members.map(({ value }) => value);
      const value = values.find((member) => String(member) === text);
      if (value === undefined) throw refuse(`one of: ${values.join(", ")}`);
      return value;
    }
    default:
      return text;
  }
}
