import type { GlobalSecondaryIndex } from "@aws-sdk/client-dynamodb";
import { SessgenError } from "../../errors.js";
import { openIndexes, standingsOf } from "../../live/index-notes.js";
import type { ListRequest, MigrateRequest, Step } from "../../live/live.js";
import type { FieldIndex } from "../../model/model.js";
import { isError } from "./connection.js";
import { listTable } from "./list.js";
import { refill } from "./refill.js";
import {
  deleteIndex,
  describe,
  indexesOf,
  indexMismatch,
  keyMismatch,
  otherSettings,
  recovery,
  settled,
  type Table,
  timeToLive,
} from "./table.js";

/** How often a change is tried that DynamoDB does not accept while it does another one. */
const ATTEMPTS = 20;

/** A part of what the config asks for. */
interface Part {
  readonly name: string;
  /** Comes with a table that is made. */
  readonly withTable?: boolean;
  isApplied(): Promise<boolean>;
  /** What a human has to do first. */
  obstacle?(): Promise<string | undefined>;
  /** Brings it about; `false` when it can be done only later, or somebody else did it meanwhile. */
  apply(): Promise<boolean>;
}

/**
 * Brings about what is missing, one after the other; deletes nothing, and changes nothing that
 * somebody else decided.
 */
export async function migrateTable(table: Table, request: MigrateRequest): Promise<Step[]> {
  const { direction, dryRun, progress } = request;
  const looking = direction === "status" || dryRun;
  const found = await describe(table);
  const mismatch = found && keyMismatch(table, found);
  if (mismatch !== undefined)
    throw new SessgenError("migrate/unsupported-change", mismatch, {
      fix: "Name another `table`, or set `partitionKey` to the key that it has.",
    });
  const steps: Step[] = [];
  for (const part of partsOf(table, request)) {
    const { name } = part;
    if (looking && found === undefined && part.withTable) continue;
    const missing = looking && found === undefined;
    if (!missing && (await part.isApplied())) {
      if (direction === "status") steps.push({ name, state: "applied" });
      continue;
    }
    const obstacle = missing ? undefined : await part.obstacle?.();
    if (obstacle !== undefined) progress(obstacle);
    if (direction === "status") steps.push({ name, state: "pending" });
    else if (obstacle === undefined && (dryRun || (await part.apply())))
      steps.push({ name, state: "applied" });
    else if (!dryRun && !(await part.isApplied())) steps.push({ name, state: "pending" });
  }
  if (!looking) await tidy(table, progress);
  return steps;
}

function partsOf(table: Table, request: MigrateRequest): Part[] {
  const { create, pointInTimeRecovery } = table.wanted;
  const indexes = create.GlobalSecondaryIndexes ?? [];
  return [
    tablePart(table, request),
    timeToLivePart(table, request),
    ...indexes.map((index) => indexPart(table, index, request)),
    ...(indexes.length === 0 ? [] : [refillPart(table, request)]),
    ...(pointInTimeRecovery ? [recoveryPart(table)] : []),
  ];
}

function tablePart(table: Table, { progress }: MigrateRequest): Part {
  const { sdk, client } = table.connection;
  return {
    name: `table ${table.name}`,
    isApplied: async () => (await describe(table)) !== undefined,
    apply: async () => {
      let made = true;
      try {
        await client.send(new sdk.CreateTableCommand(table.wanted.create));
      } catch (error) {
        if (!isError(error, "ResourceInUseException")) throw error;
        made = false;
      }
      await settled(table, progress);
      return made;
    },
  };
}

function timeToLivePart(table: Table, { progress }: MigrateRequest): Part {
  const { sdk, client } = table.connection;
  const { ttlAttribute } = table.wanted;
  const name = `time to live on ${ttlAttribute}`;
  const set = async (AttributeName: string, Enabled: boolean): Promise<boolean> => {
    try {
      const TimeToLiveSpecification = { AttributeName, Enabled };
      const input = { TableName: table.name, TimeToLiveSpecification };
      return await unlessBusy(() => client.send(new sdk.UpdateTimeToLiveCommand(input)));
    } catch (error) {
      // DynamoDB takes one change of it an hour; or somebody else has just made the same one.
      if (isError(error, "ValidationException") && /time ?to ?live/i.test(error.message)) return false;
      throw error;
    }
  };
  const isApplied = async (): Promise<boolean> => {
    const { TimeToLiveStatus = "", AttributeName } = await timeToLive(table);
    return ["ENABLED", "ENABLING"].includes(TimeToLiveStatus) && AttributeName === ttlAttribute;
  };
  return {
    name,
    isApplied,
    apply: async () => {
      await settled(table, progress);
      const { TimeToLiveStatus: status, AttributeName: other } = await timeToLive(table);
      if (status === "ENABLED" && other !== undefined && (await set(other, false)))
        progress(`The time to live on ${other} was switched off: only one attribute can have it`);
      if (await set(ttlAttribute, true)) return true;
      if (!(await isApplied()))
        progress(
          `DynamoDB changes the time to live at most once an hour: run \`npx sessgen migrate\` again then, for the ${name}`,
        );
      return false;
    },
  };
}

