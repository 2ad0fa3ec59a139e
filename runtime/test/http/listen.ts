import { once } from "node:events";
import type { Server } from "node:net";
import { onTestFinished } from "vitest";

/** Has a server listen on a port of its own, and gives back which; gone, with its connections, when the test ends. */
export async function listen(server: Server, host = "127.0.0.1"): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => {
    // Only those of node:http and node:https have it.
    if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return address.port;
}
