import type { OptionValue } from "../../config/values.js";
import type { FieldIndex } from "../../model/model.js";
import { type EmitInfrastructure, knownText } from "../shared/infrastructure.js";

/** What is emitted, and the template each is made of: the same table for every tool. */
const files = [
  "cloudformation.yaml",
  "main.tf",
  "sessions-table.ts",
  "create-table.json",
  "update-time-to-live.json",
  "update-continuous-backups.json",
  "policy.json",
];

/** Emits the table, its indexes and TTL, and the least an application may do with it. */
export const emitDynamodb: EmitInfrastructure = async ({ options, indexes, folder, render }) => {
  const data = tableData(options, indexes);
  return Promise.all(
    files.map(async (file) => ({
      path: `${folder}/${file}`,
      content: await render(`dynamodb/${file}.hbs`, data),
      kind: "owned" as const,
    })),
  );
};

/** Gives what the templates are rendered with. */
export function tableData(
  options: Readonly<Record<string, OptionValue>>,
  indexes: readonly FieldIndex[],
): Readonly<Record<string, unknown>> {
  const names = indexes.map(({ name, path }, position) => ({
    name: `by_${name}`,
    path,
    last: position === indexes.length - 1,
  }));
  return {
    table: tableName(knownText(options["table"], "sessions")),
    partitionKey: knownText(options["partitionKey"], "id"),
    ttlAttribute: knownText(options["ttlAttribute"], "expires"),
    indexes: names,
    hasIndexes: names.length > 0,
    ...billingOf(options["billing"]),
    pointInTimeRecovery: options["pointInTimeRecovery"] === true,
    deletionProtection: options["deletionProtection"] !== false,
    tags: tagsOf(options["tags"]),
    ...placeOf(options),
    ...encryptionOf(options["encryption"]),
  };
}

/** The name in an ARN; templates make the ARN from it. */
function tableName(table: string): string {
  return table.startsWith("arn:") ? (table.split("/").at(-1) ?? table) : table;
}

/** Where the table is, for ARNs: what is not known is every region, or every account. */
function placeOf(options: Readonly<Record<string, OptionValue>>) {
  const [, partition, , region, account] = knownText(options["table"], "").split(":");
  return {
    partition: partition ?? "aws",
    dnsSuffix: partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
    region: region ?? knownText(options["region"], "*"),
    account: account ?? "*",
  };
}

function tagsOf(tags: OptionValue | undefined) {
  const entries = Object.entries((tags ?? {}) as Readonly<Record<string, string>>);
  const longest = Math.max(...entries.map(([key]) => key.length));
  return entries.map(([key, value], position) => ({
    key,
    value,
    // As `terraform fmt` has it.
    padding: " ".repeat(longest - key.length),
    last: position === entries.length - 1,
  }));
}

function billingOf(billing: OptionValue | undefined) {
  const provisioned =
    typeof billing === "object" ? (billing as { read?: number; write?: number }) : undefined;
  return {
    provisioned: provisioned !== undefined,
    readCapacity: provisioned?.read ?? 0,
    writeCapacity: provisioned?.write ?? 0,
  };
}

function encryptionOf(encryption: OptionValue | undefined) {
  const key =
    typeof encryption === "object" ? (encryption as { kmsKeyArn?: OptionValue }).kmsKeyArn : undefined;
  return {
    ownKey: key !== undefined,
    managedKey: encryption === "aws-managed",
    kmsKeyArn: knownText(key, ""),
    knownKey: typeof key === "string",
    // A key that comes from the environment has no default.
    needsProps: key !== undefined && typeof key !== "string",
  };
}
