import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
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
  ])("%s", async (_name, { packages, argv = [], language, type = "module" }) => {
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
    const second = await fetch(`http://localhost:${port}/`, {
      headers: { cookie: cookie.split(";")[0] ?? "" },
    });
    expect(await second.json()).toEqual({ visits: 2 });
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
