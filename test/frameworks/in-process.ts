import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { Server as TlsServer } from "node:tls";
import { enterFolder } from "./folder.js";
import type { Running } from "./host.js";

/** An application that runs in the test's own process. */
export interface Served {
  readonly server: Server;
  /** Its HTTP/2 server. */
  readonly http2?: Server;
  /** Closes the sessions, and what else is open. */
  close(): Promise<unknown>;
}

/**
 * Starts an application in a folder of its own.
 * @param example - the URL of a file in the example's `test/`
 */
export async function inProcess(example: string, serve: () => Served | Promise<Served>): Promise<Running> {
  const { database, leave } = await enterFolder(example);
  const { server, http2, close } = await serve();
  return {
    origin: await listen(server),
    ...(http2 && { http2: await listen(http2) }),
    database,
    close: async () => {
      for (const open of [server, http2]) await end(open);
      await close();
      leave();
    },
  };
}

async function listen(server: Server): Promise<string> {
  if (!server.listening) await once(server.listen(0, "localhost"), "listening");
  const scheme = server instanceof TlsServer ? "https" : "http";
  return `${scheme}://localhost:${(server.address() as AddressInfo).port}`;
}

async function end(server: Server | undefined): Promise<void> {
  if (!server?.listening) return;
  if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
  await new Promise((resolve) => server.close(resolve));
}
