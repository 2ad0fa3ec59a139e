import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { type Envelope, envelopeOf } from "../errors.js";
import { eachPolicy } from "../model/policies/policies.js";
import { backendOf, type Catalog, frameworkOf } from "./catalog.js";
import { resolveCompression } from "./options/compression.js";
import type { ResolvedCookie } from "./options/cookie.js";
import { resolveCookies } from "./options/cookie.js";
import { resolveLifetime } from "./options/lifetime.js";
import { backendSchema, configSchema, frameworkSchema, namesIn, type Options } from "./options/options.js";
import { errorsOf, type Problem, problemsOf, whereOf } from "./problems.js";
import type { ResolvedConfig } from "./resolved.js";
import type { BackendConfig } from "./values.js";

/** A config without what is found out from the project, unless it says so itself. */
type Unfound = Omit<ResolvedConfig, Found> & Partial<Pick<ResolvedConfig, "language" | "importExtension">>;
type Found = "schema" | "language" | "moduleKind" | "importExtension" | "packages";

/** A config that is valid, and what should be said about it. */
export interface Resolution {
  readonly config: Unfound;
  readonly schema: unknown;
  readonly warnings: readonly Envelope[];
}

/**
 * Validates what a config file exports and fills in the defaults, which are what a security
 * reviewer would choose.
 * @throws SessgenErrors with every wrong option: its path, what was expected, and the line
 */
export async function resolveConfig(file: string, exported: unknown, catalog: Catalog): Promise<Resolution> {
  const problems: Problem[] = [];
  const parsed = configSchema.safeParse(exported);
  if (!parsed.success)
    problems.push(...parsed.error.issues.flatMap((issue) => problemsOf(issue, exported, catalog)));
  const given: Options | undefined = parsed.data;
  // Looked at whatever else is wrong: all problems are reported at once.
  const backendOption: unknown = Reflect.get(Object(exported), "backend");
  const backends =
    typeof backendOption === "object" && backendOption !== null
      ? readBackends({ ...backendOption }, problems, catalog)
      : {};
  const glue = readFrameworks(given?.frameworks ?? [], problems, catalog);
  if (given === undefined || problems.length > 0) throw await errorsOf(file, problems);
  const prefix = given.name === undefined ? "" : `${given.name}-`;
  const config = {
    file,
    ...(given.name === undefined ? {} : { name: given.name }),
    root: dirname(file),
    ...(given.realm === undefined ? {} : { realm: given.realm }),
    ...(given.id?.bytes === undefined ? {} : { id: { bytes: given.id.bytes } }),
    fields: given.fields ?? {},
    backends,
    ...(glue.some(({ name }) => frameworkOf(catalog, name).bundled) ? { storeName: nameOf(backends) } : {}),
    serializer: given.serializer ?? "packed",
    lifetime: resolveLifetime(given.lifetime),
    ...resolveCookies(given.cookie, prefix),
    onStoreError: given.onStoreError ?? "error",
    ...(given.maxBytes === undefined ? {} : { maxBytes: given.maxBytes }),
    frameworks: glue.map(({ name }) => name),
    glue: Object.fromEntries(glue.map(({ name, ...options }) => [name, options])),
    ...(given.testing === undefined ? {} : { testing: given.testing }),
    output: given.output ?? `src/${prefix}session`,
    infrastructure: given.infrastructure ?? `${prefix}session-infra`,
    ...resolveMigrations(given.migrations),
    lock: given.lock ?? `${given.name === undefined ? "" : `${given.name}.`}sessgen.lock.json`,
    ...(given.encryption === undefined ? {} : { encryption: given.encryption }),
    ...(given.previous === undefined ? {} : { previous: given.previous }),
    ...(given.compression === undefined ? {} : { compression: resolveCompression(given.compression) }),
    ...(given.schemaModule === undefined ? {} : { schemaModule: given.schemaModule }),
    ...(given.transport === undefined ? {} : { transport: [given.transport].flat() }),
    ...(given.binding === undefined ? {} : { binding: given.binding }),
    ...(given.onUnreadable === undefined ? {} : { onUnreadable: given.onUnreadable }),
    ...(given.parts === undefined ? {} : { parts: given.parts }),
    ...(given.templates === undefined ? {} : { templates: given.templates }),
    ...(given.language === undefined ? {} : { language: given.language }),
    ...(given.importExtension === undefined
      ? {}
      : { importExtension: given.importExtension === "none" ? ("" as const) : given.importExtension }),
  } as const;
  problems.push(...contradictions(config, catalog));
  if (problems.length > 0) throw await errorsOf(file, problems);
  return { config, schema: given.schema, warnings: await warningsOf(file, backends, catalog) };
}

