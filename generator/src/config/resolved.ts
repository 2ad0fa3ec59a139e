import type { Lifetimes } from "@sessgen/runtime";
import type { FieldPolicy } from "../model/policies/policies.js";
import type { BindingOptions } from "./options/binding.js";
import type { ResolvedCookie } from "./options/cookie.js";
import type { EncryptionOptions } from "./options/encryption.js";
import type { MigrationTool } from "./options/migrations.js";
import type { PreviousOptions } from "./options/previous.js";
import type { Transport } from "./options/transport.js";
import type { BackendConfig, EnvReference } from "./values.js";

/**
 * Everything from `session.config.ts`, defaults filled in; frozen. Only `schema` is not plain data.
 */
export interface ResolvedConfig {
  /** The config file, absolute. */
  readonly file: string;
  /**
   * The folder of the config file, absolute: all paths below are relative to it, with forward
   * slashes.
   */
  readonly root: string;
  /** Of this kind of sessions, where an application has several: an identifier such as `admin`. */
  readonly name?: string;
  /** Of this installation, where several share a server. */
  readonly realm?: string | EnvReference;
  /** What session ids are like; absent: 32 random bytes. */
  readonly id?: { readonly bytes: number };
  /** The Zod schema, of Zod 3 or 4. */
  readonly schema: unknown;
  /** The absolute path of the file that has the schema, where that is not the config itself. */
  readonly schemaFile?: string;
  /** A module that exports the schema, so that generated setters can run its refinements. */
  readonly schemaModule?: string;
  /** Policies by field path as written, e.g. `user` or `user.id`. */
  readonly fields: Readonly<Record<string, FieldPolicy>>;
  /** By NODE_ENV; `default` when there is one backend for all. */
  readonly backends: Readonly<Record<string, BackendConfig>>;
  /** What the store is called in all bundles of a framework; absent: there is one. */
  readonly storeName?: string;
  readonly serializer: "packed" | "msgpack" | "json";
  readonly lifetime: Lifetimes;
  /** For every environment; where there is one for each, that of production. */
  readonly cookie: ResolvedCookie;
  /** By NODE_ENV, where the config says so; chosen as backends are. */
  readonly cookies?: Readonly<Record<string, ResolvedCookie>>;
  /** How sessions are encrypted in the store; the first secret encrypts, all decrypt. */
  readonly encryption?: EncryptionOptions;
  /** How keys were made before; absent: as they are now. */
  readonly previous?: readonly PreviousOptions[];
  /** Compresses what has more bytes; absent: nothing. */
  readonly compression?: { readonly above: number };
  /** How sessions travel, the preferred way first; absent: in a cookie. */
  readonly transport?: readonly Transport[];
  /** What of a request sessions are bound to; absent: nothing. */
  readonly binding?: BindingOptions;
  /** A module that exports parts of the machinery in place of ours. */
  readonly parts?: string;
  readonly onStoreError: "error" | "null-session";
  /** The most bytes of a session; absent: the runtime's default. */
  readonly maxBytes?: number;
  /** What is done with sessions that cannot be read, in milliseconds; absent: `forget`. */
  readonly onUnreadable?: "forget" | "quarantine" | { readonly quarantine: number };
  readonly frameworks: readonly string[];
  /** What is said about the glue of each, by its name. */
  readonly glue: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What the project depends on, in development or always. */
  readonly packages: ReadonlySet<string>;
  /** Whether there is a kit for the application's tests. */
  readonly testing?: boolean;
  /** Folder of the generated module. */
  readonly output: string;
  /** Folder of migrations and other infrastructure. */
  readonly infrastructure: string;
  /** The tool whose way the migrations are laid out in; `plain` for `sessgen migrate`. */
  readonly migrations: "plain" | MigrationTool;
  /** Where the application has its migrations with that tool; absent: ours are by themselves. */
  readonly migrationsFolder?: string;
  /** The lock file. */
  readonly lock: string;
  /** Folder of the user's own templates, by the same relative names as ours. */
  readonly templates?: string;
  /** What emitted modules are written in. */
  readonly language: "typescript" | "javascript";
  /** What JavaScript files are in the folder of emitted modules. */
  readonly moduleKind: "esm" | "commonjs";
  /** The ending of relative imports in emitted code; see import-extension.ts. */
  readonly importExtension: ".js" | ".ts" | "";
}
