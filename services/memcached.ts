import { connect } from "node:net";
import { startContainer } from "./container.js";
import { eventually, freePort, has, installPackages, startProgram } from "./machine.js";
import type { Recipe, Running } from "./service.js";

/** Memcached 1.6 of Debian's, or whichever there is; its address is `host:port`. */
export const memcached: Recipe = withArguments();

/** A server with more arguments; for tests of a small or guarded one. */
function withArguments(...args: readonly string[]): Recipe {
  return {
    name: "memcached",
    variable: "MEMCACHED_URL",
    probe,
    available: () => has("memcached"),
    start: () => start(args),
    startContainer: (engine) =>
      startContainer(engine, "docker.io/library/memcached:1.6-alpine", 11211, {
        command: ["memcached", ...args],
        url: (port) => `127.0.0.1:${port}`,
        probe,
      }),
    install: () => installPackages("memcached"),
  };
}

/**
 * Starts a server.
 * @param chosen - the port of one that was stopped, to take its place
 */
export async function start(args: readonly string[] = [], chosen?: number): Promise<Running> {
  const port = chosen ?? (await freePort());
  const program = startProgram("memcached", () => [
    ...["-p", String(port), "-l", "127.0.0.1", "-U", "0"],
    ...(process.getuid?.() === 0 ? ["-u", "nobody"] : []),
    ...args,
  ]);
  const url = `127.0.0.1:${port}`;
  try {
    return { ...program, url, version: await Promise.race([probe(url), program.failed]) };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** Waits until the server answers. */
function probe(url: string): Promise<string> {
  return eventually(() => version(url));
}

/** Asks in the text protocol; a server that wants credentials first answers as well. */
function version(url: string): Promise<string> {
  const [host, port] = url.split(":");
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port ?? 11211), host, () => socket.write("version\r\n"));
    socket.setTimeout(1000, () => socket.destroy(new Error("memcached does not answer")));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("memcached closed the connection")));
    socket.once("data", (data) => {
      resolve(/^VERSION (\S+)/.exec(data.toString())?.[1] ?? "unknown");
      socket.destroy();
    });
  });
}