/**
 * Whether this is one backend, though its kind may have been forgotten, and not one per NODE_ENV.
 */
function isSingle(given: Record<string, unknown>, { backends }: Catalog): boolean {
  const names = [...backends.values()].flatMap(({ options }) => namesIn(options));
  if ("kind" in given) return true;
  // An environment may be called as an option is, `file` or `host`.
  return Object.entries(given).some(([name, value]) => names.includes(name) && !hasKind(value));
}

function hasKind(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** One backend, or one per NODE_ENV. */
function readBackends(
  given: Record<string, unknown>,
  problems: Problem[],
  catalog: Catalog,
): Record<string, BackendConfig> {
  const schema = backendSchema(catalog);
  const single = isSingle(given, catalog);
  const entries: [string, unknown][] = single ? [["default", given]] : Object.entries(given);
  if (entries.length === 0) {
    problems.push({
      code: "config/invalid-option",
      path: ["backend"],
      summary: "backend names no backend",
      fix: 'For example: backend: { kind: "memory" }.',
    });
  }
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      const parsed = schema.safeParse(value);
      if (parsed.success) return [[name, parsed.data] as const];
      const path = single ? ["backend"] : ["backend", name];
      problems.push(
        ...parsed.error.issues.flatMap((issue) =>
          problemsOf({ ...issue, path: [...path, ...issue.path] }, { backend: given }, catalog),
        ),
      );
      return [];
    }),
  );
}

function resolveMigrations(
  given: Options["migrations"] = "plain",
): Pick<ResolvedConfig, "migrations" | "migrationsFolder"> {
  return typeof given === "string"
    ? { migrations: given }
    : { migrations: given.tool, migrationsFolder: given.folder };
}

/** Backends with other options have another name. */
function nameOf(backends: Readonly<Record<string, BackendConfig>>): string {
  return createHash("sha256").update(JSON.stringify(backends)).digest("base64url").slice(0, 8);
}

/** Frameworks, each by its name or with options. */
function readFrameworks(
  given: readonly unknown[],
  problems: Problem[],
  catalog: Catalog,
): readonly { readonly name: string }[] {
  return given.flatMap((value, index) => {
    const parsed = frameworkSchema(catalog, value).safeParse(value);
    if (parsed.success)
      return [typeof parsed.data === "string" ? { name: parsed.data } : (parsed.data as { name: string })];
    problems.push(
      ...parsed.error.issues.flatMap((issue) =>
        problemsOf({ ...issue, path: ["frameworks", index, ...issue.path] }, { frameworks: given }, catalog),
      ),
    );
    return [];
  });
}

