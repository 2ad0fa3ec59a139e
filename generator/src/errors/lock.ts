/** What is wrong with a lock. Keep sorted. */
export const lockErrors = {
  "lock/diverged": {
    severity: "warning",
    exit: "ok",
    why: "The order of the lock's log says which slots a session can have. Where it is not the one of what is deployed, what sessions have of the slots that only that one gave out is dropped when they are read.",
    fix: "Take the lock of what is deployed, and run npx sessgen again: what is new comes behind it.",
  },
  "lock/missing": {
    severity: "error",
    exit: "config",
    why: "The lock says whose sessions these are, by a random id in every key. A lock that each build makes anew, since it is not committed, would log everybody out each time: it is made at a terminal, and neither under CI nor by check or --dry-run.",
    fix: "Run npx sessgen locally (in a script: npx sessgen --new-application) and commit the file.",
  },
  "lock/no-history": {
    severity: "error",
    exit: "config",
    why: "Only what no commit ever had is taken out of the lock: what was committed may be deployed, and stored. Where git cannot show every version of the file, nothing is taken out.",
    fix: "Run it in a clone with the whole history, in which the lock is committed.",
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
  "lock/unknown-was": {
    severity: "error",
    exit: "config",
    why: "`was` moves along what is stored under a former name. What has that name neither now nor before is new: the value that was meant would be read by nobody.",
    fix: "Correct the name, as the lock has it; of a part within a field say the name alone, under the path that it has today. Take `was` away where it is new after all.",
  },
  "lock/upcast-mismatch": {
    severity: "error",
    exit: "config",
    why: "A step of `upcast` reads what was stored before the type of a field changed, by the slots that it had then. The lock remembers what the type was.",
    fix: "Write the schema of `from` as it was when it was deployed, oldest step first; take the step away where the type did not change, or none of its values are stored any more.",
  },
  "lock/unreadable": {
    severity: "error",
    exit: "config",
    why: "The lock is JSON as sessgen writes it. What git left of a merge is read, too, as long as both sides are complete.",
    fix: "Undo what was changed by hand, for example with git checkout (after a merge: git checkout --merge), and run sessgen again.",
  },
} as const;
