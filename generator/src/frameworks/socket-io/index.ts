import type { Framework } from "../framework.js";

/** Socket.IO 4, beside whatever answers requests. */
export const socketIo: Framework = {
  name: "socket-io",
  packages: ["socket.io"],
  reserved: ["connectSession"],
};
