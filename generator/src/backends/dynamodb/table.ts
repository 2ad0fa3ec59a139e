import type {
  GlobalSecondaryIndex,
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  TableDescription,
  TimeToLiveDescription,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBItems } from "@sessgen/runtime/stores/dynamodb";
import { SessgenError } from "../../errors.js";
import type { Target } from "../../live/live.js";
import { type Connection, isError } from "./connection.js";
import { type WantedTable, wantedTable } from "./wanted.js";

/** How often a human hears what is waited for, in milliseconds. */
const SAY_EVERY = 30_000;
/** The longest pause between two looks at what is waited for, in milliseconds. */
const LONGEST_PAUSE = 5_000;

/**
 * DynamoDB's descriptions lag behind: how long what was just made may be missing in them, in
 * milliseconds.
 */
const LONGEST_INVISIBLE = 30_000;

/** A table that is, or is to be, and what the config asks of it. */
export interface Table {
  readonly connection: Connection;
  readonly target: Target;
  readonly wanted: WantedTable;
  /** A name or an ARN. */
  readonly name: string;
  /** How the store's sessions lie in it. */
  readonly items: DynamoDBItems;
}

/** Finds out which table the config asks for, and how sessions lie in it. */
export async function tableOf(target: Target, connection: Connection): Promise<Table> {
  const wanted = await wantedTable(target);
  const { prefix = "", partitionKey = "id" } = target.options;
  const items = new DynamoDBItems(String(prefix), String(partitionKey), wanted.ttlAttribute);
  return { connection, target, wanted, name: String(wanted.create.TableName), items };
}

/** Gives what is there; `undefined` when there is no such table. */
export async function describe({ connection, name }: Table): Promise<TableDescription | undefined> {
  const { sdk, client } = connection;
  try {
    return (await client.send(new sdk.DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (isError(error, "ResourceNotFoundException")) return undefined;
    throw error;
  }
}

/**
 * Waits until neither the table nor an index of it is being made, changed or deleted. Indexes can
 * take hours.
 * @param made - an index that was just made
 */
export async function settled(
  table: Table,
  progress: (line: string) => void,
  made?: string,
): Promise<TableDescription> {
  const began = Date.now();
  let said = began;
  for (let pause = 100; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const found = await describe(table);
    const status = found?.TableStatus ?? "";
    const indexes = found === undefined ? [] : indexesOf(found);
    const building = indexes.find(({ IndexStatus }) => IndexStatus !== "ACTIVE");
    const visible =
      found !== undefined && (made === undefined || indexes.some(({ IndexName }) => IndexName === made));
    if (visible && status === "ACTIVE" && building === undefined) return found;
    const late = !visible && Date.now() - began > LONGEST_INVISIBLE;
    if (late || (visible && !["ACTIVE", "CREATING", "UPDATING"].includes(status)))
      throw new SessgenError("backend/failed", `${table.name} is ${status || "gone"} by now`);
    if (Date.now() - said > SAY_EVERY) {
      said = Date.now();
      const what = building === undefined ? `The table ${table.name}` : `The index ${building.IndexName}`;
      progress(`${what} is still ${building?.IndexStatus ?? status}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Asks which attribute the table's TTL goes by, if it has one. */
export async function timeToLive({ connection, name }: Table): Promise<TimeToLiveDescription> {
  const { sdk, client } = connection;
  const command = new sdk.DescribeTimeToLiveCommand({ TableName: name });
  return (await client.send(command)).TimeToLiveDescription ?? {};
}

/** Tells whether backups to every second are made; `unknown` to DynamoDB Local. */
export async function recovery({ connection, name }: Table): Promise<"on" | "off" | "unknown"> {
  const { sdk, client } = connection;
  try {
    const command = new sdk.DescribeContinuousBackupsCommand({ TableName: name });
    const found = (await client.send(command)).ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    return found?.PointInTimeRecoveryStatus === "ENABLED" ? "on" : "off";
  } catch (error) {
    if (isError(error, "UnknownOperationException")) return "unknown";
    throw error;
  }
}

/** Lists the indexes that are there. */
export function indexesOf(table: TableDescription): readonly GlobalSecondaryIndexDescription[] {
  return table.GlobalSecondaryIndexes ?? [];
}

/**
 * Tells how the table's key is another one than the store's, which nothing can change; `undefined`
 * when it is the same.
 */
export function keyMismatch({ wanted, name }: Table, found: TableDescription): string | undefined {
  const there = keyText(found.KeySchema, found.AttributeDefinitions);
  const needed = keyText(wanted.create.KeySchema, wanted.create.AttributeDefinitions);
  return there === needed ? undefined : `The table ${name} has the key ${there} instead of ${needed}`;
}

/** Tells how an index is another one than is asked for; `undefined` when it is the same. */
export function indexMismatch(
  { wanted }: Table,
  index: GlobalSecondaryIndex,
  found: TableDescription,
  live: GlobalSecondaryIndexDescription,
): string | undefined {
  const there = keyText(live.KeySchema, found.AttributeDefinitions);
  const needed = keyText(index.KeySchema, wanted.create.AttributeDefinitions);
  if (there !== needed) return `The index ${index.IndexName} has the key ${there} instead of ${needed}`;
  const projection = index.Projection?.ProjectionType;
  if (live.Projection?.ProjectionType === projection) return undefined;
  return `The index ${index.IndexName} has the projection ${live.Projection?.ProjectionType} instead of ${projection}`;
}

/** Gives the command that deletes an index, which sessgen leaves to a human. */
export function deleteIndex({ name }: Table, index: string): string {
  const updates = JSON.stringify([{ Delete: { IndexName: index } }]);
  return `aws dynamodb update-table --table-name ${name} --global-secondary-index-updates '${updates}'`;
}

/** Gives what of the table is as sessions need it, and yet not as the config asks for. */
export function otherSettings({ wanted }: Table, found: TableDescription): string[] {
  const { BillingMode, SSESpecification } = wanted.create;
  const differences: string[] = [];
  const billed = found.BillingModeSummary?.BillingMode ?? "PROVISIONED";
  if (billed !== BillingMode)
    differences.push(`The table is billed as ${billed}, the config asks for ${BillingMode}`);
  if (found.DeletionProtectionEnabled === false && wanted.create.DeletionProtectionEnabled === true)
    differences.push("The table can be deleted, the config asks for `deletionProtection`");
  const { SSEType, KMSMasterKeyArn } = found.SSEDescription ?? {};
  const needed = SSESpecification?.Enabled === true;
  const key = SSESpecification?.KMSMasterKeyId;
  if (needed !== (SSEType === "KMS") || (key?.includes(":key/") && key !== KMSMasterKeyArn)) {
    const there = KMSMasterKeyArn ?? "the key that AWS owns";
    const asked = key ?? (needed ? "the key that AWS manages" : "the key that AWS owns");
    differences.push(`The table is encrypted with ${there}, the config asks for ${asked}`);
  }
  return differences;
}

/** `"id" (S)`, as both DynamoDB and a human know it. */
function keyText(
  key: readonly KeySchemaElement[] = [],
  definitions: TableDescription["AttributeDefinitions"] = [],
): string {
  const parts = key.map(({ AttributeName, KeyType }) => {
    const type = definitions.find((one) => one.AttributeName === AttributeName)?.AttributeType;
    return `${JSON.stringify(AttributeName)} (${type}${KeyType === "RANGE" ? ", sort key" : ""})`;
  });
  return parts.join(" and ");
}
