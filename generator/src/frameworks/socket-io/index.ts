import type { Framework } from "../framework.js";
import { sockets } from "../wiring.js";

/** Socket.IO 4, beside whatever answers requests. */
export const socketIo: Framework = {
  name: "socket-io",
  packages: ["socket.io"],
  beside: true,
  wiring: ({ typescript }) =>
    sockets(
      (glue) => `import { Server } from "socket.io";
import { ${typescript ? "type SessionSocketData, " : ""}session } from "${glue}";

export const io = new Server${typescript ? "<object, { visits(count: number): void }, object, SessionSocketData>" : ""}();
io.use(session());
io.on("connection", async (socket) => {
  const visitor = await socket.data.session.open();
  visitor.visits += 1;
  await visitor.$commit();
  socket.emit("visits", visitor.visits);
});
`,
      "io",
      "io.attach(server);",
    ),
  reserved: ["connectSession"],
};
