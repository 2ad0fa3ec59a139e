/** How bad it is: an error ends the run with a non-zero exit code, a warning does not. */
export type Severity = "error" | "warning";

/** Where in the user's files something is wrong. */
export interface Where {
  /** Absolute, or relative to the working folder. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** The path of the field or option, e.g. `schema.user.address.geo` or `lifetime.idle`. */
  readonly path?: string;
}

/** What the registry says about one code. */
export interface ErrorEntry {
  readonly severity: Severity;
  /** What `sessgen` exits with: a name of {@link exitCodes}. */
  readonly exit: keyof typeof exitCodes;
  /** Why it happens, in one or two sentences. */
  readonly why: string;
  /** How to mend it, in one or two sentences. */
  readonly fix: string;
}

/** What `sessgen --json` prints for each problem, and what a human sees laid out. */
export interface Envelope {
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly why: string;
  readonly fix: string;
  readonly where?: Where;
}

/**
 * Exit codes: 0 done; 1 `check` found files out of date, or the session was not found; 2 wrong
 * usage of the command line; 3 the config or schema is wrong; 4 files could not be read or written;
 * 5 the backend refused or is out of reach; 6 `verify` found the backend to be other than what was
 * emitted; 70 a bug in sessgen.
 */
export const exitCodes = {
  ok: 0,
  outOfDate: 1,
  notFound: 1,
  usage: 2,
  config: 3,
  files: 4,
  backend: 5,
  drift: 6,
  internal: 70,
} as const;

/**
 * Every problem sessgen reports, by its stable code. `docs/errors.md` documents each; a test
 * compares the two and looks for the place that throws it. Keep sorted.
 */
