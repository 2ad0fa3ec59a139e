import type * as Library from "ioredis";
import type { Cluster } from "ioredis";
import { noServer, parseAddresses } from "./address.js";
import { commandBytes } from "./command-bytes.js";
import type { RedisArgument, RedisCommand, RedisConnection, RedisServerOptions } from "./connection.js";
import { readiness } from "./readiness.js";

/** What the store uses of ioredis' `Redis` and `Cluster`, version 5 or later. */
export interface IoredisClient {
  readonly isCluster: boolean;
  createBuiltinCommand(name: string): { readonly buffer: Send; readonly string: Send };
}

type Send = (...args: RedisArgument[]) => Promise<unknown>;

/** The client's methods that give replies as {@link RedisConnection.send} does. */
const methods = {
  get: "getBuffer",
  mget: "mgetBuffer",
  zrange: "zrange",
  evalsha: "evalshaBuffer",
  eval: "evalBuffer",
} as const satisfies { readonly [Name in RedisCommand]: Name | `${Name}Buffer` };

type Methods = { readonly [Method in (typeof methods)[RedisCommand]]: Send };

/** Adapts a client. */
export function fromIoredis(client: IoredisClient): Omit<RedisConnection, "close"> {
  const { isCluster } = client;
  return {
    cluster: isCluster,
    send(command, _key, args) {
      // In a cluster, an automatic pipeline fails as a whole while a slot moves, and ioredis 5
      // groups scripts by their hash instead of their key: commands go out one by one, as they do
      // anyway on a connection of their own per node.
      const send = isCluster
        ? client.createBuiltinCommand(command)[command === "zrange" ? "string" : "buffer"]
        : (client as unknown as Methods)[methods[command]];
      return Reflect.apply(send, client, args);
    },
  };
}

/** The library's types know clients by how they map replies, which is not ours to change. */
type RedisOptions = Omit<Library.RedisOptions, "replyMapping">;

const delay = (attempt: number): number => Math.min(50 * attempt, 1000);

const commonOptions = {
  // A write that was under way when the connection broke may have been done: repeating it blindly
  // could do it twice. Both are needed for it to fail instead: without resending, ioredis forgets a
  // command it still means to try again.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
} as const satisfies RedisOptions;

/** Makes clients with the library. */
export function openIoredis(library: typeof Library): (options: RedisServerOptions) => RedisConnection {
  // It is a CommonJS module, and a function with members: of such, webpack has the default alone.
  const { Cluster, Command, Redis } =
    "Redis" in library ? library : (library as { default: typeof Library }).default;
  return (options) => {
    const { nodes, sentinel, url } = options;
    if (sentinel === undefined && nodes !== undefined) return openCluster(Cluster, nodes, options.ca);
    const own: RedisOptions = { ...commonOptions, retryStrategy: delay };
    let client: Library.Redis;
    if (sentinel !== undefined) client = new Redis({ ...own, ...sentinelOptions(sentinel, options.ca) });
    else if (url !== undefined) client = new Redis(url, { ...own, ...tls(isTls(url), options.ca) });
    else throw noServer();
    return whenReady(client, sendingTo(client, Command));
  };
}

/**
 * Sends what is written at once. The library writes each piece of a command that has bytes in it by
 * itself, which is half of what it takes for a script. It asks every command what to write.
 */
function sendingTo(client: Library.Redis, Command: typeof Library.Command): RedisConnection["send"] {
  class Whole extends Command {
    override toWritable(socket: object): string | Buffer {
      return commandBytes(this.name, this.args as RedisArgument[]) ?? super.toWritable(socket);
    }
  }
  const asBytes = { replyEncoding: null };
  return (command, _key, args) =>
    client.sendCommand(new Whole(command, args as RedisArgument[], asBytes)) as Promise<unknown>;
}

function openCluster(
  library: typeof Cluster,
  nodes: readonly string[],
  ca: string | undefined,
): RedisConnection {
  const [first, ...others] = parseAddresses(nodes, 6379);
  const cluster = new library(
    [first, ...others].map(({ host, port }) => ({ host, port })),
    {
      clusterRetryStrategy: delay,
      redisOptions: { ...commonOptions, ...first.credentials, ...tls(first.tls, ca) },
    },
  );
  return whenReady(cluster, fromIoredis(cluster).send);
}

function whenReady(client: Library.Redis | Cluster, sendNow: RedisConnection["send"]): RedisConnection {
  // Every operation reports its own failure; without a listener ioredis would print them as well.
  client.on("error", () => {});
  const ready = readiness(client, () => client.status === "ready");
  const together = client.isCluster ? () => {} : pipelining(client as Library.Redis);
  return {
    cluster: client.isCluster,
    send(command, key, args) {
      const waiting = ready();
      if (waiting !== undefined) return waiting.then(() => sendNow(command, key, args));
      together();
      return sendNow(command, key, args);
    },
    close: () => client.disconnect(),
  };
}

/**
 * Sends the commands of one turn of the event loop together, in one packet where they fit. ioredis'
 * own automatic pipelining does the same at twice the cost of a command.
 */
function pipelining(client: Library.Redis): () => void {
  let corked = false;
  return () => {
    if (corked) return;
    corked = true;
    const { stream } = client;
    stream.cork();
    setImmediate(() => {
      corked = false;
      stream.uncork();
    });
  };
}

function sentinelOptions(
  { name, nodes, username, password }: NonNullable<RedisServerOptions["sentinel"]>,
  ca: string | undefined,
): RedisOptions {
  const [first, ...others] = parseAddresses(nodes, 26379);
  const sentinelLogin = first.credentials;
  return {
    name,
    sentinels: [first, ...others].map(({ host, port }) => ({ host, port })),
    sentinelRetryStrategy: delay,
    ...(sentinelLogin.username !== undefined && { sentinelUsername: sentinelLogin.username }),
    ...(sentinelLogin.password !== undefined && { sentinelPassword: sentinelLogin.password }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...tls(first.tls, ca),
    ...(first.tls && { enableTLSForSentinelMode: true, sentinelTLS: ca === undefined ? {} : { ca } }),
    // A former primary that is demoted while it lives answers so: the Sentinels know the new one.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  };
}

function isTls(url: string): boolean {
  return /^rediss:/i.test(url);
}

function tls(wanted: boolean, ca: string | undefined): Pick<RedisOptions, "tls"> {
  return wanted ? { tls: ca === undefined ? {} : { ca } } : {};
}
