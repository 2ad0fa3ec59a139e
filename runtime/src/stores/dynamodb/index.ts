import type { AttributeValue, DynamoDBClient, QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import { SessionError } from "../../errors.js";
import { backOff } from "../../time/backoff.js";
import type { Clock } from "../../time/clock.js";
import { applicationOf } from "../shared/application.js";
import { unclearWrite } from "../shared/conditional-write.js";
import { Connector } from "../shared/connector.js";
import { type Given, givenBy } from "../shared/given.js";
import { PAGE } from "../shared/pages.js";
import { randomVersion } from "../shared/version.js";
import type {
  FindOptions,
  IndexedSession,
  OperationOptions,
  RemoveOptions,
  SessionStore,
  StoredSession,
  TouchOptions,
  TouchResult,
  WriteOptions,
  WriteResult,
} from "../store.js";
import { watchAttempts } from "./attempts.js";
import { describe, isRefused, tooLarge } from "./errors.js";
import { DynamoDBItems } from "./item.js";

/** For tools that work on the table itself. */
export { DynamoDBItems } from "./item.js";

/** Options of {@link dynamodbStore}. */
export interface DynamoDBStoreOptions {
  /** A name or an ARN. Default `sessions`. */
  readonly table?: string;
  /** Default: what the SDK finds, in `AWS_REGION` or the profile. */
  readonly region?: string;
  /** The URL of another DynamoDB than the region's, such as DynamoDB Local's. */
  readonly endpoint?: string;
  /**
   * A DynamoDBClient or DynamoDBDocumentClient of the application's own, instead of `region` and
   * `endpoint`, or a function that gives or imports one at the first use; `close()` leaves it open.
   */
  readonly client?: Given<DynamoDBSender>;
  /** What every key begins with, where applications share a table. Default: nothing. */
  readonly prefix?: string;
  /** The attribute that is the table's partition key, a string. Default `id`. */
  readonly partitionKey?: string;
  /**
   * The attribute that the table's TTL goes by, in seconds since the Unix epoch. Default `expires`.
   */
  readonly ttlAttribute?: string;
  /**
   * Default true. Reads that need not be consistent cost half, and may miss the last moment's
   * writes: a session that has just begun reads as absent, one that was just destroyed as present.
   * Conditional writes go by the current state in either case.
   */
  readonly consistentRead?: boolean;
  /** The current time; `Date.now` unless replaced. DynamoDB's TTL goes by its own. */
  readonly clock?: Clock;
}

/** What a DynamoDBClient and a DynamoDBDocumentClient have in common. */
export type DynamoDBSender = Pick<DynamoDBClient, "send">;

/**
 * Keeps sessions in a table of DynamoDB, one item per session. Lookup by a field takes a global
 * secondary index `by_<field>`, which DynamoDB updates after the write, usually within a second: a
 * lookup in that moment does not find the session. Credentials are found as the SDK finds them.
 * Throttled and interrupted requests are repeated as the SDK (`AWS_MAX_ATTEMPTS`, `AWS_RETRY_MODE`)
 * or the given client does, until the operation's deadline.
 *
 * @throws SessionError `store/not-migrated` when `partitionKey` or `ttlAttribute` is the name of
 *   another attribute
 */
export function dynamodbStore(options: DynamoDBStoreOptions): SessionStore {
  return new DynamoDBStore(options);
}

/**
 * The most bytes of an item, names included
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
 */
const ITEM_LIMIT = 400 * 1024;

/** How many of them are read at a time, as many as BatchGetItem allows. */
const BATCH = 100;

type Item = Record<string, AttributeValue>;
type Sdk = typeof import("@aws-sdk/client-dynamodb");

interface Connection {
  readonly sdk: Sdk;
  readonly client: DynamoDBSender;
  close(): void;
}

/** How the SDK is told when to give up. */
interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

class DynamoDBStore implements SessionStore {
  readonly kind = "dynamodb";
  /** Less what the key, the other attributes and the values of indexes take. */
  readonly maxBytes = ITEM_LIMIT - 8 * 1024;
  readonly #options: DynamoDBStoreOptions;
  readonly #items: DynamoDBItems;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #connector: Connector<Connection>;

  constructor(options: DynamoDBStoreOptions) {
    const { prefix = "", partitionKey = "id", ttlAttribute = "expires" } = options;
    this.#options = options;
    this.#items = new DynamoDBItems(prefix, partitionKey, ttlAttribute);
    this.#table = options.table ?? "sessions";
    this.#clock = options.clock ?? Date.now;
    this.#connector = new Connector({
      kind: this.kind,
      open: () => connect(options),
      close: (connection) => connection.close(),
      describe,
    });
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    return this.#run(options, async ({ sdk, client }, sending) => {
      const command = new sdk.GetItemCommand({
        TableName: this.#table,
        Key: this.#items.key(key),
        ConsistentRead: this.#options.consistentRead ?? true,
      });
      const session = this.#items.decode((await client.send(command, sending)).Item);
      return session !== undefined && session.expiresAt > this.#clock() ? session : undefined;
    });
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    return this.#run(options, async ({ sdk, client }, sending) => {
      // A server that hangs up on a request of many megabytes makes the SDK's socket emit an error
      // that nobody listens to, which ends the process.
      if (payload.byteLength > ITEM_LIMIT) throw tooLarge();
      const { expect, expiresAt, index = {} } = options;
      const version = randomVersion().toString("hex");
      const now = this.#clock();
      const command = new sdk.UpdateItemCommand({
        TableName: this.#table,
        Key: this.#items.key(key),
        ...this.#items.write(key, { payload, version, expiresAt }, expect, index, now),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      const isUnclear = watchAttempts(command);
      try {
        await client.send(command, sending);
        return { ok: true, version };
      } catch (error) {
        if (!isRefused(error)) throw error;
        const current = this.#items.decode(error.Item);
        // An attempt whose answer was lost may have done this very write already.
        if (current?.version === version) return { ok: true, version };
        if (isUnclear()) throw unclearWrite("dynamodb");
        return { ok: false, current: current !== undefined && current.expiresAt > now ? current : undefined };
      }
    });
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    return this.#run<TouchResult>(options, async ({ sdk, client }, sending) => {
      const now = this.#clock();
      const command = new sdk.UpdateItemCommand({
        TableName: this.#table,
        Key: this.#items.key(key),
        ...this.#items.touch(expiresAt, options?.expect, now),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      try {
        await client.send(command, sending);
        return "touched";
      } catch (error) {
        if (!isRefused(error)) throw error;
        const current = this.#items.decode(error.Item);
        return current !== undefined && current.expiresAt > now ? "changed" : "gone";
      }
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    return this.#run(options, async ({ sdk, client }, sending) => {
      const command = new sdk.DeleteItemCommand({
        TableName: this.#table,
        Key: this.#items.key(key),
        ...this.#items.remove(options?.expect, this.#clock()),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      const isUnclear = watchAttempts(command);
      try {
        await client.send(command, sending);
        return true;
      } catch (error) {
        if (!isRefused(error)) throw error;
        if (error.Item !== undefined || !isUnclear()) return false;
        throw new SessionError(
          "store/unavailable",
          "The session is gone, but an answer was lost: it may have been removed by this operation or by another",
          { cause: error },
        );
      }
    });
  }

  async *findByIndex(
    index: string,
    value: string,
    { application, onGone, ...options }: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    const query = { TableName: this.#table, Limit: PAGE, ...this.#items.find(application, index, value) };
    let from: QueryCommandOutput["LastEvaluatedKey"];
    do {
      const input = { ...query, ExclusiveStartKey: from };
      const page: QueryCommandOutput = await this.#run(options, ({ sdk, client }, sending) =>
        client.send(new sdk.QueryCommand(input), sending),
      );
      const keys = page.Items ?? [];
      const batches = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, index) =>
        keys.slice(index * BATCH, (index + 1) * BATCH),
      );
      const items = await this.#run(options, async (connection, sending) => {
        const read = batches.map((batch) => this.#readAll(connection, batch, sending));
        return (await Promise.all(read)).flat();
      });
      const now = this.#clock();
      const there = new Set(items.map((item) => this.#items.keyOf(item)));
      for (const item of keys) {
        const key = this.#items.keyOf(item);
        if (key !== undefined && !there.has(key)) onGone?.(key);
      }
      yield items.flatMap((item) => {
        const key = this.#items.keyOf(item);
        const stored = this.#items.decode(item);
        if (key === undefined || stored === undefined || stored.expiresAt <= now) return [];
        if (applicationOf(key) !== application) return [];
        return [{ key, stored, confirmed: this.#items.isFoundBy(item, application, index, value) }];
      });
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  }

  /** Reads items by their keys, consistently: what the index says may be a moment old. */
  async #readAll(
    { sdk, client }: Connection,
    keys: readonly Item[],
    sending: SendOptions,
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    let left: Item[] = keys.map((key) => this.#items.keyIn(key));
    for (let attempt = 0; left.length > 0; attempt += 1) {
      // As much as 16 MB, or as the table's throughput allows, comes at a time; the rest has to be
      // asked for again.
      if (attempt > 0) await backOff(attempt);
      const request = { [this.#table]: { Keys: left, ConsistentRead: true } };
      const reply = await client.send(new sdk.BatchGetItemCommand({ RequestItems: request }), sending);
      items.push(...Object.values(reply.Responses ?? {}).flat());
      left = Object.values(reply.UnprocessedKeys ?? {}).flatMap(({ Keys }) => Keys ?? []);
    }
    return items;
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  /** The SDK repeats what was lost by itself. */
  #run<T>(
    options: OperationOptions | undefined,
    work: (connection: Connection, sending: SendOptions) => Promise<T>,
  ): Promise<T> {
    const signal = options?.signal;
    const sending = signal === undefined ? {} : { abortSignal: signal };
    return this.#connector.run(options, (connection) => work(connection, sending));
  }
}

async function connect({ client, region, endpoint }: DynamoDBStoreOptions): Promise<Connection> {
  const sdk = await import("@aws-sdk/client-dynamodb").catch((cause: unknown) => {
    throw new SessionError("store/missing-driver", "The package @aws-sdk/client-dynamodb is not installed", {
      cause,
    });
  });
  if (client !== undefined)
    return { sdk, client: await givenBy(client, "dynamodb", "send"), close: () => {} };
  const own = new sdk.DynamoDBClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  });
  return { sdk, client: own, close: () => own.destroy() };
}
