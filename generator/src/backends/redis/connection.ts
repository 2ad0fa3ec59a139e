import { SessgenError } from "../../errors.js";
import { importDriver } from "../../live/driver.js";
import type { Target } from "../../live/live.js";
import { DEADLINE } from "../../live/open-store.js";

/** A connection to one server. */
export interface RedisNode {
  /** For a human: `host:port`. */
  readonly address: string;
  /** Whether it copies another node of its cluster. */
  readonly replica: boolean;
  /** Sends a command; texts come as text. */
  send(...words: readonly string[]): Promise<unknown>;
}

interface Connection extends RedisNode {
  close(): void;
}

/** Connects to one server, without trying again. */
type Connect = (url: URL, ca: string | undefined) => Promise<Pick<Connection, "send" | "close">>;

/** What is used of ioredis. */
interface Ioredis {
  readonly Redis: new (
    url: string,
    options: object,
  ) => {
    on(event: "error", listener: () => void): unknown;
    once(event: "error", listener: (error: Error) => void): unknown;
    connect(): Promise<unknown>;
    call(...words: readonly string[]): Promise<unknown>;
    disconnect(): void;
  };
}

/** What is used of node-redis. */
interface NodeRedis {
  createClient(options: object): {
    on(event: "error", listener: () => void): unknown;
    connect(): Promise<unknown>;
    sendCommand(words: readonly string[]): Promise<unknown>;
    destroy(): void;
  };
}

/** The libraries of the store, in the order in which it tries them. */
const drivers: Readonly<Record<string, (library: unknown) => Connect>> = {
  ioredis: (library) => async (url, ca) => {
    const client = new (library as Ioredis).Redis(url.href, {
      lazyConnect: true,
      connectTimeout: DEADLINE,
      enableReadyCheck: false,
      disableClientInfo: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      ...(url.protocol === "rediss:" && { tls: ca === undefined ? {} : { ca } }),
    });
    // `connect` itself says no more than that the connection is closed.
    let reason: Error | undefined;
    client.once("error", (error) => {
      reason = error;
    });
    client.on("error", () => {});
    try {
      await client.connect();
    } catch (error) {
      throw reason ?? error;
    }
    return { send: (...words) => client.call(...words), close: () => client.disconnect() };
  },
  redis: (library) => async (url, ca) => {
    const client = (library as NodeRedis).createClient({
      url: url.href,
      disableClientInfo: true,
      socket: {
        connectTimeout: DEADLINE,
        reconnectStrategy: false,
        ...(url.protocol === "rediss:" && { tls: true, ...(ca !== undefined && { ca }) }),
      },
    });
    client.on("error", () => {});
    await client.connect();
    return { send: (...words) => client.sendCommand(words), close: () => client.destroy() };
  },
};

/**
 * Connects to every server that holds sessions: one, the primary that Sentinels name, or all nodes
 * of a cluster.
 * @throws SessgenError `backend/unavailable`, `backend/missing-driver`; without the address, which
 *   may hold a password
 */
export async function withNodes<T>(
  target: Target,
  work: (nodes: readonly RedisNode[]) => Promise<T>,
): Promise<T> {
  const opened: Connection[] = [];
  const connect = await loadDriver(target);
  const open = async (url: URL, replica = false): Promise<Connection> => {
    const connection = await openNode(connect, url, target.options["ca"] as string | undefined, replica);
    opened.push(connection);
    return connection;
  };
  try {
    return await work(await nodesOf(target, open));
  } finally {
    for (const connection of opened) connection.close();
  }
}

type Open = (url: URL, replica?: boolean) => Promise<RedisNode>;

async function nodesOf({ options }: Target, open: Open): Promise<readonly RedisNode[]> {
  const { url, nodes, sentinel } = options as {
    readonly url?: string;
    readonly nodes?: readonly string[];
    readonly sentinel?: Sentinel;
  };
  if (sentinel !== undefined) return [await open(await primaryOf(sentinel, open))];
  if (nodes !== undefined) return clusterNodes(nodes, open);
  return [await open(parse(url ?? ""))];
}

