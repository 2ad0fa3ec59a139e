import { type ZodType, z } from "zod";
import type { Backend } from "../../backends/types.js";
import type { FrameworkName, Glue } from "../../frameworks/names.js";
import { type FieldPolicies, type FieldPolicy, policies } from "../../model/policies/policies.js";
import { agree } from "../agree.js";
import type { Catalog } from "../catalog.js";
import { text } from "../option-values.js";
import type { SchemaOutput, SchemaPath } from "../schema-path.js";
import type { BackendConfig, EnvReference } from "../values.js";
import { type Duration, duration, relativePath } from "../values.js";
import { type BindingOptions, binding } from "./binding.js";
import { type CompressionOptions, compression } from "./compression.js";
import { type CookiesOptions, cookie, cookies } from "./cookie.js";
import { type EncryptionOptions, encryption } from "./encryption.js";
import { type IdOptions, id } from "./id.js";
import { type LifetimesOptions, lifetime } from "./lifetime.js";
import { type MigrationsOptions, type MigrationTool, migrations } from "./migrations.js";
import { type PreviousOptions, previous } from "./previous.js";
import { type Transport, transport } from "./transport.js";

/**
 * What `session.config.ts` says. Paths are relative to it, with forward slashes.
 * @typeParam Time - durations; once they are read milliseconds
 */
