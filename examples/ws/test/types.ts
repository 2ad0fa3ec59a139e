// What the glue's users see, and what does not compile: the build checks this file.
import type { SessionConnection } from "@sessgen/runtime/http/connection";
import { expectTypeOf } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { Session } from "../src/session/index.js";
import { session } from "../src/session/ws.js";

const server = new WebSocketServer({ noServer: true });

session(
  server,
  async (socket, connection) => {
    expectTypeOf(socket).toEqualTypeOf<WebSocket>();
    expectTypeOf(connection).toEqualTypeOf<SessionConnection<Session>>();
    expectTypeOf((await connection.open()).user?.name).toEqualTypeOf<string | undefined>();
    // @ts-expect-error no field of the schema
    connection.session.mesages += 1;
  },
  { every: 5000, accept: ({ user }, { headers }) => user !== undefined && headers.origin === "https://shop" },
);

// @ts-expect-error no such option
session(server, () => {}, { acept: () => true });
