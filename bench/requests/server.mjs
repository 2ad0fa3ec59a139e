import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { login } from "./visit.mjs";

/**
 * Starts a program of this folder in a process of its own.
 * @param python - runs it; Node unless given
 */
export async function startServer(program, args, python) {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const server = python === undefined ? inNode(file, args) : inPython(python, file, args);
  await server.next();
  return {
    /** Has it answer so many requests; gives back the microseconds of processor time each took. */
    async visit(path, count) {
      server.send({ path, count });
      return (await server.next()).microseconds;
    },
    stop: server.stop,
  };
}

function inNode(file, args) {
  const child = fork(file, args, { execArgv: [] });
  const over = end(child);
  return {
    next: async () => (await Promise.race([once(child, "message"), over]))[0],
    send: (order) => child.send(order),
    stop: () => child.kill(),
  };
}

function inPython(python, file, args) {
  const child = spawn(python, [file, ...args, JSON.stringify(login)], { stdio: ["pipe", "pipe", "inherit"] });
  const over = end(child);
  const lines = createInterface({ input: child.stdout });
  return {
    next: async () => JSON.parse((await Promise.race([once(lines, "line"), over]))[0]),
    send: (order) => child.stdin.write(`${JSON.stringify(order)}\n`),
    stop: () => child.kill(),
  };
}

/** Rejects when the process ends before it was told to. */
function end(child) {
  const over = once(child, "exit").then(([code]) => {
    throw new Error(`${child.spawnargs.join(" ")} ended with ${code}`);
  });
  over.catch(() => {});
  return over;
}