export interface SessionConfig<Schema, Time = Duration> {
  /**
   * Names a kind of sessions beside the usual one, such as `"admin"`, each with a config file of
   * its own: the class is then `AdminSession`, its sessions `adminSessions`, on requests
   * `adminSession`, the cookie `__Host-admin-session`, and the defaults of `output`,
   * `infrastructure` and `lock` begin with it. Part of the key that sessions are stored under:
   * another name makes everybody a stranger.
   */
  readonly name?: string;
  /**
   * Which installation of the application this is, where several keep their sessions on one server:
   * staging beside production, forks, self-hosted copies. They have one lock and so one application
   * id; the realm goes where the id goes, into every key, signature and seal, and makes them
   * strangers to each other. `env("SESSION_REALM")`, or text. Another realm makes everybody a
   * stranger: all are logged out.
   */
  readonly realm?: string | EnvReference;
  /** What session ids are like. */
  readonly id?: IdOptions;
  /** A `z.object()` of Zod 4 or Zod 3: the session's fields. */
  readonly schema: Schema;
  /**
   * A module that exports the schema (as `schema` or by default): emitted setters then run its
   * refinements, too, and the application loads Zod.
   */
  readonly schemaModule?: string;
  /** Policies; the keys are fields of the schema, checked by the compiler. */
  readonly fields?: { readonly [Path in SchemaPath<SchemaOutput<Schema>>]?: FieldPolicies<Time> };
  /**
   * One backend, or one per NODE_ENV; of those, `default`, else `production`, serves every other
   * environment.
   */
  readonly backend: Backend | { readonly [environment: string]: Backend };
  /**
   * What new and changed sessions are written in; every format can always be read. Default
   * `"packed"`, the smallest, which is read by emitted code alone. `"msgpack"` and `"json"` are for
   * other programs and for eyes, and cost the names of all fields in every session.
   */
  readonly serializer?: "packed" | "msgpack" | "json";
  /** Default: 30 minutes idle and 12 hours absolute; permanent sessions 31 and 90 days. */
  readonly lifetime?: LifetimesOptions<Time>;
  /**
   * How the cookie is set, in all environments or per NODE_ENV; of those, `default`, else
   * `production`, is for every other environment.
   */
  readonly cookie?: CookiesOptions;
  /**
   * How sessions travel. Default `"cookie"`, for browsers. `"bearer"`:
   * `Authorization: Bearer <token>`, answered in `Session-Token`; `{ header: "x-session-id" }`:
   * that header in both directions; both for clients that are no browsers, and both cost what
   * `HttpOnly` gives. Of a list, the first that a request brings a token by counts, and the answer
   * goes the same way.
   */
  readonly transport?: Transport | readonly [Transport, ...Transport[]];
  /**
   * Binds sessions to what requests look like, so that a stolen token is of less use. Off by
   * default, for it costs users their sessions: addresses change as telephones move, and user
   * agents with every update.
   */
  readonly binding?: BindingOptions;
  /**
   * A module whose exports take the place of parts of the machinery: `generateId`, `deriveKey`,
   * `clock`, `serializer`, `transport`, `store`, `onError`; see `SessionParts` of
   * `@sessgen/runtime` for what each must keep to, and what a weaker one costs.
   */
  readonly parts?: string;
  /** How sessions are encrypted in the store, by AES-256-GCM. */
  readonly encryption?: EncryptionOptions;
  /**
   * How keys were made before, after another realm, application id, `name` or `deriveKey`:
   * `[{ realm: "" }]`. A session that is not found under its key of today is looked for under
   * these, with one more round trip, and goes under today's with its next write, so that nobody is
   * logged out. Take it out once sessions from before have ended. Not with the cookie backend.
   */
  readonly previous?: readonly [PreviousOptions, ...PreviousOptions[]];
  /**
   * Compresses what is stored above a number of bytes (`{ above: 1024 }`, or `true` for that): less
   * room for long texts and lists, at the cost of time. Default: nothing is compressed. Sessions
   * that are compressed are read with and without it. Never in cookies, whose length would tell
   * what is in them.
   */
  readonly compression?: true | CompressionOptions;
  /**
   * What a request gets when sessions cannot work. `"error"` (default): an error of status 503
   * while the store is out of reach; an application whose secret is missing in the environment does
   * not start. `"null-session"`: a session that reads as empty and refuses writes with an error
   * that says what is missing; users look logged out meanwhile.
   */
  readonly onStoreError?: "error" | "null-session";
  /**
   * The most bytes that a session may take, encoded. Default 1 MiB, and less where the backend has
   * less. What would be larger is refused with `session/too-large`; what is larger already can be
   * read, and be made smaller.
   */
  readonly maxBytes?: number;
  /**
   * What is done with a stored session that cannot be read. In either case the visitor is
   * anonymous, and the record stays until it expires. `"forget"` (default): nothing else.
   * `"quarantine"`: its bytes are also kept aside in the same store for 7 days, or
   * `{ quarantine: "30d" }`, to find out what is wrong with them. They outlive the session, its
   * logout included.
   */
  readonly onUnreadable?: "forget" | "quarantine" | { readonly quarantine: Time };
  /** Frameworks to emit glue for: their names, or `{ name: "express", … }` with options. */
  readonly frameworks?: readonly (FrameworkName | Glue)[];
  /**
   * Default `false`. With `true`, `testing.ts` is emitted beside the module: requests of logged-in
   * users, an in-memory store and a clock for the application's tests.
   */
  readonly testing?: boolean;
  /**
   * Folder of the emitted module. Default `src/session`. It is ours alone: put nothing of yours in
   * it.
   */
  readonly output?: string;
  /** Folder of migrations and other infrastructure. Default `session-infra`. */
  readonly infrastructure?: string;
  /**
   * Who applies the SQL migrations, which decides their files. `"plain"` (default):
   * `sessgen migrate`. Otherwise the tool named; `sessgen migrate` then only fills in the columns
   * of new indexes. `{ tool: "drizzle", folder: "drizzle" }` puts them into the history that the
   * application has with this tool; without a folder they are in one of ours, which the tool needs
   * a table of account of its own for.
   */
  readonly migrations?: "plain" | MigrationTool | MigrationsOptions;
  /**
   * Default `sessgen.lock.json`. Commit it: it says whose sessions these are, and keeps stored ones
   * readable as the schema changes. Each kind of sessions (`name`) has a lock of its own.
   */
  readonly lock?: string;
  /**
   * A folder of templates that replace ours of the same relative name. Default: ours. What yours
   * say is yours to keep up with ours at every update.
   */
  readonly templates?: string;
  /**
   * What emitted modules are written in. Default: TypeScript where the config is, or the project
   * has a tsconfig or depends on `typescript`; otherwise JavaScript, with declarations beside it.
   */
  readonly language?: "typescript" | "javascript";
  /**
   * How relative imports of emitted modules end. Default: as the tsconfig that they are compiled
   * with demands, and otherwise as whatever runs or bundles the project finds them.
   */
  readonly importExtension?: ".js" | ".ts" | "none";
}

/** What a config says, once it is read: durations are milliseconds, paths are tidy. */
export type Options = Omit<
  SessionConfig<unknown, number>,
  "schema" | "fields" | "backend" | "transport" | "frameworks"
