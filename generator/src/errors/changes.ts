/** What goes wrong when two versions of an application are compared. Keep sorted. */
export const changeErrors = {
  "changes/found": {
    severity: "error",
    exit: "changes",
    why: "Deployed as it is, the change loses what is said of it, or takes a step besides the deploy. docs/changes.md has every rule.",
    fix: "Do it as the change says. What you have looked at and want all the same, name with --accept: a rule, or a rule and its path (--accept member-removed:theme).",
  },
  "changes/no-lock": {
    severity: "error",
    exit: "config",
    why: "The earlier version is known by its lock. It is looked for under the path that the config names, and anywhere in the commit or folder by the application's id.",
    fix: "Name the lock itself: a file, or REF:PATH as git does. Where there was none yet, there is nothing to compare with.",
  },
  "changes/no-snapshot": {
    severity: "error",
    exit: "config",
    why: "What the config said is in the lock's snapshot, which a sessgen that was never released did not write, or somebody has edited.",
    fix: "Compare with a later version.",
  },
  "changes/unknown-rule": {
    severity: "error",
    exit: "usage",
    why: "--accept takes the id of a rule, or a rule and a path: member-removed:theme.",
    fix: "Copy it from what `sessgen check --against` prints; docs/changes.md has every rule.",
  },
  "changes/unknown-state": {
    severity: "error",
    exit: "usage",
    why: "--against takes what git knows (a branch, a tag, a commit, REF:PATH), a folder, or a lock file.",
    fix: "Correct the name. In CI the commit may not have been fetched: with actions/checkout, say `fetch-depth: 0`. Without git, name a folder or a file.",
  },
} as const;
