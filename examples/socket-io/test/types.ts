// What the glue's users see, and what does not compile: the build checks this file.
import type { SessionConnection } from "@sessgen/runtime/http/connection";
import { Server } from "socket.io";
import { expectTypeOf } from "vitest";
import type { FromClients, ToClients } from "../src/app.js";
import type { Session } from "../src/session/index.js";
import { type SessionSocketData, session } from "../src/session/socket-io.js";

const server = new Server<FromClients, ToClients, object, SessionSocketData>();
server.use(session({ every: 5000, accept: ({ user }) => user !== undefined }));
server.of("/admin").use(session());
server.on("connection", (socket) => {
  expectTypeOf(socket.data.session).toEqualTypeOf<SessionConnection<Session>>();
  // @ts-expect-error no field of the schema
  socket.data.session.session.mesages += 1;
});

// Without types of its own.
new Server().use(session());

// @ts-expect-error no such option
session({ acept: () => true });
