import type { FieldPolicy } from "../model/policies/policies.js";

/** A value that generated code reads from the environment when the application starts. */
export interface EnvReference {
  readonly $env: string;
}

/** An option's value as it can stand in generated code. */
export type OptionValue =
  | string
  | number
  | boolean
  | EnvReference
  | readonly OptionValue[]
  | { readonly [key: string]: OptionValue };

/** A backend with its options, validated by the backend's descriptor. */
export interface BackendConfig {
  readonly kind: string;
  readonly [option: string]: OptionValue;
}

/** A way sessions travel. */
export type Transport = "cookie" | "bearer" | { readonly header: string };

/** Lifetimes in milliseconds. */
export interface Lifetime {
  /** The session ends this long after its last use. */
  readonly idle: number;
  /** The session ends this long after it began, whatever happens. */
  readonly absolute: number;
}

/** Everything from `session.config.ts`, defaults filled in; frozen. Only `schema` is not plain data. */
export interface ResolvedConfig {
  /** The config file, absolute. */
  readonly file: string;
  /** The folder of the config file, absolute: all paths below are relative to it, with forward slashes. */
  readonly root: string;
  /** Of this kind of sessions, where an application has several: an identifier such as `admin`. */
  readonly name?: string;
  /** Of this installation, where several share a server. */
  readonly realm?: string | EnvReference;
  /** What session ids are like; absent: 32 random bytes. */
  readonly id?: { readonly bytes: number };
  /** The Zod schema, of Zod 3 or 4. */
  readonly schema: unknown;
  /** A module that exports the schema, so that generated setters can run its refinements. */
  readonly schemaModule?: string;
  /** Policies by field path as written, e.g. `user` or `user.id`. */
  readonly fields: Readonly<Record<string, FieldPolicy>>;
  /** By NODE_ENV; `default` when there is one backend for all. */
  readonly backends: Readonly<Record<string, BackendConfig>>;
  readonly serializer: "packed" | "msgpack" | "json";
  readonly lifetime: Lifetime & { readonly permanent: Lifetime };
  readonly cookie: {
    readonly name: string;
    readonly domain?: string;
    readonly path: string;
    readonly secure: boolean | "auto";
    readonly httpOnly: boolean;
    readonly sameSite: "strict" | "lax" | "none";
    readonly partitioned: boolean;
    readonly priority?: "low" | "medium" | "high";
    /** Signs the cookie with HMAC; the first secret signs, all verify. */
    readonly secrets?: readonly EnvReference[];
    readonly digest?: "sha256" | "sha384" | "sha512";
    readonly salt?: string;
    readonly refresh?: "on-change" | "every-request";
  };
  /** How sessions are encrypted in the store; the first secret encrypts, all decrypt. */
  readonly encryption?: {
    readonly secrets: readonly EnvReference[];
    readonly payload?: boolean;
    readonly acceptPlain?: boolean;
  };
  /** How sessions travel, the preferred way first; absent: in a cookie. */
  readonly transport?: readonly Transport[];
  /** What of a request sessions are bound to; absent: nothing. */
  readonly binding?: {
    readonly userAgent?: boolean;
    readonly network?: { readonly ipv4: number; readonly ipv6: number };
    readonly onMismatch: "anonymous" | "event";
  };
  /** A module that exports parts of the machinery in place of ours. */
  readonly parts?: string;
  readonly onStoreError: "error" | "null-session";
  /** What is done with sessions that cannot be read, in milliseconds; absent: `forget`. */
  readonly onUnreadable?: "forget" | "quarantine" | { readonly quarantine: number };
  readonly frameworks: readonly string[];
  /** Folder of the generated module. */
  readonly output: string;
  /** Folder of migrations and other infrastructure. */
  readonly infrastructure: string;
  /** The tool whose way the migrations are laid out in; `plain` for `sessgen migrate`. */
  readonly migrations: "plain" | "dbmate" | "flyway" | "prisma" | "drizzle" | "knex";
  /** The lock file. */
  readonly lock: string;
  /** Folder of the user's own templates, by the same relative names as ours. */
  readonly templates?: string;
  /** Extension of relative imports in emitted code: `.js` unless the project's tsconfig says otherwise. */
  readonly importExtension: ".js" | ".ts" | "";
}