> & {
  /** Absent where a file cannot hold it, such as JSON: then `schemaModule` has it. */
  readonly schema?: unknown;
  readonly fields?: Readonly<Record<string, FieldPolicy>>;
  /** Read by its own descriptor. */
  readonly backend: Readonly<Record<string, unknown>>;
  readonly transport?: Transport | readonly Transport[];
  /** Read by their own descriptors. */
  readonly frameworks?: readonly unknown[];
};

const policy: ZodType<FieldPolicy> = z.strictObject(
  Object.fromEntries(Object.entries(policies).map(([name, { schema }]) => [name, schema.optional()])),
);

const shape = {
  name: z
    .string()
    .regex(/^[a-z][A-Za-z0-9]*$/, "expected a name such as admin: a letter, then letters and digits")
    .optional(),
  realm: text.optional(),
  id: id.optional(),
  schema: z.unknown().optional(),
  schemaModule: relativePath.optional(),
  fields: z.record(z.string(), policy).optional(),
  backend: z.looseObject({}),
  serializer: z.enum(["packed", "msgpack", "json"]).optional(),
  lifetime: lifetime.optional(),
  cookie: cookies.optional(),
  transport: transport.optional(),
  binding: binding.optional(),
  parts: relativePath.optional(),
  encryption: encryption.optional(),
  compression: compression.optional(),
  previous: previous.optional(),
  onStoreError: z.enum(["error", "null-session"]).optional(),
  maxBytes: z.int("expected a whole number of bytes").positive().optional(),
  onUnreadable: z
    .union([z.enum(["forget", "quarantine"]), z.strictObject({ quarantine: duration })], {
      error: 'expected "forget", "quarantine" or { quarantine: "7d" }',
    })
    .optional(),
  frameworks: z.array(z.unknown()).optional(),
  testing: z.boolean().optional(),
  output: relativePath.optional(),
  infrastructure: relativePath.optional(),
  migrations: migrations.optional(),
  lock: relativePath.optional(),
  templates: relativePath.optional(),
  language: z.enum(["typescript", "javascript"]).optional(),
  importExtension: z.enum([".js", ".ts", "none"]).optional(),
};

/** The options of `session.config.ts`, as they are written. */
export const configSchema: ZodType<Options> = agree<Options>()(z.strictObject(shape));

/** Gives a framework as it is written: its name, or its name and options. */
export function frameworkSchema({ frameworks }: Pick<Catalog, "frameworks">, given: unknown): ZodType {
  const name = z.enum([...frameworks.keys()]);
  if (typeof given !== "object" || given === null) return name;
  const options = frameworks.get(String(Reflect.get(given, "name")))?.options;
  return options ?? z.strictObject({ name });
}

/** Gives a backend as it is written. */
export function backendSchema({ backends }: Pick<Catalog, "backends">): ZodType<BackendConfig> {
  const one = z.looseObject({ kind: z.enum([...backends.keys()]) }).transform((value, context) => {
    // Checked by the backend's own descriptor, so that problems name its options.
    const result = backends.get(value.kind)?.options.safeParse(value);
    for (const issue of result?.error?.issues ?? [])
      context.addIssue({ ...issue, path: [...issue.path] } as never);
    return value;
  });
  return one as unknown as ZodType<BackendConfig>;
}

/** Gives the names of all options, by the option they stand in; `""` is the config itself. */
export function optionNames({ backends, frameworks }: Catalog): ReadonlyMap<string, readonly string[]> {
  const backend = [...backends.values()].flatMap(({ options }) => namesIn(options));
  const glue = [...frameworks.values()].flatMap(({ options }) => options ?? []).flatMap(namesIn);
  const groups = Object.entries({ ...shape, cookie }).map(
    ([name, schema]) => [name, namesIn(schema)] as const,
  );
  return new Map([
    ["", Object.keys(shape)],
    ...groups.filter(([name, names]) => name !== "backend" && names.length > 0),
    // What is an option of some backend may well be meant as one of its own place.
    ["backend", backend],
    ["frameworks", glue],
  ]);
}

/** Gives the names of options in a schema, however deep. */
export function namesIn(schema: z.core.$ZodType | undefined): string[] {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, one]) => [name, ...namesIn(one)]);
  if (schema instanceof z.ZodOptional) return namesIn(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(namesIn);
  if (schema instanceof z.ZodRecord) return namesIn(schema.valueType);
  if (schema instanceof z.ZodArray) return namesIn(schema.element);
  return [];
}
