import type * as Library from "redis";
import { noServer, parseAddresses } from "./address.js";
import type { RedisConnection, RedisServerOptions } from "./connection.js";
import { readiness } from "./readiness.js";

/**
 * What the store uses of what node-redis' `createClient`, `createCluster` and `createSentinel`
 * give, version 5 or later.
 */
export interface NodeRedisClient {
  sendCommand(...args: never[]): Promise<unknown>;
}

/** What a reply's texts are in the protocol, `RESP_TYPES.BLOB_STRING` in the library. */
const TEXT = "$".charCodeAt(0);

const asBytes = { typeMapping: { [TEXT]: Buffer } };
const asTexts = { typeMapping: { [TEXT]: String } };

/** Adapts a client. */
export function fromNodeRedis(client: NodeRedisClient): Omit<RedisConnection, "close"> {
  const sendCommand = client.sendCommand.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const cluster = "nodeByAddress" in client;
  return {
    cluster,
    send(command, key, args) {
      const words = [command.toUpperCase(), ...args];
      const isListing = command === "zrange";
      const readOnly = isListing || command === "get" || command === "mget";
      const replyOptions = isListing ? asTexts : asBytes;
      if (cluster) return sendCommand(key, readOnly, words, replyOptions);
      if ("getSentinelNode" in client) return sendCommand(readOnly, words, replyOptions);
      return sendCommand(words, replyOptions);
    },
  };
}

/**
 * A connection that breaks is made anew; what is sent meanwhile fails at once instead of waiting
 * without an end. Version 6 gives every command a time limit, at a cost greater than the command's:
 * operations have deadlines of their own.
 */
const connectionOptions = { disableOfflineQueue: true, commandOptions: { timeout: 0 } } as const;

const reconnectStrategy = (attempt: number): number => Math.min(50 * attempt, 1000);

/** Makes clients with the library. */
export function openNodeRedis(library: typeof Library): (options: RedisServerOptions) => RedisConnection {
  return ({ ca, nodes, sentinel, url }) => {
    if (sentinel !== undefined) return openSentinel(library, sentinel, ca);
    if (nodes !== undefined) return openCluster(library, nodes, ca);
    if (url === undefined) throw noServer();
    return openSingle(library, url, ca);
  };
}

function openSingle({ createClient }: typeof Library, url: string, ca: string | undefined): RedisConnection {
  const client = createClient({ ...connectionOptions, url, socket: socket(/^rediss:/i.test(url), ca) });
  // Every operation reports its own failure.
  client.on("error", () => {});
  client.connect().catch(() => {});
  const connection = fromNodeRedis(client);
  const ready = readiness(client, () => client.isReady);
  return {
    ...connection,
    send(command, key, args) {
      const waiting = ready();
      if (waiting !== undefined) return waiting.then(() => connection.send(command, key, args));
      return connection.send(command, key, args);
    },
    close: () => client.destroy(),
  };
}

function openCluster(
  { createCluster }: typeof Library,
  nodes: readonly string[],
  ca: string | undefined,
): RedisConnection {
  const [first] = parseAddresses(nodes, 6379);
  return openAtFirstUse(true, () =>
    createCluster({
      rootNodes: nodes.map((url) => ({ url })),
      defaults: { ...connectionOptions, ...first.credentials, socket: socket(first.tls, ca) },
      topologyRefreshOnReconnectionAttemptStrategy: 500,
    }),
  );
}

function openSentinel(
  { createSentinel }: typeof Library,
  { name, nodes, username, password }: NonNullable<RedisServerOptions["sentinel"]>,
  ca: string | undefined,
): RedisConnection {
  const [first, ...others] = parseAddresses(nodes, 26379);
  return openAtFirstUse(false, () =>
    createSentinel({
      name,
      sentinelRootNodes: [first, ...others].map(({ host, port }) => ({ host, port })),
      sentinelClientOptions: { ...first.credentials, socket: socket(first.tls, ca) },
      nodeClientOptions: {
        ...connectionOptions,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
        socket: socket(first.tls, ca),
      },
      // The library would send what broke off again, without knowing whether it was done.
      maxCommandRediscovers: 0,
      scanInterval: 1000,
    }),
  );
}

/** What clients of clusters and Sentinels have in common. */
interface Openable extends NodeRedisClient {
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: "error", listener: () => void): unknown;
}

/**
 * Connects with a fresh client until it works once; from then on the client reconnects by itself.
 */
function openAtFirstUse(cluster: boolean, create: () => Openable): RedisConnection {
  let client: Openable | undefined;
  let opening: Promise<Omit<RedisConnection, "close">> | undefined;
  const open = async (): Promise<Omit<RedisConnection, "close">> => {
    client = create();
    client.on("error", () => {});
    try {
      await client.connect();
    } catch (error) {
      opening = undefined;
      throw error;
    }
    return fromNodeRedis(client);
  };
  return {
    cluster,
    async send(command, key, args) {
      opening ??= open();
      return (await opening).send(command, key, args);
    },
    async close() {
      await opening?.catch(() => {});
      await client?.destroy();
    },
  };
}

function socket(
  tls: boolean,
  ca: string | undefined,
): { reconnectStrategy(attempt: number): number } & ({ tls: true; ca?: string } | { tls?: false }) {
  if (!tls) return { reconnectStrategy };
  return { reconnectStrategy, tls: true, ...(ca !== undefined && { ca }) };
}
