import type { Framework } from "../framework.js";
import { sockets } from "../wiring.js";

/** WebSockets by `ws`, beside whatever answers requests. */
export const ws: Framework = {
  name: "ws",
  packages: ["ws"],
  types: ["@types/ws"],
  beside: true,
  wiring: () =>
    sockets(
      (glue) => `import { WebSocketServer } from "ws";
import { session } from "${glue}";

export const upgrade = session(new WebSocketServer({ noServer: true }), async (socket, connection) => {
  const visitor = await connection.open();
  visitor.visits += 1;
  await visitor.$commit();
  socket.send(JSON.stringify({ visits: visitor.visits }));
});
`,
      "upgrade",
      'server.on("upgrade", upgrade);',
    ),
  reserved: ["connectSession"],
};
