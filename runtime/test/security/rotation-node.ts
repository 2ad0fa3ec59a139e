// A node of a cluster: serves every deploy of rotation.test.ts, each on a port of its own, and says
// which ones. Sessions are in a folder that all nodes share, or in their cookies.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachSession } from "../../src/http/node.js";
import type { CookieOptions, SessionError, SessionsOptions } from "../../src/index.js";
import { fileStore } from "../../src/stores/file/index.js";
import { cookieStore } from "../../src/transports/carrier.js";
import { setup } from "../session/support/fixture.js";

/** What a deploy knows: secrets of the cookie's signature, or of sessions in cookies. */
export type Deploy =
  | { readonly cookie: CookieOptions }
  | { readonly secrets: readonly string[]; readonly mode: "sealed" | "signed" };

const [directory = "", text = "{}"] = process.argv.slice(2);
const deploys = Object.entries(JSON.parse(text) as Record<string, Deploy>);
const ports = await Promise.all(deploys.map(async ([name, deploy]) => [name, await serve(deploy)] as const));
process.send?.(Object.fromEntries(ports));

async function serve(deploy: Deploy): Promise<number> {
  const plain = { secure: false, name: "session" };
  const { sessions } = setup<SessionsOptions["store"]>({
    clock: Date.now,
    ...("secrets" in deploy
      ? { store: cookieStore(deploy), cookie: plain }
      : { store: fileStore({ directory }), cookie: { ...plain, ...deploy.cookie } }),
  });
  /** What an operator is told. */
  const told: string[] = [];
  sessions.on("cookie-refused", ({ reason }) => told.push(`cookie-refused: ${reason}`));
  sessions.on("moved", () => told.push("moved"));
  const server = createServer(async (request, response) => {
    const session = await attachSession(sessions, request, response);
    try {
      if (request.url === "/login") session.user = "ada";
      if (request.url === "/visit") session.visits += 1;
      await session.$commit();
      response.end(JSON.stringify({ user: session.user, visits: session.visits, told: told.splice(0) }));
    } catch (error) {
      // As the answer is about the session that could not be saved, it is not to be saved once more.
      session.$disable();
      const { code, status } = error as SessionError;
      response.writeHead(status ?? 500).end(JSON.stringify({ code, told: told.splice(0) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
