import { backendOf, type Catalog, frameworkOf } from "../config/catalog.js";
import type { ResolvedConfig } from "../config/resolved.js";
import type { BackendConfig } from "../config/values.js";
import { constantText } from "../model/constant-text.js";
import type { Field, Property, SessionModel } from "../model/model.js";
import { eachPolicy } from "../model/policies/policies.js";
import { checksOf } from "./checks.js";
import { nameText, partsOf } from "./path.js";
import { storedKind, withoutNames } from "./stored-kind.js";

/** What a snapshot is made of: plain data that JSON holds. */
export type SnapshotValue =
  | string
  | number
  | boolean
  | readonly SnapshotValue[]
  | { readonly [name: string]: SnapshotValue };

/**
 * What the config said, normalised, as far as a change of it matters to sessions that are stored or
 * to requests under way. How values are stored is in the slots. No secret is in it: of
 * `env("NAME")` only the name, and of an address no user and no password.
 */
export type Snapshot = { readonly [section: string]: SnapshotValue };

/** Sections that have an option's name, and say what the option resolves to. */
const options = [
  "name",
  "realm",
  "id",
  "serializer",
  "lifetime",
  "cookie",
  "cookies",
  "transport",
  "binding",
  "encryption",
  "compression",
  "previous",
  "parts",
  "schemaModule",
  "maxBytes",
  "onUnreadable",
  "onStoreError",
] as const;

type Option = (typeof options)[number];

/** What a snapshot is about. A rule of `changes` has to look at each. */
export type SnapshotSection =
  | Option
  | "backends"
  | "glue"
  | "fields"
  | "indexes"
  | "formerIndexes"
  | "checks";

/**
 * Makes the snapshot.
 * @param before - the one before, for what is remembered of indexes that are no more
 */
export function snapshotOf(
  config: ResolvedConfig,
  model: SessionModel,
  catalog: Catalog,
  before?: Snapshot,
): Snapshot {
  const indexed = model.fields.flatMap(({ indexes = [] }) => indexes.map(({ path }) => path));
  const former = formerIndexes(before, indexed);
  const { cookies, onStoreError, backends } = config;
  return plain({
    ...asResolved(config),
    cookies: cookies && Object.fromEntries(sorted(cookies)),
    onStoreError: onStoreError === "error" ? undefined : onStoreError,
    glue: glueOf(config, catalog),
    backends: Object.fromEntries(
      sorted(backends).map(([environment, options]) => [environment, keptOf(options, catalog)]),
    ),
    fields: Object.fromEntries(
      sorted({
        ...Object.fromEntries(
          model.fields.map((field) => [nameText(field.name), { ...propertyOf(field), ...policyOf(field) }]),
        ),
        ...Object.fromEntries(
          [
            ...model.fields.flatMap((field) => [...partsOf(field.type, nameText(field.name))]),
            ...Object.entries(model.types).flatMap(([type, body]) => [...partsOf(body, `@${type}`)]),
          ].flatMap(({ path, property }) => (property === undefined ? [] : [[path, propertyOf(property)]])),
        ),
      }),
    ),
    indexes: Object.fromEntries(
      sorted(
        Object.fromEntries(
          model.fields.flatMap(({ indexes = [] }) =>
            indexes.map(({ path, name, type, hashed }) => [
              path,
              { name, type: storedKind(type, model.types), hashed },
            ]),
          ),
        ),
      ),
    ),
    formerIndexes: former.length === 0 ? undefined : former,
    checks: checksOf(model),
  } satisfies Readonly<Record<SnapshotSection, unknown>>) as Snapshot;
}

function asResolved(config: ResolvedConfig): Readonly<Record<Option, unknown>> {
  return Object.fromEntries(options.map((option) => [option, config[option]])) as Record<Option, unknown>;
}

/**
 * The paths that had an index once: what the backend still has of one was not kept up since.
 */
function formerIndexes(previous: Snapshot | undefined, indexed: readonly string[]): readonly string[] {
  const before: unknown = previous?.["formerIndexes"];
  const all = [
    ...(Array.isArray(before) ? before.map(String) : []),
    ...Object.keys(Object(previous?.["indexes"])),
  ];
  return [...new Set(all)].filter((path) => !indexed.includes(path)).sort();
}

function keptOf(options: BackendConfig, catalog: Pick<Catalog, "backends">) {
  const { kept = {} } = backendOf(catalog, options.kind);
  const all = Object.entries(kept).flatMap(([name, as]): [string, unknown][] => {
    if (as === "nothing") return [];
    const value = options[name];
    return [[name, as === "address" ? addressOf(value) : addressless(value)]];
  });
  return { kind: options.kind, ...Object.fromEntries(all) };
}

/** What is said of frameworks' glue and matters to what is stored; of most nothing is. */
function glueOf({ glue }: ResolvedConfig, catalog: Catalog) {
  const all = sorted(glue).flatMap(([name, options]) => {
    const kept = (frameworkOf(catalog, name).kept ?? []).flatMap((option) =>
      options[option] === undefined ? [] : [[option, options[option]] as const],
    );
    return kept.length === 0 ? [] : [[name, Object.fromEntries(kept)] as const];
  });
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

function propertyOf(property: Property) {
  const { type, optional, exact, default: initial, catch: instead, former } = property;
  return {
    required: !optional,
    exact: exact || undefined,
    nullable: type.kind === "nullable" || undefined,
    default: initial && constantText(initial),
    catch: instead && constantText(instead),
    // The functions are the application's: of them only what they take.
    upcast: former?.map((one) => ({
      from: withoutNames(storedKind(one.type, one.types ?? {})),
      down: one.down !== undefined,
    })),
  };
}

function policyOf({ policy }: Field) {
  const said = eachPolicy(policy, ({ elsewhere }, value, name) =>
    elsewhere || value === false ? [] : [[name, value] as const],
  );
  return Object.fromEntries(sorted(Object.fromEntries(said.flat())));
}

/**
 * Text that may be an address with a password in it is left out: LMDB and SQLite name files, and
 * libsql servers as well.
 */
function addressless(value: unknown): unknown {
  return typeof value === "string" && /^[a-z][a-z0-9+.-]*:/i.test(value)
    ? value.replace(/:.*/s, ":…")
    : value;
}

/** Where a server is, without who comes and how: user, password and parameters. */
function addressOf(value: unknown): unknown {
  if (typeof value === "string")
    return value.replace(/[?#].*$/s, "").replace(/^((?:[a-z][a-z0-9+.-]*:\/\/)?).*@/is, "$1");
  if (Array.isArray(value)) return value.map(addressOf);
  if (typeof value !== "object" || value === null || "$env" in value) return value;
  const { username: _, password: __, ...where } = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(where).map(([name, member]) => [name, addressOf(member)]));
}

function sorted<T>(object: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Without what is undefined, at any depth. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, plain(member)]])),
  );
}
