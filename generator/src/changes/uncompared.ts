/**
 * The options that no rule looks at, by their paths, and why none has to. Whatever else the config
 * can say, a rule compares; a test sees to it that each option is in one of the two.
 */
export const uncompared: Readonly<Record<string, string>> = {
  output: "where emitted files are; sessions are the same",
  infrastructure: "where migrations and other files are",
  migrations: "how migrations are laid out; `sessgen verify` tells what was not applied",
  templates: "what emitted files look like; those for sessions are not made from templates",
  language: "what emitted files are written in",
  importExtension: "how emitted files import each other",
  testing: "a kit for tests, which no server runs",
  lock: "the lock is found by the application's id, wherever it is",
  frameworks: "which glue is emitted",
  "frameworks.express.compat": "what requests have beside the session",
  "postgres.driver": "both libraries speak to the same table",
  "postgres.unlogged":
    "a migration makes it so, and `sessgen verify` tells where the table is otherwise; sessions are the same until a server crashes",
  "postgres.poolSize": "how many connections there are",
  "postgres.cleanup": "when what has expired is deleted",
  "mysql.poolSize": "how many connections there are",
  "mysql.cleanup": "when what has expired is deleted",
  "sqlite.driver": "all drivers read the same file",
  "sqlite.busyTimeout": "how long an operation waits",
  "sqlite.cleanup": "when what has expired is deleted",
  "redis.driver": "both libraries speak to the same keys",
  "redis.ca": "which certificates are trusted: another server is told by its address",
  "redis.sentinel.username": "who comes; where to, is compared",
  "redis.sentinel.password": "who comes; where to, is compared",
  "dynamodb.billing": "of the table that is deployed; its items are the same",
  "dynamodb.pointInTimeRecovery": "of the table that is deployed; its items are the same",
  "dynamodb.deletionProtection": "of the table that is deployed; its items are the same",
  "dynamodb.tags": "of the table that is deployed; its items are the same",
  "dynamodb.encryption": "DynamoDB itself encrypts anew with the other key; its items are the same",
  "file.mode": "of files that are made from now on",
};
