import type { Framework } from "../framework.js";
import { entry } from "../wiring.js";

/** WebSockets by `ws`, beside whatever answers requests. */
export const ws: Framework = {
  name: "ws",
  packages: ["ws"],
  types: ["@types/ws"],
  wiring: () => [
    entry({
      lines: (glue) => `import { session } from "${glue}";

server.on("upgrade", session(new WebSocketServer({ noServer: true }), async (socket, connection) => {}));
`,
    }),
  ],
  reserved: ["connectSession"],
};
