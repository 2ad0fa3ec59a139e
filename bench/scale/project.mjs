import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Makes what a user would have: a config with that backend, the emitted module, and the migrated
 * backend. So what is measured has the very tables and indexes that are emitted.
 * @param backend - as in `session.config.ts`
 * @returns the application's sessions, the store they are in, and the tag of their keys
 */
export async function makeProject(folder, backend) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = {
    "package.json": '{ "name": "bench", "type": "module" }\n',
    "session.config.ts": `import { defineConfig, env } from "sessgen";
import { z } from "zod";

export default defineConfig({
  schema: z.object({
    user: z.object({ id: z.string(), name: z.string(), roles: z.array(z.enum(["admin", "member"])) }).optional(),
    cart: z.array(z.object({ sku: z.string(), quantity: z.int().positive() })).default([]),
    visits: z.int().default(0),
    theme: z.enum(["light", "dark"]).default("light"),
  }),
  fields: { "user.id": { index: true }, visits: { merge: "counter" } },
  // An address may hold a password, which no config takes as it is.
  backend: ${JSON.stringify(backend).replace(/"url":"[^"]*"/, '"url":env("BENCH_URL")')},
});
`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
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
  return { sessions, store, tag: identityOf({ application }).tag };
}

function run(cwd, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stdout}${stderr}`);
}
