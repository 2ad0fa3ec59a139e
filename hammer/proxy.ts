import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Random } from "./random.js";

/** Of so many packets one is held up, or is the last of its connection. */
const DELAYED = 20;
const CUT = 150;
/** The longest delay, in milliseconds. */
const LONGEST = 20;

/** Stands between the clients and their server. */
export interface TcpProxy {
  /** The server's address, as the clients are to know it. */
  readonly url: string;
  /** How many connections it has cut. */
  readonly cuts: number;
  /** From now on it only passes on. */
  calm(): void;
  close(): void;
}

/**
 * Passes bytes on, holds some of them up, and cuts connections: before a packet, after a part of
 * it, or after all of it, so that a command is lost, or done with its answer lost.
 */
export async function startProxy(target: string, random: Random): Promise<TcpProxy> {
  // Memcached's has no scheme.
  const bare = !target.includes("://");
  const address = new URL(bare ? `tcp://${target}` : target);
  const { hostname, port } = address;
  const sockets = new Set<Socket>();
  let [calm, cuts] = [false, 0];
  const pass = (from: Socket, to: Socket): void => {
    from.on("data", (bytes: Buffer) => {
      // What was held up while it was paused comes piece by piece, even behind its last one.
      if (from.destroyed) return;
      if (!calm && random.below(CUT) === 0) {
        cuts += 1;
        to.write(bytes.subarray(0, random.below(bytes.length + 1)), () => to.destroy());
        from.destroy();
      } else if (!calm && random.below(DELAYED) === 0) {
        from.pause();
        setTimeout(() => {
          to.write(bytes);
          from.resume();
        }, random.below(LONGEST));
      } else to.write(bytes);
    });
    from.on("error", () => {});
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
    sockets.add(from);
  };
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(address);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: bare ? url.host : url.href,
    get cuts() {
      return cuts;
    },
    calm: () => {
      calm = true;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