function indexPart(table: Table, index: GlobalSecondaryIndex, { progress }: MigrateRequest): Part {
  const { sdk, client } = table.connection;
  const indexName = String(index.IndexName);
  const find = async () => {
    const found = await describe(table);
    const live = found && indexesOf(found).find(({ IndexName }) => IndexName === indexName);
    return { found, live, mismatch: live && indexMismatch(table, index, found, live) };
  };
  return {
    name: `index ${indexName}`,
    withTable: true,
    isApplied: async () => {
      const { live, mismatch } = await find();
      return live?.IndexStatus === "ACTIVE" && mismatch === undefined;
    },
    obstacle: async () => {
      const { mismatch } = await find();
      return (
        mismatch &&
        `${mismatch}, and can only be made anew. To delete it: ${deleteIndex(table, indexName)}; then run \`npx sessgen migrate\``
      );
    },
    apply: async () => {
      for (let attempt = 1; ; attempt += 1) {
        const found = await settled(table, progress);
        if (indexesOf(found).some(({ IndexName }) => IndexName === indexName)) return false;
        const keys = index.KeySchema?.map(({ AttributeName }) => AttributeName) ?? [];
        const { ProvisionedThroughput: ours = found.ProvisionedThroughput, ...rest } = index;
        const provisioned = found.BillingModeSummary?.BillingMode !== "PAY_PER_REQUEST";
        // As the table is billed by now, whatever the config says.
        const throughput = provisioned && {
          ProvisionedThroughput: {
            ReadCapacityUnits: ours?.ReadCapacityUnits,
            WriteCapacityUnits: ours?.WriteCapacityUnits,
          },
        };
        const made = await unlessBusy(
          () =>
            client.send(
              new sdk.UpdateTableCommand({
                TableName: table.name,
                AttributeDefinitions: table.wanted.create.AttributeDefinitions?.filter(({ AttributeName }) =>
                  keys.includes(AttributeName),
                ),
                GlobalSecondaryIndexUpdates: [{ Create: { ...rest, ...throughput } }],
              }),
            ),
          attempt === ATTEMPTS,
        );
        if (!made) {
          await pause(1000);
          continue;
        }
        progress(`DynamoDB builds the index ${indexName}; with many sessions that takes its time`);
        await settled(table, progress, indexName);
        return true;
      }
    },
  };
}

function refillPart(table: Table, request: MigrateRequest): Part {
  const indexes = (table.wanted.create.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
  const name = `${indexes.join(", ")} of ${table.name} filled in`;
  const list = (_target: unknown, page: ListRequest) => listTable(table, page);
  // Looked up once the table is there, and not again.
  let found: Promise<readonly FieldIndex[]> | undefined;
  const open = (): Promise<readonly FieldIndex[]> => {
    found ??= standingsOf(table.target, { list }).then((standings) => openIndexes(standings, request));
    return found;
  };
  return {
    name,
    withTable: true,
    isApplied: async () => (await open()).length === 0,
    apply: async () => {
      await refill(table, name, await open(), request);
      return true;
    },
  };
}

function recoveryPart(table: Table): Part {
  const { sdk, client } = table.connection;
  return {
    name: "point-in-time recovery",
    isApplied: async () => (await recovery(table)) === "on",
    apply: async () => {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      const input = { TableName: table.name, PointInTimeRecoverySpecification };
      for (let attempt = 1; ; attempt += 1) {
        try {
          await client.send(new sdk.UpdateContinuousBackupsCommand(input));
          return true;
        } catch (error) {
          if (isError(error, "UnknownOperationException"))
            throw new SessgenError("backend/failed", "This DynamoDB knows no point-in-time recovery", {
              fix: "Everything else is done. DynamoDB Local has none: ask for `pointInTimeRecovery` only in the environments on AWS.",
              cause: error,
            });
          // A table that was just made is not ready for it yet.
          if (!isError(error, "ContinuousBackupsUnavailableException") || attempt === ATTEMPTS) throw error;
          await pause(3000);
        }
      }
    },
  };
}

/**
 * Says what is left over, and what is otherwise than the config asks for: somebody may have decided
 * so.
 */
async function tidy(table: Table, progress: (line: string) => void): Promise<void> {
  const found = await describe(table);
  if (found === undefined) return;
  const wanted = table.wanted.create.GlobalSecondaryIndexes ?? [];
  for (const { IndexName = "" } of indexesOf(found)) {
    if (!IndexName.startsWith("by_") || wanted.some((index) => index.IndexName === IndexName)) continue;
    progress(
      `The index ${IndexName} is not in the config. Once no deploy uses it: ${deleteIndex(table, IndexName)}`,
    );
  }
  for (const difference of otherSettings(table, found)) progress(`${difference}: left as it is`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Sends a change; `false` when DynamoDB does another one, of somebody else's, at the moment. */
async function unlessBusy(send: () => Promise<unknown>, last = false): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    const busy =
      isError(error, "ResourceInUseException", "LimitExceededException") ||
      (isError(error, "ValidationException") && /already exists/i.test(error.message));
    if (!busy || last) throw error;
    return false;
  }
}
