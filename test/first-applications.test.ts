import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { io } from "socket.io-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { project } from "../generator/test/support/project.js";
import { freePort } from "../scripts/guide.mjs";

const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

/** What `tsc --init` writes, but for comments. */
const tsconfig = `{
  "compilerOptions": {
    "module": "nodenext",
    "target": "esnext",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "skipLibCheck": true,
    "noEmit": true
  }
}
`;

interface First {
  readonly packages: readonly string[];
  readonly argv?: readonly string[];
  readonly language?: "javascript";
  readonly type?: "commonjs";
  /** Opens a socket with the cookie, and gives the visits that it is told. */
  readonly socket?: (url: string, cookie: string) => Promise<unknown>;
}

async function byWs(url: string, cookie: string): Promise<unknown> {
  const socket = new WebSocket(url.replace("http", "ws"), { headers: { cookie } });
  onTestFinished(() => socket.terminate());
  const [text] = await once(socket, "message");
  return JSON.parse(String(text));
}

async function bySocketIo(url: string, cookie: string): Promise<unknown> {
  const socket = io(url, { extraHeaders: { cookie } });
  onTestFinished(() => void socket.close());
  return { visits: await new Promise((resolve) => socket.once("visits", resolve)) };
}

describe("an application that init has begun compiles and answers", () => {
  it.each<[string, First]>([
    ["Elysia, on Node", { packages: ["elysia", "@elysiajs/node"] }],
    ["Express", { packages: ["express"] }],
    [
      "Express, in CommonJS and JavaScript",
      { packages: ["express"], language: "javascript", type: "commonjs" },
    ],
    ["Fastify", { packages: ["fastify"] }],
    ["h3", { packages: ["h3"] }],
    ["Hono", { packages: ["hono", "@hono/node-server"] }],
    ["Koa", { packages: ["koa"] }],
    ["Koa, in JavaScript", { packages: ["koa"], language: "javascript" }],
    ["node:http", { packages: [], argv: ["--framework", "node"] }],
    ["ws alone", { packages: ["ws"], socket: byWs }],
    [
      "ws with Express, in CommonJS and JavaScript",
      { packages: ["express", "ws"], language: "javascript", type: "commonjs", socket: byWs },
    ],
    ["Socket.IO with Koa", { packages: ["koa", "socket.io"], socket: bySocketIo }],
    [
      "Socket.IO alone, in JavaScript",
      { packages: ["socket.io"], language: "javascript", socket: bySocketIo },
    ],
  ])("%s", async (_name, { packages, argv = [], language, type = "module", socket }) => {
    const dependencies = Object.fromEntries(packages.map((name) => [name, "*"]));
    const user = project({
      "package.json": JSON.stringify({ name: "first", private: true, type, dependencies }),
      ...(language === undefined && { "tsconfig.json": tsconfig }),
    });
    for (const command of [["init", "--backend", "memory", ...argv], []])
      expect(await user.run(...command)).toMatchObject({ code: 0, err: "" });
    if (language === undefined) await promisify(execFile)(process.execPath, [tsc, "-p", user.root]);
    const { start } = JSON.parse(user.read("package.json")).scripts;
    const [program, file = ""] = start.split(" ");
    expect(program).toBe(language === undefined ? "tsx" : "node");
    const port = await freePort();
    await serve(user.root, [...(program === "tsx" ? ["--import", "tsx"] : []), file], port);
    const first = await fetch(`http://localhost:${port}/`);
    expect(await first.json()).toEqual({ visits: 1 });
    const [cookie = ""] = first.headers.getSetCookie();
    const [sent = ""] = cookie.split(";");
    const url = `http://localhost:${port}/`;
    expect(await (await fetch(url, { headers: { cookie: sent } })).json()).toEqual({ visits: 2 });
    if (socket !== undefined) expect(await socket(url, sent)).toEqual({ visits: 3 });
  });
});

/** Starts the application; it has begun when it answers. */
async function serve(cwd: string, argv: readonly string[], port: number): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, argv, {
    cwd,
    env: { PATH: process.env["PATH"], PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (data) => (said += String(data)));
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  await expect
    .poll(() => {
      if (child.exitCode !== null) throw new Error(said);
      return fetch(`http://localhost:${port}/`).then(
        ({ status }) => status,
        () => 0,
      );
    })
    .toBe(200);
}
