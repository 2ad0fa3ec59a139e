/** What goes wrong when two versions of an application are compared. Keep sorted. */
export const changeErrors = {
  "changes/behind": {
    severity: "error",
    exit: "changes",
    why: "The commit that is compared with has given out slots that this lock lacks, and is none of the commits that this one came from. Deployed as it is, it would know nothing of what sessions have there; merged, it loses nothing of that. Other changes are those since the two parted.",
    fix: "Merge that commit first, or rebase onto it, and check again: it is the merge that is deployed. To see the changes of the branch alone, compare with where it began: --against $(git merge-base HEAD main).",
  },
  "changes/found": {
    severity: "error",
    exit: "changes",
    why: "Deployed as it is, the change loses what is said of it, or takes a step besides the deploy. https://github.com/sessgen/sessgen/blob/main/docs/changes.md has every rule.",
    fix: "Do it as the change says. What you have looked at and want all the same, name with --accept: a rule, or a rule and its path (--accept member-removed:theme).",
  },
  "changes/no-lock": {
    severity: "error",
    exit: "config",
    why: "The earlier version is known by its lock. It is looked for under the path that the config names, and anywhere in the commit or folder by the application's id.",
    fix: "Name the lock itself: a file, or REF:PATH as git does. Where there was none yet, there is nothing to compare with.",
  },
  "changes/not-compared": {
    severity: "warning",
    exit: "ok",
    why: "`npx sessgen` says what a change means to stored sessions by the lock that was committed last. That one could not be compared with.",
    fix: "Mend what the reason says, and compare by hand: npx sessgen check --against REF.",
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
    fix: "Copy it from what `sessgen check --against` prints; https://github.com/sessgen/sessgen/blob/main/docs/changes.md has every rule.",
  },
  "changes/unknown-state": {
    severity: "error",
    exit: "usage",
    why: "--against takes what git knows (a branch, a tag, a commit, REF:PATH), a folder, or a lock file.",
    fix: "Correct the name. In CI the commit may not have been fetched: with actions/checkout, say `fetch-depth: 0`. Without git, name a folder or a file.",
  },
} as const;
