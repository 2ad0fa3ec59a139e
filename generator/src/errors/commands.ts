/** What goes wrong with the command line, or with one command. Keep sorted. */
export const commandErrors = {
  "backfill/no-secret": {
    severity: "error",
    exit: "usage",
    why: "Sessions are read and written with the secrets of the application, and one of them is not in the environment of this command.",
    fix: "Set the variables that the message names, as the application has them.",
  },
  "check/out-of-date": {
    severity: "error",
    exit: "outOfDate",
    why: "The emitted files are not what the config and its schema ask for today.",
    fix: "Run `npx sessgen` and commit what it writes.",
  },
  "cli/old-node": {
    severity: "error",
    exit: "usage",
    why: "The versions before are no longer maintained, and lack what sessgen and what it emits are built on.",
    fix: "Install a maintained version of Node.",
  },
  "cli/usage": {
    severity: "error",
    exit: "usage",
    why: "The command line asks for something sessgen does not know.",
    fix: "See `sessgen --help`, or `sessgen <command> --help`.",
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
  "quarantine/not-found": {
    severity: "error",
    exit: "notFound",
    why: "Nothing was kept aside, or its time is over: `onUnreadable` of the config says whether and for how long something is.",
    fix: "Check --environment; `sessgen quarantine list` shows what there is.",
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
} as const;
