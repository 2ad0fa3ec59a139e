import type { Backend } from "./backends/types.js";
import type { EnvReference, Transport } from "./config/resolved.js";
import type { SchemaOutput, SchemaPath } from "./config/schema-path.js";
import type { Duration } from "./config/values.js";
import type { FrameworkName } from "./frameworks/names.js";
import type { FieldPolicies } from "./model/policies/policies.js";

export type * from "./backends/types.js";
export type { EnvReference, Transport } from "./config/resolved.js";
export type { AnySchema, SchemaOutput, SchemaPath } from "./config/schema-path.js";
export type { Duration } from "./config/values.js";
export type { FieldPolicies as FieldPolicy } from "./model/policies/policies.js";

/** How long sessions live. */
export interface LifetimeOptions {
  /** After its last use. Longer makes a stolen cookie useful for longer. */
  readonly idle?: Duration;
  /** After its beginning, whatever happens. Longer makes a stolen cookie useful for longer. */
  readonly absolute?: Duration;
}

/** How the session cookie is set. */
export interface CookieOptions {
  /**
   * Default `__Host-session`; with `secure: "auto"` it is `session`. The prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`; without it, another
   * subdomain can plant a session cookie.
   */
  readonly name?: string;
  /** Subdomains get the cookie, too. Costs the `__Host-` prefix. */
  readonly domain?: string;
  /** Default `/`. */
  readonly path?: string;
  /**
   * Default `true`. With `false` the cookie travels over plain HTTP, readable by anybody on the way. With `"auto"` it does so where the
   * request came over plain HTTP, and is `Secure` where it came over TLS: for one build that runs with and without. Costs the prefix of
   * the name. Behind a proxy that ends TLS the framework must be told to trust it, as with Express's `trust proxy`.
   */
  readonly secure?: boolean | "auto";
  /** Default `true`. With `false` every script on the page, injected ones included, can read the session id. */
  readonly httpOnly?: boolean;
  /** Default `"lax"`. With `"none"` other sites can cause requests with the cookie: CSRF is then yours to prevent. */
  readonly sameSite?: "strict" | "lax" | "none";
  /** Default `false`. A separate cookie per top-level site (CHIPS), for embedded pages. */
  readonly partitioned?: boolean;
  /** Which cookies Chromium evicts first. */
  readonly priority?: "low" | "medium" | "high";
  /** Signs the cookie: `[env("SESSION_SECRET")]`. The first secret signs, all verify; to rotate, put a new one in front. */
  readonly secrets?: readonly [EnvReference, ...EnvReference[]];
  /** The hash of the signature. Default `"sha256"`. Another one invalidates the cookies that are about. */
  readonly digest?: "sha256" | "sha384" | "sha512";
  /**
   * Names what the secrets are used for: signing keys are derived from them with it (HKDF), so that a secret shared with other programs
   * signs nothing that these accept. Default: none. Another one invalidates the cookies that are about.
   */
  readonly salt?: string;
  /**
   * When the end of a session moves, and with it that of a persistent cookie. `"on-change"` (default): with a change, and when half of
   * the idle time is used up. `"every-request"`: with every request that has a session; costs a write to the store each.
   */
  readonly refresh?: "on-change" | "every-request";
}

