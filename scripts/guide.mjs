// Does what a page of docs/frameworks says, and nothing else: `npm run first-login` and the test of
// these pages.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";

/**
 * A block of code of a page: commands (`sh`, of which the last one of `sh serve` goes on), a file,
 * or what the command before prints.
 */
function blocksOf(page) {
  return [...page.matchAll(/^```(\w+)(?: (.+))?\n([\s\S]*?)^```$/gm)].map(([, language, info, text]) => {
    if (language === "sh") return { kind: info === "serve" ? "serve" : "run", text };
    return info === undefined ? { kind: "prints", text } : { kind: "file", path: info, text };
  });
}

/** A port that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Follows a page in an empty folder.
 *
 * @param options - `port`: takes the place of 3000; `run`: what is done for a command, given the
 *   shell, such as to install from elsewhere; `env`: added to the environment
 * @returns the seconds until a user was logged in, and a function that ends what is still running
 */
export async function follow(
  page,
  folder,
  { port = 3000, run = (line, shell) => shell(line), env = {} } = {},
) {
  const text = readFileSync(page, "utf8").replaceAll("3000", String(port));
  const begun = performance.now();
  const started = [];
  const shell = (line) => sh(line, folder, env);
  const end = async () => {
    for (const child of started) await stop(child);
  };
  let printed = "";
  let login;
  try {
    for (const block of blocksOf(text)) {
      if (block.kind === "file") {
        const path = join(folder, block.path);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, block.text);
      } else if (block.kind === "prints") {
        if (!isSame(printed, block.text)) throw new Error(`Printed was\n${printed}\nand not\n${block.text}`);
      } else {
        const lines = block.text.trim().replaceAll("\\\n", " ").split("\n");
        const serves = block.kind === "serve" ? lines.pop() : undefined;
        for (const line of lines) {
          printed = (await run(line, shell)) ?? "";
          if (/\/login\b/.test(line)) login ??= (performance.now() - begun) / 1000;
        }
        if (serves !== undefined) started.push(await serve(serves, folder, env, port));
      }
    }
  } catch (error) {
    await end();
    throw error;
  }
  return { login, end };
}

function sh(line, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(line, {
      cwd,
      shell: true,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { out: "", err: "" };
    child.stdout.on("data", (data) => (said.out += data));
    child.stderr.on("data", (data) => (said.err += data));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(said.out);
      else reject(new Error(`${line} ended with ${code}:\n${said.out}${said.err}`));
    });
  });
}

/** Starts what does not end, in a group of its own; it is ready when the port answers. */
async function serve(line, cwd, env, port) {
  const child = spawn(line, {
    cwd,
    shell: true,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
  const closed = new Promise((_, reject) => {
    child.once("close", (code) => reject(new Error(`${line} ended with ${code}:\n${said}`)));
  });
  closed.catch(() => {});
  await Promise.race([closed, answers(port)]);
  return child;
}

/** Waits until something listens. */
async function answers(port) {
  for (;;) {
    const isThere = await new Promise((resolve) => {
      const socket = createConnection(port, "localhost");
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("close", () => socket.destroy());
    });
    if (isThere && !(await isBuilding(port))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Nuxt listens at once, and until it has built it shows a page that says so. */
async function isBuilding(port) {
  const signal = AbortSignal.timeout(10_000);
  const answer = await fetch(`http://localhost:${port}/`, { signal }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 503;
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  process.kill(-child.pid, "SIGTERM");
  await closed;
}

function isSame(printed, wanted) {
  try {
    return isDeepStrictEqual(JSON.parse(printed), JSON.parse(wanted));
  } catch {
    return printed.trim() === wanted.trim();
  }
}
