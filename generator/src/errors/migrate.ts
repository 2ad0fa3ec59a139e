/** Why `sessgen migrate` did not do what it was to do. Keep sorted. */
export const migrateErrors = {
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
    fix: "Set the variable for this command, such as with `node --env-file`: https://github.com/sessgen/sessgen/blob/main/docs/guides/environment.md.",
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
  "migrate/older-ledger": {
    severity: "error",
    exit: "backend",
    why: "The table of an earlier sessgen has migrations by their names alone, which other applications have, too.",
    fix: "DROP TABLE sessgen_migrations and, where all migrations were applied, run `npx sessgen migrate --baseline`.",
  },
  "migrate/other-tool": {
    severity: "error",
    exit: "usage",
    why: "The config's `migrations` names another tool, which applies the migrations and keeps account of them.",
    fix: "Use that tool.",
  },
  "migrate/shared-table": {
    severity: "error",
    exit: "backend",
    why: "Applications may share a table as long as it fits them as it is; what one of them uses no other one changes.",
    fix: "Give `table` a name of its own in the config, or undo the change.",
  },
  "migrate/too-new": {
    severity: "error",
    exit: "backend",
    why: "The database was migrated by a newer release, after which no older one can run.",
    fix: "Deploy the newer release, or take its migration back: `npx sessgen migrate --down`.",
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
} as const;
