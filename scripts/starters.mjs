// `npm run starters -- sveltekit nest`: makes a project by a framework's own starter, has
// `sessgen init` look at it, and sees that it compiles and that a request has a session. Without a
// name: all of them. The starters of React Router, Nuxt and Hono fetch their files from GitHub and
// are not among them: test/first-applications.test.ts and the guides have projects like theirs.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./guide.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * How each is made, what is added by hand, as `init` says it (the rest is `init`'s own), how it is
 * compiled, and served.
 */
const starters = {
  sveltekit: {
    create: "npx --yes sv create . --template minimal --types ts --no-add-ons --no-install",
    files: {
      "src/routes/visits/+server.ts": `import { json, type RequestHandler } from "@sveltejs/kit";

export const GET: RequestHandler = ({ locals: { session } }) => json({ visits: (session.visits += 1) });
`,
    },
    compile: "npx svelte-kit sync && npx tsc --noEmit",
    serve: (port) => `npx vite dev --port ${port}`,
  },
  next: {
    create: "npx --yes create-next-app@latest . --ts --app --src-dir --yes --skip-install --disable-git",
    files: {
      "src/app/visits/route.ts": `import { sessionRoute } from "../../session/next";

export const GET = sessionRoute((session) => Response.json({ visits: (session.visits += 1) }));
`,
    },
    compile: "npx next typegen && npx tsc --noEmit",
    serve: (port) => `npx next dev --port ${port}`,
  },
  nest: {
    create:
      "npx --yes @nestjs/cli@11 new first --directory . --package-manager npm --skip-git --skip-install",
    files: {
      "src/visits.controller.ts": `import { Controller, Get } from "@nestjs/common";
import { Session } from "./session/nest";

@Controller("visits")
export class VisitsController {
  @Get()
  visits(@Session() session: Session): object {
    return { visits: (session.visits += 1) };
  }
}
`,
    },
    edit: {
      "src/app.module.ts": (text) =>
        `import { SessionModule } from "./session/nest";\nimport { VisitsController } from "./visits.controller";\n${text
          .replace("imports: []", "imports: [SessionModule.forRoot()]")
          .replace("controllers: [", "controllers: [VisitsController, ")}`,
    },
    compile: "npx nest build && npx tsc --noEmit",
    // Where `nest new` has it: the config beside \`src\` must not have moved it.
    serve: () => "node dist/main.js",
  },
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(starters);
// What npm sets for its scripts would make the npm in the folder believe that it runs here.
for (const name of Object.keys(process.env)) if (/^(npm_.*|CI)$/i.test(name)) delete process.env[name];

const packed = mkdtempSync(join(tmpdir(), "sessgen-packed-"));
const tarballs = ["runtime", "generator"].map((workspace) => {
  const options = ["--json", `--workspace=${workspace}`, `--pack-destination=${packed}`];
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", ...options], { cwd: root, encoding: "utf8" }),
  );
  return join(packed, filename.replace(/^@(.*)\//, "$1-"));
});

for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), `sessgen-starter-${name}-`));
  try {
    await tour(starters[name], folder);
    console.log(`${name}: compiles, and a request has a session`);
  } catch (error) {
    console.error(`${name} failed: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
rmSync(packed, { recursive: true, force: true });

async function tour({ create, files, edit = {}, compile, serve }, folder) {
  const run = (line) => {
    console.log(`$ ${line}`);
    return execFileSync(line, {
      cwd: folder,
      shell: true,
      stdio: ["ignore", "pipe", "inherit"],
      encoding: "utf8",
    });
  };
  run(create);
  const quiet = "--no-audit --no-fund --loglevel=error";
  run(`npm install ${quiet} ${tarballs[0]} zod`);
  run(`npm install ${quiet} --save-dev ${tarballs[1]} @types/node`);
  console.log(run("npx sessgen init --yes --backend memory"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const [path, change] of Object.entries(edit))
    writeFileSync(join(folder, path), change(readFileSync(join(folder, path), "utf8")));
  run("npx sessgen");
  run("npx sessgen check");
  run(compile);
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), NODE_ENV: "development" };
  const child = spawn(serve(port), { cwd: folder, shell: true, detached: true, env, stdio: "inherit" });
  try {
    const url = `http://localhost:${port}/visits`;
    const first = await answerOf(url, child);
    const cookie = first.headers
      .getSetCookie()
      .map((text) => text.split(";")[0])
      .join("; ");
    const said = [await first.json(), await (await fetch(url, { headers: { cookie } })).json()];
    if (JSON.stringify(said) !== '[{"visits":1},{"visits":2}]')
      throw new Error(`The first two answers are ${JSON.stringify(said)}`);
    console.log(run(`npx sessgen doctor --url ${url}`));
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