/** Options that are right one by one and wrong together. */
function contradictions(config: Unfound, catalog: Catalog): Problem[] {
  const { backends, cookie, cookies, lifetime, fields, encryption, compression, previous, transport } =
    config;
  const problems: Problem[] = [];
  const refuse = (path: readonly string[], summary: string): void => {
    problems.push({ code: "config/invalid-option", path, summary });
  };
  for (const [path, { idle, absolute }] of [
    [["lifetime"], lifetime],
    [["lifetime", "permanent"], lifetime.permanent],
  ] as const) {
    if (idle > absolute) refuse(path, `${path.join(".")}.idle is longer than ${path.join(".")}.absolute`);
  }
  for (const [field, policy] of Object.entries(fields)) {
    const told = { policy, encryption: encryption !== undefined };
    const conflicts = eachPolicy(policy, (one, value) => one.conflicts?.(value, field, told) ?? []).flat();
    for (const { option, summary } of conflicts) refuse(["fields", field, option], summary);
  }
  const ways = (transport ?? []).map((way) =>
    typeof way === "string" ? way : `the header ${way.header.toLowerCase()}`,
  );
  const twice = ways.find((way, index) => ways.indexOf(way) !== index);
  if (twice !== undefined) refuse(["transport"], `transport names ${twice} twice`);
  const inCookie = Object.values(backends).find(({ kind }) => backendOf(catalog, kind).cookiesOnly);
  if (inCookie !== undefined && ways.some((way) => way !== "cookie"))
    refuse(["transport"], `Sessions of the ${inCookie.kind} backend travel in cookies only`);
  if (inCookie !== undefined && previous !== undefined)
    refuse(["previous"], `Sessions of the ${inCookie.kind} backend have no keys, and none from before`);
  if (inCookie !== undefined && compression !== undefined)
    refuse(
      ["compression"],
      `Sessions of the ${inCookie.kind} backend are not compressed: the length of the cookie would tell what is in them`,
    );
  const dialects = new Set(Object.values(backends).map(({ kind }) => backendOf(catalog, kind).dialect?.name));
  dialects.delete(undefined);
  if (config.migrationsFolder !== undefined && dialects.size > 1)
    refuse(
      ["migrations"],
      `migrations.folder is one history, and there are backends of ${[...dialects].join(" and ")}`,
    );
  const settings = Object.entries(cookies ?? { "": cookie });
  for (const [environment, one] of settings) {
    const path = environment === "" ? ["cookie"] : ["cookie", environment];
    for (const { option, summary } of cookieContradictions(one))
      refuse(option === undefined ? path : [...path, option], summary);
  }
  return problems;
}

/** What browsers would drop, and what is for signatures where there is none. */
function cookieContradictions(
  cookie: ResolvedCookie,
): readonly { readonly option?: string; readonly summary: string }[] {
  const found: { option?: string; summary: string }[] = [];
  const name = cookie.name.toLowerCase();
  const secure = cookie.secure === true || cookie.secure === "except-local";
  if (name.startsWith("__host-") && !(secure && cookie.path === "/" && cookie.domain === undefined))
    found.push({
      summary: 'A cookie called __Host-… needs secure: true, path: "/" and no domain, or browsers drop it',
    });
  if (name.startsWith("__secure-") && !secure)
    found.push({ summary: "A cookie called __Secure-… needs secure: true" });
  if (cookie.sameSite === "none" && !secure) found.push({ summary: 'sameSite: "none" needs secure: true' });
  if (cookie.partitioned && !secure) found.push({ summary: "partitioned needs secure: true" });
  for (const option of ["acceptUnsigned", "digest", "salt"] as const) {
    if (cookie[option] === undefined || cookie.secrets !== undefined) continue;
    const summary = `cookie.${option} is for the signature, and there are no cookie.secrets`;
    found.push({ option, summary });
  }
  return found;
}

async function warningsOf(
  file: string,
  backends: Readonly<Record<string, BackendConfig>>,
  catalog: Catalog,
): Promise<Envelope[]> {
  // A single backend may well be a first try; where there are several, one was chosen for
  // production.
  const name = backends["production"] !== undefined ? "production" : "default";
  const { kind } = backends[name] ?? {};
  if (kind === undefined || Object.keys(backends).length < 2 || !backendOf(catalog, kind).developmentOnly)
    return [];
  return [
    envelopeOf("config/not-for-production", `The backend ${kind} is not for production`, {
      where: await whereOf(file, ["backend", name]),
    }),
  ];
}
