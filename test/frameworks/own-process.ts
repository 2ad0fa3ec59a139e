import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/guide.mjs";
import type { Running } from "./host.js";

/** How an example that runs in a process of its own is started. */
export interface OwnProcess {
  /** The program and its arguments; run in the example's folder. Default: `npm start`. */
  readonly command?: readonly [string, ...string[]];
  /** Added to the environment, besides `PORT`, which is a free one. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts an example in a process of its own. It is ready when it has printed an address, as `http://localhost:4000`.
 * @param example - the URL of a file in the example's `test/`
 */
export async function ownProcess(
  example: string,
  { command = ["npm", "start", "--silent"], env }: OwnProcess = {},
): Promise<Running> {
  const folder = fileURLToPath(new URL("..", example));
  const options = { cwd: folder, env: { ...process.env, PORT: String(await freePort()), ...env } };
  const [program, ...args] = command;
  // In a group of its own, so that it can be ended with all that it has started.
  const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  const origin = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface(stream).on("line", (line) => {
        said.push(line);
        const address = /(https?):\/\/(?:localhost|127\.0\.0\.1|\[::1?\]|0\.0\.0\.0):(\d+)/.exec(line);
        if (address !== null) resolve(`${address[1]}://localhost:${address[2]}`);
      });
    child.once("error", reject);
    child.once("close", (code) =>
      reject(new Error(`${command.join(" ")} ended with ${code}:\n${said.join("\n")}`)),
    );
  });
  return {
    origin: await origin,
    database: join(folder, ".data/sessions.db"),
    close: async () => {
      if (child.pid === undefined || child.exitCode !== null) return;
      const closed = once(child, "close");
      process.kill(-child.pid, "SIGTERM");
      await closed;
    },
  };
}