async function clusterNodes(seeds: readonly string[], open: Open): Promise<readonly RedisNode[]> {
  const [seed, first] = await firstThatAnswers(seeds.map(parse), open);
  // Of each range: its slots, then its primary and the replicas, as host, port and more.
  const ranges = (await first.send("CLUSTER", "SLOTS")) as [
    unknown,
    unknown,
    ...[string | null, number, ...unknown[]][],
  ][];
  const found = new Map<string, { url: URL; replica: boolean }>();
  for (const [, , ...members] of ranges) {
    for (const [position, [host, port]] of members.entries()) {
      const url = at(seed, host || seed.hostname, port);
      const replica = position > 0 && (found.get(url.host)?.replica ?? true);
      found.set(url.host, { url, replica });
    }
  }
  return Promise.all([...found.values()].map(({ url, replica }) => open(url, replica)));
}

/** Where to find a primary, as in the config. */
interface Sentinel {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly username?: string;
  readonly password?: string;
}

async function primaryOf({ name, nodes, username, password }: Sentinel, open: Open): Promise<URL> {
  const sentinels = nodes.map(parse);
  for (const url of sentinels) url.port ||= "26379";
  const [from, sentinel] = await firstThatAnswers(sentinels, open);
  const found = (await sentinel.send("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name)) as [string, string] | null;
  if (found === null)
    throw new SessgenError("backend/unavailable", `The Sentinels know no primary called ${name}`);
  const url = at(from, ...found);
  url.username = encodeURIComponent(username ?? "");
  url.password = encodeURIComponent(password ?? "");
  return url;
}

async function firstThatAnswers(urls: readonly URL[], open: Open): Promise<readonly [URL, RedisNode]> {
  let last: unknown;
  for (const url of urls) {
    try {
      return [url, await open(url)];
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** The same with another host and port. */
function at(url: URL, host: string, port: string | number): URL {
  const other = new URL(url);
  other.hostname = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  other.port = String(port);
  return other;
}

function parse(url: string): URL {
  if (URL.canParse(url) && /^rediss?:/.test(url)) return new URL(url);
  throw new SessgenError("backend/unavailable", "An address of Redis is no redis:// or rediss://");
}

async function openNode(
  connect: Connect,
  url: URL,
  ca: string | undefined,
  replica: boolean,
): Promise<Connection> {
  const address = `${url.hostname || "localhost"}:${url.port || "6379"}`;
  try {
    const { send, close } = await connect(url, ca);
    return { address, replica, close, send: (...words) => replied(address, send(...words)) };
  } catch (cause) {
    throw unreachable(address, cause);
  }
}

/** What the server answers in time; only its own refusals are passed on as they are. */
async function replied(address: string, reply: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), DEADLINE);
  });
  try {
    return await Promise.race([reply, late]);
  } catch (cause) {
    if (refusal(cause) !== undefined) throw cause;
    throw unreachable(address, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** Gives what a server says that refuses a command: it begins with a code, such as NOPERM. */
export function refusal(error: unknown): string | undefined {
  return error instanceof Error && /^[A-Z]{2,}\b/.test(error.message) ? error.message : undefined;
}

function unreachable(address: string, cause: unknown): SessgenError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new SessgenError("backend/unavailable", `Redis at ${address} cannot be reached: ${message}`, {
    cause,
  });
}

async function loadDriver({ config, options }: Target): Promise<Connect> {
  const wanted = options["driver"] as string | undefined;
  for (const [name, load] of Object.entries(drivers)) {
    if (wanted !== undefined && wanted !== name) continue;
    const library = await importDriver(config.root, name);
    if (library !== undefined) return load(library);
  }
  throw new SessgenError(
    "backend/missing-driver",
    `The package ${wanted ?? "ioredis or redis"} is not installed`,
    { fix: `Run \`npm install ${wanted ?? "ioredis"}\`.` },
  );
}
