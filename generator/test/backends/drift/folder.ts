import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { config, lockText, newFolder, type Run, runIn } from "../../support/project.js";

const schema = "user: z.object({ id: z.string() }).optional()";

/** Makes a project that finds sessions by their user, for longer than one test, and emits everything. */
export async function driftFolder(
  backend: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const root = newFolder();
  const rest = `fields: { "user.id": { index: true } }, backend: ${backend}`;
  writeFileSync(join(root, "package.json"), '{ "name": "user", "type": "module" }\n');
  writeFileSync(join(root, "sessgen.lock.json"), lockText);
  writeFileSync(join(root, "session.config.ts"), config(schema, rest));
  succeeded(await runIn(root, [], { env }));
  return root;
}

/** Refuses to go on with a project whose command failed. */
export function succeeded({ code, err }: Run): void {
  if (code !== 0) throw new Error(err);
}
