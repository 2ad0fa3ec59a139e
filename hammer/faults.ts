import { type DurableServer, durableServers } from "./durable.js";
import { startProxy, type TcpProxy } from "./proxy.js";
import { Random } from "./random.js";
import { hammerStores } from "./stores/index.js";

/** What goes wrong while the clients work. */
export type Fault = "kill-client" | "kill-server" | "proxy" | "operations";
export const faults: readonly Fault[] = ["kill-client", "kill-server", "proxy", "operations"];

/** How often each process of clients is killed in a run, and how often the server is. */
const KILLS = 3;

/** The faults of one run. */
export interface Disturbance {
  /** The server's address, past the proxy: for what is not to be disturbed. */
  readonly direct: string;
  /** The address that the clients get. */
  readonly url: string;
  /** How often each process is killed and replaced. */
  readonly clientKills: number;
  /** Is told of every request as it begins. */
  onRequest(): void;
  /** Ends what is going on. */
  calm(): Promise<void>;
  /** How often connections were cut, and the server killed. */
  counts(): { readonly cuts: number; readonly serverKills: number };
  stop(): Promise<void>;
}

/** Why a store cannot have that fault; `undefined`: it can. */
export function impossible(store: string, fault: Fault): string | undefined {
  if (fault === "operations") return undefined;
  const { service, local } = hammerStores[store] ?? {};
  if (fault === "kill-client") return local ? `${store} loses everything with its process` : undefined;
  if (fault === "kill-server")
    return durableServers[store] === undefined
      ? `${store} has no server that promises to keep anything when it is killed`
      : undefined;
  // The nodes of a cluster give away their own addresses.
  return service === undefined || store === "redis-cluster"
    ? `${store} has no one connection to cut`
    : undefined;
}

/** Whether a run brings a server of its own. */
export function bringsServer(wanted: readonly Fault[]): boolean {
  return wanted.includes("kill-server");
}

/**
 * Prepares the faults of a run.
 * @param url - of the server; without meaning when one is to be killed
 * @param requests - how many there will be, about
 */
export async function disturb(
  store: string,
  url: string,
  wanted: readonly Fault[],
  requests: number,
  seed: number,
): Promise<Disturbance> {
  const server = wanted.includes("kill-server") ? await durableServers[store]?.() : undefined;
  const direct = server?.url ?? url;
  const proxy = wanted.includes("proxy") ? await startProxy(direct, new Random(seed)) : undefined;
  const killing = new ServerKiller(server, Math.max(1, Math.floor(requests / (KILLS + 1))));
  return {
    direct,
    url: proxy?.url ?? direct,
    clientKills: wanted.includes("kill-client") ? KILLS : 0,
    onRequest: () => killing.onRequest(),
    async calm() {
      proxy?.calm();
      await killing.end();
    },
    counts: () => ({ cuts: proxy?.cuts ?? 0, serverKills: killing.kills }),
    stop: () => stop(proxy, server),
  };
}

async function stop(proxy: TcpProxy | undefined, server: DurableServer | undefined): Promise<void> {
  proxy?.close();
  await server?.stop();
}

/** Kills a server whenever so many requests have begun. */
class ServerKiller {
  kills = 0;
  readonly #server: DurableServer | undefined;
  readonly #every: number;
  #requests = 0;
  #restarting: Promise<void> = Promise.resolve();

  constructor(server: DurableServer | undefined, every: number) {
    this.#server = server;
    this.#every = every;
  }

  onRequest(): void {
    this.#requests += 1;
    const server = this.#server;
    if (server === undefined || this.kills === KILLS) return;
    if (this.#requests < (this.kills + 1) * this.#every) return;
    this.kills += 1;
    this.#restarting = this.#restarting.then(() => server.restart());
    this.#restarting.catch(() => {});
  }

  /** @throws what a restart failed with */
  async end(): Promise<void> {
    await this.#restarting;
  }
}
