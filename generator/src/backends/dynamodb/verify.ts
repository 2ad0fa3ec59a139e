import { randomUUID } from "node:crypto";
import type { Drift } from "../../live/live.js";
import { deniedAction, isError } from "./connection.js";
import {
  deleteIndex,
  describe,
  indexesOf,
  indexMismatch,
  keyMismatch,
  otherSettings,
  recovery,
  type Table,
  timeToLive,
} from "./table.js";

/** The most that two clocks may be apart, in milliseconds. */
const MOST_SKEW = 5_000;

/** Gives what is otherwise than the config asks for. */
export async function verifyTable(table: Table): Promise<Drift[]> {
  const drifts = await compare(table);
  const skew = table.connection.skew() ?? 0;
  if (Math.abs(skew) > MOST_SKEW) {
    const seconds = Math.round(Math.abs(skew) / 1000);
    const summary = `The clock of DynamoDB is ${seconds} seconds ${skew > 0 ? "ahead of" : "behind"} this machine's`;
    drifts.push({ id: "verify/clock-skew", summary });
  }
  return drifts;
}

async function compare(table: Table): Promise<Drift[]> {
  const drifts: Drift[] = [];
  const found = await unlessDenied(drifts, () => describe(table));
  if (found === undefined && drifts.length > 0) return [...drifts, ...(await missingPermissions(table, []))];
  if (found === undefined) {
    const summary = `There is no table ${table.name}`;
    return [...drifts, { id: "verify/missing-table", summary }];
  }
  const mismatch = keyMismatch(table, found);
  if (mismatch !== undefined) {
    const fix =
      "DynamoDB cannot change a key: name another `table`, or set `partitionKey` to the key that it has.";
    return [...drifts, { id: "verify/column-type", summary: mismatch, fix }];
  }
  const usable: string[] = [];
  for (const index of table.wanted.create.GlobalSecondaryIndexes ?? []) {
    const name = String(index.IndexName);
    const live = indexesOf(found).find(({ IndexName }) => IndexName === name);
    const different = live && indexMismatch(table, index, found, live);
    if (live === undefined) {
      drifts.push({ id: "verify/missing-index", summary: `There is no index ${name}` });
    } else if (different !== undefined) {
      const fix = `Delete it with \`${deleteIndex(table, name)}\`, then run \`npx sessgen migrate\`.`;
      drifts.push({ id: "verify/missing-index", summary: different, fix });
    } else if (live.IndexStatus !== "ACTIVE") {
      const fix = "Wait until DynamoDB has built it; `npx sessgen migrate` says when.";
      drifts.push({
        id: "verify/missing-index",
        summary: `The index ${name} is still ${live.IndexStatus}`,
        fix,
      });
    } else usable.push(name.slice("by_".length));
  }
  await unlessDenied(drifts, async () => drifts.push(...(await timeToLiveDrift(table))));
  for (const summary of otherSettings(table, found)) drifts.push({ id: "verify/table-settings", summary });
  if (table.wanted.pointInTimeRecovery) {
    const state = await unlessDenied(drifts, () => recovery(table));
    if (state === "off" || state === "unknown") {
      const summary =
        state === "off"
          ? "Point-in-time recovery is off, and the config asks for it"
          : "This DynamoDB knows no point-in-time recovery, and the config asks for it";
      const fix =
        state === "off"
          ? "Run `npx sessgen migrate`."
          : "Ask for `pointInTimeRecovery` only in the environments on AWS.";
      drifts.push({ id: "verify/table-settings", summary, fix });
    }
  }
  drifts.push(...(await missingPermissions(table, usable)));
  return drifts;
}

async function timeToLiveDrift(table: Table): Promise<Drift[]> {
  const { ttlAttribute } = table.wanted;
  const { TimeToLiveStatus = "DISABLED", AttributeName } = await timeToLive(table);
  if (!["ENABLED", "ENABLING"].includes(TimeToLiveStatus)) {
    const summary = `The time to live of the table ${table.name} is off`;
    return [{ id: "verify/ttl-off", summary }];
  }
  if (AttributeName === ttlAttribute) return [];
  const summary = `The time to live goes by ${AttributeName}, the store writes ${ttlAttribute}`;
  return [{ id: "verify/ttl-wrong-attribute", summary }];
}

/** Sends what the store sends, for a session that nobody has: it changes nothing. */
async function missingPermissions(table: Table, indexes: readonly string[]): Promise<Drift[]> {
  const { sdk, client } = table.connection;
  const now = Date.now();
  const key = { TableName: table.name, Key: table.items.key(`sessgen-verify-${randomUUID()}`) };
  const batch = { RequestItems: { [table.name]: { Keys: [key.Key] } } };
  const nobody = `sessgen-verify-${randomUUID()}`;
  const drifts: Drift[] = [];
  const probes: readonly (() => Promise<unknown>)[] = [
    () => client.send(new sdk.GetItemCommand(key)),
    ...(indexes.length > 0 ? [() => client.send(new sdk.BatchGetItemCommand(batch))] : []),
    () => client.send(new sdk.UpdateItemCommand({ ...key, ...table.items.touch(now, undefined, now) })),
    () => client.send(new sdk.DeleteItemCommand({ ...key, ...table.items.remove(undefined, now) })),
    ...indexes.map((index) => () => {
      const query = { TableName: table.name, ...table.items.find("", index, nobody) };
      return client.send(new sdk.QueryCommand(query));
    }),
  ];
  for (const probe of probes) {
    await unlessDenied(drifts, async () => {
      try {
        await probe();
      } catch (error) {
        if (!isError(error, "ConditionalCheckFailedException", "ResourceNotFoundException")) throw error;
      }
    });
  }
  return drifts;
}

async function unlessDenied<T>(drifts: Drift[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const action = deniedAction(error);
    if (action === undefined) throw error;
    drifts.push({ id: "verify/missing-permission", summary: `AWS does not allow ${action}` });
    return undefined;
  }
}