export const generatorErrors = {
  "backend/elsewhere": {
    severity: "error",
    exit: "config",
    why: "This backend keeps sessions in the memory of the application or in the cookies of its users, where no command can look.",
    fix: "Name another backend with --environment, or do it in the application; sessions in cookies end all at once when their secrets change.",
  },
  "backend/failed": {
    severity: "error",
    exit: "backend",
    why: "The backend was reached, and refused.",
    fix: "See the message; --verbose shows the underlying error.",
  },
  "backend/missing-driver": {
    severity: "error",
    exit: "backend",
    why: "The backend needs a package that is not installed in the project.",
    fix: "Install the package that the message names.",
  },
  "backend/missing-file": {
    severity: "error",
    exit: "backend",
    why: "Nothing was stored there yet, or the application is started in another folder: a relative path is relative to the config here, and to the working folder there.",
    fix: "Run `npx sessgen migrate`, or give the path as an absolute one.",
  },
  "backend/not-migrated": {
    severity: "error",
    exit: "backend",
    why: "The table or collection that sessions are kept in is missing, or has another form than the config asks for.",
    fix: "Run `npx sessgen migrate`.",
  },
  "backend/no-address": {
    severity: "error",
    exit: "config",
    why: "The application brings a client of its own, which commands cannot use; they need an address to connect to.",
    fix: "Give the backend `url` (or `nodes`, `servers`) besides `client`: only the commands of sessgen use it then.",
  },
  "backend/unavailable": {
    severity: "error",
    exit: "backend",
    why: "The backend could not be reached, or it refused the credentials.",
    fix: "Check that it runs, its address, and the credentials.",
  },
  "check/out-of-date": {
    severity: "error",
    exit: "outOfDate",
    why: "The emitted files are not what the config and its schema ask for today.",
    fix: "Run `npx sessgen` and commit what it writes.",
  },
  "cli/usage": {
    severity: "error",
    exit: "usage",
    why: "The command line asks for something sessgen does not know.",
    fix: "See `sessgen --help`, or `sessgen <command> --help`.",
  },
  "config/ambiguous": {
    severity: "error",
    exit: "config",
    why: "Two configs in one folder would leave open which of them counts.",
    fix: "Delete all but one, or name the one to use with --config.",
  },
  "config/empty": {
    severity: "error",
    exit: "config",
    why: "The config file has nothing in it.",
    fix: "Run `sessgen init` in an empty folder to see what a config looks like.",
  },
  "config/invalid-option": {
    severity: "error",
    exit: "config",
    why: "An option has a value it cannot have, or one that contradicts another option.",
    fix: "Change the option as the message says; its JSDoc, shown by the editor, tells what it can be.",
  },
  "config/kinds-collide": {
    severity: "error",
    exit: "config",
    why: "Two kinds of sessions would overwrite each other's files, cookies or stored sessions.",
    fix: "Give one of them a `name`, and of what the message names, one of its own: for a backend another table, collection, prefix or folder.",
  },
  "config/no-export": {
    severity: "error",
    exit: "config",
    why: "sessgen reads the default export of the config.",
    fix: "Write `export default defineConfig({ … })`.",
  },
  "config/no-schema": {
    severity: "error",
    exit: "config",
    why: "The fields of a session come from a Zod schema.",
    fix: "Set `schema`, or in a JSON config `schemaModule` to a module that exports it.",
  },
  "config/no-such-export": {
    severity: "error",
    exit: "config",
    why: "The emitted code imports this function, and there is no such file, or the file does not export it.",
    fix: "Correct `module`, relative to the config file and with its extension, or `export`; or write the function.",
  },
  "config/not-for-production": {
    severity: "warning",
    exit: "ok",
    why: "This backend loses its sessions with the process and does not share them with other processes.",
    fix: "Choose another backend for production, for example redis.",
  },
  "config/not-found": {
    severity: "error",
    exit: "config",
    why: "sessgen looks for session.config.{ts,mts,js,mjs,cjs,json}, or the key sessgen in package.json, up to the project's root.",
    fix: "Run `sessgen init` to make one, or name it with --config.",
  },
  "config/reads-node-env": {
    severity: "error",
    exit: "config",
    why: "What is emitted would be another thing on a developer's machine than in CI and in a production build, and `check` would fail in one of them.",
    fix: "Say both: `backend: { development: …, production: … }`, and `cookie` likewise. The application chooses when it starts.",
  },
  "config/syntax": {
    severity: "error",
    exit: "config",
    why: "The config, or a module it imports, cannot be parsed.",
    fix: "Correct the code at the place named.",
  },
  "config/threw": {
    severity: "error",
    exit: "config",
    why: "The config, or a module it imports, failed while it was evaluated.",
    fix: "Correct the code at the place named; --verbose shows the whole stack.",
  },
  "config/tsconfig": {
    severity: "error",
    exit: "config",
    why: "Path aliases and import extensions come from the project's tsconfig.",
    fix: "Correct the tsconfig; `tsc --showConfig` shows the same problem.",
  },
  "config/unknown-option": {
    severity: "error",
    exit: "config",
    why: "An option nobody reads is usually a misspelt one.",
    fix: "Correct its name or delete it.",
  },
  "config/unresolvable-imports": {
    severity: "warning",
    exit: "config",
    why: "The compiler demands that imports name the compiled file, and a tool of the project takes this name as it is, so that it finds no source.",
    fix: 'Set "allowImportingTsExtensions": true in the tsconfig, or have the tool look for the source.',
  },
  "init/exists": {
    severity: "error",
    exit: "config",
    why: "`sessgen init` writes a first config and never replaces one.",
    fix: "Edit the config that is there, or delete it first.",
  },
  "init/no-package": {
    severity: "error",
    exit: "config",
    why: "sessgen is a part of an npm package: its config stands beside package.json.",
    fix: "Run `npm init` first, or go to the folder of the project.",
  },
  "inspect/invalid-id": {
    severity: "error",
    exit: "usage",
    why: "An id has 22 to 86 characters of base64url, 43 unless the config says otherwise, alone, with its signature, or as the cookie name=value; it is not repeated here.",
    fix: "Copy the value of the session cookie from the browser, or name the session by --key or --by.",
  },
  "inspect/invalid-value": {
    severity: "error",
    exit: "usage",
    why: "--by takes a value of the type that the field has in the schema.",
    fix: "Correct the value as the message says.",
  },
  "inspect/no-index": {
    severity: "error",
    exit: "usage",
    why: "Sessions can be found by the parts that `fields` gives an index.",
    fix: "Give the field `index: true` in the config, and run `npx sessgen` and `npx sessgen migrate`; sessions stored before are found after their next write.",
  },
  "inspect/not-emitted": {
    severity: "error",
    exit: "config",
    why: "Sessions are decoded by the module that `sessgen` emits.",
    fix: "Run `npx sessgen`.",
  },
  "inspect/not-found": {
    severity: "error",
    exit: "notFound",
    why: "Nothing is stored under that id or key: the session ended, expired, was given a new id, or is kept by another backend.",
    fix: "Check --environment; `sessgen inspect --by` finds the sessions of a user.",
  },
  "inspect/unreadable": {
    severity: "error",
    exit: "backend",
    why: "The bytes are corrupt, foreign, or written by a serializer of the application's own. To the application the session does not exist.",
    fix: "Nothing needs to be done: it ends when it expires; `sessgen revoke` removes it now.",
  },
  "internal/bug": {
    severity: "error",
    exit: "internal",
    why: "sessgen met a case it was not written for.",
    fix: "Please report it with the config that shows it; --verbose prints the stack trace.",
  },
  "lock/missing": {
    severity: "error",
    exit: "config",
    why: "The lock says whose sessions these are, by a random id in every key. A lock that each build makes anew, since it is not committed, would log everybody out each time: it is made at a terminal, and neither under CI nor by check or --dry-run.",
    fix: "Run npx sessgen locally (in a script: npx sessgen --new-application) and commit the file.",
  },
  "lock/slot-conflict": {
    severity: "error",
    exit: "config",
    why: "Two branches each added something, and both took the next free slot: what is stored there would be read as either.",
    fix: "Give the one that was never deployed a new slot with --renumber.",
  },
  "lock/two-applications": {
    severity: "error",
    exit: "config",
    why: "Two branches each made an application id. Sessions are stored under one of them, and whoever takes the other one logs everybody out.",
    fix: "Keep the lock of the branch that was deployed (git checkout --ours or --theirs, and the file), and run npx sessgen again.",
  },
  "lock/unknown-path": {
    severity: "error",
    exit: "usage",
    why: "--renumber takes a key of the lock file.",
    fix: "Copy the key from the lock file, for example 'user.id'.",
  },
  "lock/unreadable": {
    severity: "error",
    exit: "config",
    why: "The lock is JSON as sessgen writes it. What git left of a merge is read, too, as long as both sides are complete.",
    fix: "Undo what was changed by hand, for example with git checkout (after a merge: git checkout --merge), and run sessgen again.",
  },
  "migrate/branched": {
    severity: "error",
    exit: "config",
    why: "Two branches each made a migration on top of the same one, and each may have been applied somewhere.",
    fix: "Delete the one that was applied nowhere and run `npx sessgen`: it makes a new one.",
  },
  "migrate/broken-history": {
    severity: "error",
    exit: "config",
    why: "Each migration keeps a snapshot that names the one before it, and this line is broken.",
    fix: "Restore the migrations folder, for example with git checkout.",
  },
  "migrate/changed": {
    severity: "error",
    exit: "backend",
    why: "The database has another version of this migration than the folder; applying it again is not possible.",
    fix: "Restore the migration as it was applied and let `npx sessgen` make a new one; in development, delete the database file instead.",
  },
  "migrate/denied": {
    severity: "error",
    exit: "backend",
    why: "The account may not do this step: migrating takes more permissions than the application has.",
    fix: "Migrate as somebody who may do what the message names.",
  },
  "migrate/env-missing": {
    severity: "error",
    exit: "backend",
    why: "The backend's address comes from the environment, and migrating needs it.",
    fix: "Set the variable for this command.",
  },
  "migrate/failed": {
    severity: "error",
    exit: "backend",
    why: "The database refused; nothing of the migration that failed was kept.",
    fix: "See the message: the database may be locked by another process, read-only, or the driver missing (npm install libsql).",
  },
  "migrate/none": {
    severity: "error",
    exit: "config",
    why: "`sessgen migrate` applies what `sessgen` emitted before.",
    fix: "Run `npx sessgen` first.",
  },
  "migrate/other-tool": {
    severity: "error",
    exit: "usage",
    why: "The config's `migrations` names another tool, which applies the migrations and keeps account of them.",
    fix: "Use that tool.",
  },
  "migrate/unknown-environment": {
    severity: "error",
    exit: "usage",
    why: "Which backend to migrate is chosen by --environment, or else by NODE_ENV as in the application.",
    fix: "Name one of the backends in the config.",
  },
  "migrate/unsupported": {
    severity: "error",
    exit: "usage",
    why: "This backend has no migrations one after the other: what is there is compared with what the config asks for.",
    fix: "Run `npx sessgen migrate`, or with --status to see what it would do.",
  },
  "migrate/unsupported-change": {
    severity: "error",
    exit: "config",
    why: "Some changes of a table would write it anew, and lock everybody out while that takes.",
    fix: "Undo the change, or give `table` another name: sessions begin anew there.",
  },
  "model/dynamic-default": {
    severity: "error",
    exit: "config",
    why: "A default is written into the emitted code, so it must be the same plain data whenever it is asked for.",
    fix: "Use a constant, or make the field optional and assign it where the session begins.",
  },
  "model/name-collision": {
    severity: "error",
    exit: "config",
    why: "Types and constants of the emitted code are named after fields, and two names turned out the same.",
    fix: "Rename one of the fields.",
  },
  "model/not-a-schema": {
    severity: "error",
    exit: "config",
    why: "sessgen reads schemas of Zod 3 and Zod 4.",
    fix: "Pass a z.object() of zod as `schema`.",
  },
  "model/not-an-object": {
    severity: "error",
    exit: "config",
    why: "A session has named fields, so its schema is an object.",
    fix: "Wrap the schema: z.object({ name: … }).",
  },
  "model/no-index": {
    severity: "error",
    exit: "config",
    why: "Sessions are to be found by a field, and one of the backends cannot do that.",
    fix: "Choose another backend, or take `index` away from the field.",
  },
  "model/policy-mismatch": {
    severity: "error",
    exit: "config",
    why: "A policy of `fields` does not fit the type of the field it is given to.",
    fix: "Change the policy or the field's type as the message says.",
  },
  "model/refinement-not-run": {
    severity: "warning",
    exit: "ok",
    why: "A refinement is a function, which cannot be compiled into the emitted code.",
    fix: "Set `schemaModule` to the module that exports the schema, and the emitted setters run it.",
  },
  "model/reserved-name": {
    severity: "error",
    exit: "config",
    why: "Members that begin with $ are the session's own; toJSON, _permanent and the members of every object are taken, too.",
    fix: "Give the field another name.",
  },
  "model/unfit-for-framework": {
    severity: "error",
    exit: "config",
    why: "The options of a framework's glue expect something of the schema's fields that they do not have.",
    fix: "Change the field as the message says, or the framework's options.",
  },
  "model/unknown-field": {
    severity: "error",
    exit: "config",
    why: "`fields` gives a policy to something the schema does not have.",
    fix: "Correct the name, or add the field to the schema.",
  },
  "model/unsupported-type": {
    severity: "error",
    exit: "config",
    why: "A session is stored as bytes, and only data survives that.",
    fix: "Use a type that can be stored; docs/schema.md lists them.",
  },
  "revoke/no-all": {
    severity: "error",
    exit: "config",
    why: "This backend has no conditional writes that hold between processes, so it cannot keep what logs everybody out.",
    fix: "Empty the store, or give the application another prefix; or choose a backend that has such writes.",
  },
  "revoke/not-found": {
    severity: "error",
    exit: "notFound",
    why: "Nothing is stored under that id or key: the session ended, expired, was given a new id, or is kept by another backend.",
    fix: "Check --environment; `sessgen revoke --by` removes all sessions of a user.",
  },
  "template/invalid": {
    severity: "error",
    exit: "config",
    why: "A template of your own cannot be read, parsed, or asks for something that is not there.",
    fix: "Correct the template at the place named; the comment at the top of ours lists what it can refer to.",
  },
  "template/missing-folder": {
    severity: "error",
    exit: "config",
    why: "The config's `templates` names a folder that does not exist.",
    fix: "Correct the path, relative to the config, or delete the option.",
  },
  "verify/clock-skew": {
    severity: "warning",
    exit: "drift",
    why: "The backend's clock and this machine's are more than a few seconds apart: sessions end too early or too late.",
    fix: "Synchronise the clocks (NTP).",
  },
  "verify/column-type": {
    severity: "error",
    exit: "drift",
    why: "A column has another type than the store writes.",
    fix: "Restore the column's type, or let a new migration do it.",
  },
  "verify/eviction-policy": {
    severity: "warning",
    exit: "drift",
    why: "The server may throw sessions away, or refuse writes, when its memory is full.",
    fix: "Choose the policy as the message says.",
  },
  "verify/missing-column": {
    severity: "error",
    exit: "drift",
    why: "The table lacks a column that the store writes.",
    fix: "Run `npx sessgen migrate`.",
  },
  "verify/missing-index": {
    severity: "error",
    exit: "drift",
    why: "A lookup, or the deletion of expired sessions, has no index and reads everything.",
    fix: "Run `npx sessgen migrate`.",
  },
  "verify/missing-permission": {
    severity: "error",
    exit: "drift",
    why: "The account lacks a permission that the store needs.",
    fix: "Grant what the message names; the emitted policy or role has all of them.",
  },
  "verify/missing-secret": {
    severity: "warning",
    exit: "drift",
    why: "Stored sessions are encrypted with a secret that is not in the list: to the application they are anonymous, or lack the fields that are encrypted.",
    fix: "Put the secret back behind the others until what it encrypts has expired, or leave it as it is: its users log in anew.",
  },
  "verify/missing-table": {
    severity: "error",
    exit: "drift",
    why: "The table or collection that sessions are kept in is not there.",
    fix: "Run `npx sessgen migrate`.",
  },
  "verify/missing-validator": {
    severity: "warning",
    exit: "drift",
    why: "The collection has no validator, or another one than was emitted.",
    fix: "Run `npx sessgen migrate`.",
  },
  "verify/not-checked": {
    severity: "warning",
    exit: "drift",
    why: "The account may not look at everything; what it may look at is as it should be, unless another problem says so.",
    fix: "Grant what the message names, or run `npx sessgen verify` with another account.",
  },
  "verify/pending-migration": {
    severity: "error",
    exit: "drift",
    why: "Migrations were emitted and not yet applied here, or applied ones were changed.",
    fix: "Run `npx sessgen migrate`.",
  },
  "verify/read-only": {
    severity: "error",
    exit: "drift",
    why: "The backend refuses to write: it is a replica, read-only, or not well.",
    fix: "Give the address of the primary, or mend what the message names.",
  },
  "verify/same-application": {
    severity: "warning",
    exit: "drift",
    why: "The store is used by another package with the same application id, realm and kind of sessions. Two services that share a login are meant to be like that; a copy of a repository that kept its lock is not: its users are logged in here, and `revoke --all` there logs everybody out here.",
    fix: "In a copy that is to have sessions of its own, delete sessgen.lock.json and run `npx sessgen --new-application`; for installations of one repository set `realm`. If it is meant, or the package was renamed, there is nothing to do: what no command was run for is forgotten after 90 days.",
  },
  "verify/table-settings": {
    severity: "warning",
    exit: "drift",
    why: "The table is billed, encrypted or backed up in another way than the config asks for; sessions work nevertheless.",
    fix: "Change it with the tool that made the table, or change the config.",
  },
  "verify/ttl-off": {
    severity: "error",
    exit: "drift",
    why: "Nothing deletes expired sessions: the backend grows without end.",
    fix: "Run `npx sessgen migrate`.",
  },
  "verify/ttl-wrong-attribute": {
    severity: "error",
    exit: "drift",
    why: "The backend deletes expired sessions by another attribute than the store writes.",
    fix: "Run `npx sessgen migrate`, or name the attribute in the config.",
  },
  "write/edited": {
    severity: "error",
    exit: "files",
    why: "sessgen does not overwrite what somebody changed by hand.",
    fix: "Move the change to the config or to a template of your own, then run with --force; --dry-run shows the difference.",
  },
  "write/failed": {
    severity: "error",
    exit: "files",
    why: "The file system refused.",
    fix: "See the message; --verbose shows the underlying error.",
  },
  "write/foreign": {
    severity: "error",
    exit: "files",
    why: "sessgen does not overwrite a file it did not write.",
    fix: "Move the file away or change `output`, or run with --force; --dry-run shows the difference.",
  },
  "write/no-space": {
    severity: "error",
    exit: "files",
    why: "The disk, or the user's share of it, is full.",
    fix: "Make room and run again; every file is either old or new.",
  },
  "write/not-a-folder": {
    severity: "error",
    exit: "files",
    why: "A folder is needed where a file stands.",
    fix: "Move the file away, or change `output`, `infrastructure` or `lock`.",
  },
  "write/read-only": {
    severity: "error",
    exit: "files",
    why: "The folder is read-only, or belongs to somebody else.",
    fix: "Change the permissions, or write elsewhere with `output`.",
  },
  "write/stale": {
    severity: "warning",
    exit: "ok",
    why: "sessgen removes what it no longer emits, but nothing that somebody changed by hand.",
    fix: "Delete the file when nothing needs it any more.",
  },
} as const;

