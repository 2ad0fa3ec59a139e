import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { login } from "./visit.mjs";

/** Browsers at once, each with a connection and a session of its own. */
const BROWSERS = 100;

/**
 * Starts a program of this folder in a process of its own, with a session for every browser. Its
 * `visit` has it answer so many requests for a path, and gives back the microseconds of processor
 * time each took the server.
 *
 * @param load - makes requests, from this process: autocannon
 */
export async function startServer(program, args, load) {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), args, { execArgv: [] });
  const over = end(child);
  const next = async () => (await Promise.race([once(child, "message"), over]))[0];
  const { port } = await next();
  const origin = `http://127.0.0.1:${port}`;
  const cookies = await Promise.all(Array.from({ length: BROWSERS }, () => logIn(origin)));
  const used = async () => {
    child.send({});
    return (await next()).microseconds;
  };
  return {
    async visit(path, count) {
      const browsers = [...cookies];
      await used();
      const { non2xx, errors } = await load({
        url: `${origin}${path}`,
        connections: BROWSERS,
        amount: count,
        setupClient: (client) => client.setHeaders({ cookie: browsers.pop() }),
      });
      if (non2xx + errors > 0) throw new Error(`${program} ${args[0]} ${path}: ${non2xx + errors} failed`);
      return (await used()) / count;
    },
    stop: () => child.kill(),
  };
}

async function logIn(origin) {
  const response = await fetch(`${origin}/login`);
  if (!response.ok) throw new Error(`/login: ${response.status}`);
  await response.text();
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** As {@link startServer}, in Python, where requests are made within the server's process. */
export async function startPythonServer(python, program, args) {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(python, [file, ...args, JSON.stringify(login)], { stdio: ["pipe", "pipe", "inherit"] });
  const over = end(child);
  const lines = createInterface({ input: child.stdout });
  const next = async () => JSON.parse((await Promise.race([once(lines, "line"), over]))[0]);
  await next();
  return {
    async visit(path, count) {
      child.stdin.write(`${JSON.stringify({ path, count })}\n`);
      return (await next()).microseconds;
    },
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
