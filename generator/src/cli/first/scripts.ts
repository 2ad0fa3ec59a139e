import type { Drafts } from "./drafts.js";
import { withMembers } from "./json-members.js";
import type { Project } from "./project.js";
import type { Wired } from "./wire.js";

const MANIFEST = "package.json";

/**
 * Adds scripts to package.json: sessgen itself, its check for CI, and sessgen before whatever
 * starts or builds the application. A script that is there stays as it is.
 * @param entry - the file that starts the application, if it was written just now
 */
export function addScripts(project: Project, drafts: Drafts, entry: Wired["entry"]): void {
  const scripts: Record<string, string> = { sessgen: "sessgen", "sessgen:check": "sessgen check" };
  for (const name of ["dev", "build"])
    if (project.scripts[name] !== undefined) scripts[`pre${name}`] = "sessgen";
  if (entry !== undefined) scripts["start"] = `${entry.program} ${entry.file}`;
  const { text, added } = withMembers(
    drafts.read(MANIFEST) ?? "{}",
    Object.entries(scripts).map(([name, value]) => ({ path: ["scripts", name], value })),
  );
  if (added.length > 0) drafts.extend(MANIFEST, text, added.join(", "));
}