/** What `session.config.ts` says. Paths are relative to it, with forward slashes. */
export interface SessionConfig<Schema> {
  /**
   * Names a kind of sessions beside the usual one, such as `"admin"`, each with a config file of its own: the class is then `AdminSession`,
   * its sessions `adminSessions`, on requests `adminSession`, the cookie `__Host-admin-session`, and the defaults of `output`,
   * `infrastructure` and `lock` begin with it. Part of the key that sessions are stored under: another name makes everybody a stranger.
   */
  readonly name?: string;
  /**
   * Which installation of the application this is, where several keep their sessions on one server: staging beside production, forks,
   * self-hosted copies. They have one lock and so one application id; the realm goes where the id goes, into every key, signature and seal,
   * and makes them strangers to each other. `env("SESSION_REALM")`, or text. Another realm makes everybody a stranger: all are logged out.
   */
  readonly realm?: string | EnvReference;
  /** What session ids are like. */
  readonly id?: {
    /** So many random bytes, 16 to 64. Default 32. Fewer make shorter cookies; 16 is what OWASP asks for at the least. */
    readonly bytes?: number;
  };
  /** A `z.object()` of Zod 4 or Zod 3: the session's fields. */
  readonly schema: Schema;
  /**
   * A module that exports the schema (as `schema` or by default): emitted setters then run its refinements, too, and the
   * application loads Zod.
   */
  readonly schemaModule?: string;
  /** Policies; the keys are fields of the schema, checked by the compiler. */
  readonly fields?: { readonly [Path in SchemaPath<SchemaOutput<Schema>>]?: FieldPolicies };
  /** One backend, or one per NODE_ENV; of those, `default`, else `production`, serves every other environment. */
  readonly backend: Backend | { readonly [environment: string]: Backend };
  /** What new and changed sessions are written in; every format can always be read. Default `"packed"`. */
  readonly serializer?: "packed" | "msgpack" | "json";
  /** Default: 30 minutes idle and 12 hours absolute; permanent sessions 31 and 90 days. */
  readonly lifetime?: LifetimeOptions & {
    /** For sessions whose user asked to be remembered. */
    readonly permanent?: LifetimeOptions;
  };
  readonly cookie?: CookieOptions;
  /**
   * How sessions travel. Default `"cookie"`, for browsers. `"bearer"`: `Authorization: Bearer <token>`, answered in `Session-Token`;
   * `{ header: "x-session-id" }`: that header in both directions; both for clients that are no browsers, and both cost what `HttpOnly`
   * gives. Of a list, the first that a request brings a token by counts, and the answer goes the same way.
   */
  readonly transport?: Transport | readonly [Transport, ...Transport[]];
  /**
   * Binds sessions to what requests look like, so that a stolen token is of less use. Off by default, for it costs users their
   * sessions: addresses change as telephones move, and user agents with every update.
   */
  readonly binding?: {
    /** The `User-Agent` header. Whoever steals a token often can see it, too. */
    readonly userAgent?: boolean;
    /**
     * How many leading bits of the client's address must stay, such as 24 and 48. Behind a proxy the framework must be told to trust it, or
     * all clients have the proxy's address.
     */
    readonly network?: { readonly ipv4: number; readonly ipv6: number };
    /** What a request gets that does not fit: a new session, or the session all the same, with the event `binding-mismatch`. */
    readonly onMismatch: "anonymous" | "event";
  };
  /**
   * A module whose exports take the place of parts of the machinery: `generateId`, `deriveKey`, `clock`, `serializer`, `transport`, `store`;
   * see `SessionParts` of `@sessgen/runtime` for what each must keep to, and what a weaker one costs.
   */
  readonly parts?: string;
  /** How sessions are encrypted in the store, by AES-256-GCM. */
  readonly encryption?: {
    /** `[env("SESSION_ENCRYPTION_SECRET")]`. The first encrypts, all decrypt; to rotate, put a new one in front. */
    readonly secrets: readonly [EnvReference, ...EnvReference[]];
    /** Default `false`: only the fields marked `encrypt`. With `true` whole sessions. */
    readonly payload?: boolean;
    /**
     * Default `false`. With `true`, what is not encrypted is read, too, for as long as sessions from before are about; meanwhile
     * whoever can write to the store can put plain values in place of encrypted ones.
     */
    readonly acceptPlain?: boolean;
  };
  /**
   * What a request gets when sessions cannot work. `"error"` (default): an error of status 503 while the store is out of reach; an
   * application whose secret is missing in the environment does not start. `"null-session"`: a session that reads as empty and refuses
   * writes with an error that says what is missing; users look logged out meanwhile.
   */
  readonly onStoreError?: "error" | "null-session";
  /**
   * What is done with a stored session that cannot be read. In either case the visitor is anonymous, and the record stays until it
   * expires. `"forget"` (default): nothing else. `"quarantine"`: its bytes are also kept aside in the same store for 7 days, or
   * `{ quarantine: "30d" }`, to find out what is wrong with them. They outlive the session, its logout included.
   */
  readonly onUnreadable?: "forget" | "quarantine" | { readonly quarantine: Duration };
  /** Frameworks to emit glue for. */
  readonly frameworks?: readonly FrameworkName[];
  /** Folder of the emitted module. Default `src/session`. */
  readonly output?: string;
  /** Folder of migrations and other infrastructure. Default `session-infra`. */
  readonly infrastructure?: string;
  /**
   * Who applies the SQL migrations, which decides their files. `"plain"` (default): `sessgen migrate`. Otherwise the tool named;
   * `sessgen migrate` then only fills in the columns of new indexes.
   */
  readonly migrations?: "plain" | "dbmate" | "flyway" | "prisma" | "drizzle" | "knex";
  /**
   * Default `sessgen.lock.json`. Commit it: it says whose sessions these are, and keeps stored ones readable as the schema changes. Each
   * kind of sessions (`name`) has a lock of its own.
   */
  readonly lock?: string;
  /** A folder of templates that replace ours of the same relative name. */
  readonly templates?: string;
}

/** Declares the config; does nothing but tell the compiler what it is. */
export function defineConfig<Schema>(config: SessionConfig<Schema>): SessionConfig<Schema> {
  return config;
}

/**
 * A variable of the environment, read by the emitted code when the application starts, never by sessgen: generating needs
 * no credentials.
 */
export function env(name: string): EnvReference {
  return { $env: name };
}
