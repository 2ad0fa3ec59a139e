import { createServer, type Server } from "node:http";
import { WebSocketServer } from "ws";
import { routes } from "./routes.js";
import { session } from "./session/ws.js";

/** A chat for who is logged in. Whoever logs out, in whatever window, is out of the chat, too. */
export function createApp(): Server {
  const chat = new WebSocketServer({ noServer: true });
  const upgrade = session(
    chat,
    (socket, connection) => {
      socket.on("message", async (text) => {
        // As it is by now, and not as it was when the socket was opened.
        const visitor = await connection.open();
        if (visitor.user === undefined) return;
        visitor.messages += 1;
        await visitor.$commit();
        for (const client of chat.clients) client.send(`${visitor.user.name}: ${text}`);
      });
    },
    { accept: ({ user }) => user !== undefined },
  );
  return createServer(routes).on("upgrade", upgrade);
}