/** A code of {@link generatorErrors}. */
export type GeneratorErrorCode = keyof typeof generatorErrors;

/**
 * A problem that ends the run. Several found at once are thrown together as {@link SessgenErrors}.
 */
export class SessgenError extends Error {
  override readonly name = "SessgenError";
  readonly code: GeneratorErrorCode;
  readonly envelope: Envelope;

  /**
   * @param code - one of {@link generatorErrors}
   * @param summary - what is wrong this time, in one sentence
   * @param detail - where, and a fix more precise than the registry's
   */
  constructor(
    code: GeneratorErrorCode,
    summary: string,
    detail: { readonly where?: Where; readonly fix?: string; readonly cause?: unknown } = {},
  ) {
    super(`${summary} [${code}]`, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.envelope = envelopeOf(code, summary, detail);
  }

  /** What the process exits with. */
  get exitCode(): number {
    return exitCodes[generatorErrors[this.code].exit];
  }
}

/** Several problems at once: a user mends them in one go. */
export class SessgenErrors extends AggregateError {
  override readonly name = "SessgenErrors";
  declare readonly errors: SessgenError[];
}

/** The envelope of a problem, also for warnings, which are collected and not thrown. */
export function envelopeOf(
  code: GeneratorErrorCode,
  summary: string,
  detail: { readonly where?: Where; readonly fix?: string } = {},
): Envelope {
  const entry: ErrorEntry = generatorErrors[code];
  return {
    code,
    severity: entry.severity,
    summary,
    why: entry.why,
    fix: detail.fix ?? entry.fix,
    ...(detail.where === undefined ? {} : { where: detail.where }),
  };
}
