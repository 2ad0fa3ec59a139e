/** What goes wrong with emitted files and the templates that they are made of. Keep sorted. */
export const fileErrors = {
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
