// `npm run starters -- sveltekit nest`: makes a project by a framework's own starter, has
// `sessgen init` look at it, and sees that it compiles and that a request has a session. Without a
// name: all of them. The starters of Nuxt and React Router fetch their files from GitHub: `by-hand`
// has projects as they make them. What the table in docs/init.md says was run is run here.
import { exec as execCallback, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./guide.mjs";
import { pack, userEnvironment } from "./packed.mjs";
import { startRegistry } from "./registry.mjs";
import { starters } from "./starters/index.mjs";

const exec = promisify(execCallback);
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(starters);
const unknown = names.filter((name) => !Object.hasOwn(starters, name));
if (unknown.length > 0) {
  console.error(`No such starter: ${unknown.join(", ")}. There are ${Object.keys(starters).join(", ")}.`);
  process.exit(2);
}
for (const name of Object.keys(process.env)) if (!(name in userEnvironment())) delete process.env[name];

const packed = mkdtempSync(join(tmpdir(), "sessgen-packed-"));
const registry = await startRegistry(pack(packed));
Object.assign(process.env, registry.env);

for (const name of names) {
  const above = mkdtempSync(join(tmpdir(), `sessgen-starter-${name}-`));
  // What a starter is called after its folder is a package's name, without capitals.
  const folder = join(above, "shop");
  mkdirSync(folder);
  try {
    await tour(starters[name], folder);
    console.log(`${name}: compiles, and a request has a session`);
  } catch (error) {
    console.error(`${name} failed: ${error.message}`);
    process.exitCode = 1;
  } finally {
    // A server that was stopped may write for a while: that is waited for.
    await rm(above, { recursive: true, force: true, maxRetries: 9, retryDelay: 200 });
  }
}
await registry.end();
rmSync(packed, { recursive: true, force: true });

async function tour(
  { create, before = {}, files = {}, edit = {}, compile, serve, path = "/visits" },
  folder,
) {
  // Not in step: the registry answers in this process.
  const run = async (line) => {
    console.log(`$ ${line}`);
    const { stdout } = await exec(line, { cwd: folder, maxBuffer: 2 ** 26 });
    return stdout;
  };
  const write = (texts) => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  if (create !== undefined) await run(create);
  write(before);
  const quiet = "--no-audit --no-fund --loglevel=error";
  await run(`npm install ${quiet} --save-dev sessgen`);
  const said = await run("npx sessgen init --yes --backend memory");
  console.log(said);
  // What `init` says is left: to install and to prepare; its lines are `edit`.
  for (const [, line = ""] of said.matchAll(/^ {2}((?:npm|npx) .+)$/gm)) {
    if (line.startsWith("npm install")) await run(`${line} ${quiet}`);
    else if (!/ sessgen( doctor)?$|^npm start$/.test(line)) await run(line);
  }
  write(files);
  for (const [path, change] of Object.entries(edit))
    writeFileSync(join(folder, path), change(readFileSync(join(folder, path), "utf8")));
  for (const line of ["npx sessgen", "npx sessgen check", compile]) await run(line);
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), NODE_ENV: "development" };
  const child = spawn(serve(port), { cwd: folder, shell: true, detached: true, env, stdio: "inherit" });
  try {
    const url = `http://localhost:${port}${path}`;
    const first = await answerOf(url, child);
    const cookie = first.headers
      .getSetCookie()
      .map((text) => text.split(";")[0])
      .join("; ");
    const counts = [await first.json(), await (await fetch(url, { headers: { cookie } })).json()];
    if (JSON.stringify(counts) !== '[{"visits":1},{"visits":2}]')
      throw new Error(`The first two answers are ${JSON.stringify(counts)}`);
    console.log(await run(`npx sessgen doctor --url ${url}`));
  } finally {
    const closed = new Promise((resolve) => child.once("close", resolve));
    if (child.exitCode === null) process.kill(-child.pid, "SIGTERM");
    await closed;
  }
}

/** Waits until the application answers. */
async function answerOf(url, child) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return answer;
    if (answer !== undefined && answer.status !== 503)
      throw new Error(`${url} answers ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
