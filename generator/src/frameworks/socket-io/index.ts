import type { Framework } from "../framework.js";
import { entry } from "../wiring.js";

/** Socket.IO 4, beside whatever answers requests. */
export const socketIo: Framework = {
  name: "socket-io",
  packages: ["socket.io"],
  wiring: () => [
    entry({
      lines: (glue) => `import { session } from "${glue}";

io.use(session());
`,
    }),
  ],
  reserved: ["connectSession"],
};
