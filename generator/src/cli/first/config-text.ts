import type { Backend } from "../../backends/backend.js";
import type { Project } from "./project.js";

/** Where a first config has its module, unless it says so. */
const OUTPUT = "src/session";

/** Writes the text of a first config. */
export function configText({ first, dialect, cookiesOnly }: Backend, project: Project): string {
  const imports = variablesOf(first.code).length > 0 ? "defineConfig, env" : "defineConfig";
  const { frameworks, output, migrations } = project;
  const lines = [
    ...(output === OUTPUT ? [] : [`  output: ${JSON.stringify(output)},`]),
    ...(dialect === undefined || migrations === undefined
      ? []
      : [`  // migrations: ${JSON.stringify(migrations)}, // it applies them then, and not sessgen migrate`]),
  ];
  // A cookie has room for some kilobytes, so fields are bounded there.
  const text = cookiesOnly ? "z.string().max(200)" : "z.string()";
  return `import { ${imports} } from "sessgen";
import { z } from "zod";

export default defineConfig({
  // The fields of a session. Add your own, then run sessgen.
  schema: z.object({
    user: z.object({ id: ${text}, name: ${text} }).optional(),
    visits: z.number().int().default(0),
    notice: ${text}.optional(),
  }),
  fields: {
    user: { regenerate: "on-change", identity: "id" }, // a new session id at login and logout
    visits: { merge: "counter" }, // two requests at once count twice
    notice: { flash: true }, // shown once
  },
  backend: { ${first.code} },
  frameworks: [${frameworks.map(({ name }) => JSON.stringify(name)).join(", ")}],
${lines.map((line) => `${line}\n`).join("")}});
`;
}

/** Finds the variables of the environment that an entry names. */
export function variablesOf(code: string): string[] {
  return [...code.matchAll(/\benv\("(\w+)"\)/g)].map(([, name = ""]) => name);
}
