/** What `sessgen verify` finds. Keep sorted. */
export const verifyErrors = {
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
} as const;
