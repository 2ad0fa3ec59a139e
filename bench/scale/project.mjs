import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Makes what a user would have: a config with that backend, the emitted module, and the migrated
 * backend. So what is measured has the very tables and indexes that are emitted.
 * @param backend - as in `session.config.ts`
 * @returns the application's sessions, the store they are in, the tag of their keys, and what
 *   writes them anew by the command
 */
export async function makeProject(folder, backend) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const writeConfig = (serializer) =>
    writeFileSync(
      join(folder, "session.config.ts"),
      `import { defineConfig, env } from "sessgen";
import { z } from "zod";

export default defineConfig({
  schema: z.object({
    user: z.object({ id: z.string(), name: z.string(), roles: z.array(z.enum(["admin", "member"])) }).optional(),
    cart: z.array(z.object({ sku: z.string(), quantity: z.int().positive() })).default([]),
    visits: z.int().default(0),
    theme: z.enum(["light", "dark"]).default("light"),
  }),
  serializer: "${serializer}",
  fields: { "user.id": { index: true }, visits: { merge: "counter" } },
  // An address may hold a password, which no config takes as it is.
  backend: ${JSON.stringify(backend).replace(/"url":"[^"]*"/, '"url":env("BENCH_URL")')},
});
`,
    );
  writeFileSync(join(folder, "package.json"), '{ "name": "bench", "type": "module" }\n');
  writeConfig("packed");
  if (backend.url !== undefined) process.env["BENCH_URL"] = backend.url;
  const sessgen = join(root, "generator/bin/sessgen.js");
  run(folder, [sessgen, "--new-application"]);
  run(folder, [sessgen, "migrate"]);
  const load = (name) => import(join(folder, "src/session", name));
  const { createSessions, lookup, identityOf } = await import("@sessgen/runtime");
  const { application } = JSON.parse(readFileSync(join(folder, "sessgen.lock.json"), "utf8"));
  const [{ fields, history }, { Session }, emitted] = [
    await load("fields.ts"),
    await load("session.ts"),
    await load("store.ts"),
  ];
  const store = emitted.store();
  const sessions = createSessions({
    lookup,
    application,
    Session,
    fields,
    history,
    store,
    storeTimeout: 10_000,
  });
  return {
    sessions,
    store,
    tag: identityOf({ application }).tag,
    /** From now on, all sessions that are there are of another format than the command writes. */
    changeFormat() {
      writeConfig("json");
      run(folder, [sessgen]);
    },
    backfill: (time) => backfillFor(folder, [sessgen, "backfill"], time),
  };
}

/**
 * Rewrites sessions for so many milliseconds from when the command first says how far it is; gives
 * how many.
 */
async function backfillFor(cwd, args, time) {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  let timer;
  child.stdout.on("data", (chunk) => {
    text += chunk;
    timer ??= setTimeout(() => child.kill("SIGINT"), time);
  });
  await once(child, "close");
  clearTimeout(timer);
  const [, rewritten] = /(\d+) of \d+ sessions? rewritten/.exec(text) ?? [];
  if (!(Number(rewritten) > 0)) throw new Error(`Nothing was rewritten: ${text}`);
  return Number(rewritten);
}

function run(cwd, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stdout}${stderr}`);
}
