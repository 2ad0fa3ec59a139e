/** What is wrong with a config. Keep sorted. */
export const configErrors = {
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
  "config/verbatim-commonjs": {
    severity: "warning",
    exit: "config",
    why: "What is emitted imports and exports as ES modules do, and this tsconfig allows that in ES modules only.",
    fix: 'Set "type": "module" in package.json, or take verbatimModuleSyntax out of the tsconfig.',
  },
} as const;
