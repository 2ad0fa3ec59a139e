import { createServer, type Server as HttpServer } from "node:http";
import { Server } from "socket.io";
import { routes } from "./routes.js";
import { type SessionSocketData, session } from "./session/socket-io.js";

/** What clients send. */
export interface FromClients {
  say(text: string): void;
}

/** What clients are sent. */
export interface ToClients {
  said(name: string, text: string): void;
}

/** A chat for who is logged in. Whoever logs out, in whatever window, is out of the chat, too. */
export function createApp(): HttpServer {
  const server = createServer(routes);
  const chat = new Server<FromClients, ToClients, object, SessionSocketData>(server);
  chat.use(session({ accept: ({ user }) => user !== undefined }));
  chat.on("connection", (socket) => {
    socket.on("say", async (text) => {
      // As it is by now, and not as it was when the socket connected.
      const visitor = await socket.data.session.open();
      if (visitor.user === undefined) return;
      visitor.messages += 1;
      await visitor.$commit();
      chat.emit("said", visitor.user.name, text);
    });
  });
  return server;
}
