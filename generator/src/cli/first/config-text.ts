import type { Backend } from "../../backends/backend.js";
import type { Project } from "./project.js";

/** Writes the text of a first config. */
export function configText({ first }: Backend, project: Project): string {
  const imports = variablesOf(first.code).length > 0 ? "defineConfig, env" : "defineConfig";
  return `import { ${imports} } from "sessgen";
import { z } from "zod";

export default defineConfig({
  // The fields of a session. Add your own, then run sessgen.
  schema: z.object({
    user: z.object({ id: z.string(), name: z.string() }).optional(),
    visits: z.number().int().default(0),
    notice: z.string().optional(),
  }),
  fields: {
    user: { regenerate: "on-change", identity: "id" }, // a new session id at login and logout
    visits: { merge: "counter" }, // two requests at once count twice
    notice: { flash: true }, // shown once
  },
  backend: { ${first.code} },
  frameworks: [${project.frameworks.map((name) => JSON.stringify(name)).join(", ")}],
${project.output === undefined ? "" : `  output: ${JSON.stringify(project.output)},\n`}});
`;
}

/** Finds the variables of the environment that an entry names. */
export function variablesOf(code: string): string[] {
  return [...code.matchAll(/\benv\("(\w+)"\)/g)].map(([, name = ""]) => name);
}
