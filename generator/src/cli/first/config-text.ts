import type { Backend } from "../../backends/backend.js";
import { toolFor } from "./migration-tools.js";
import type { Project } from "./project.js";

/** Where a first config has its module, unless it says so. */
const OUTPUT = "src/session";

/** Writes the text of a first config. */
export function configText(backend: Backend, project: Project): string {
  const code = backendCode(backend, project);
  const imports = variablesOf(code).length > 0 ? "defineConfig, env" : "defineConfig";
  const { frameworks, output } = project;
  const migrations = toolFor(backend.dialect, project.migrations);
  const lines = [
    ...(output === OUTPUT ? [] : [`  output: ${JSON.stringify(output)},`]),
    ...(migrations === undefined
      ? []
      : [
          `  // Yours and ours are one history, which ${migrations.tool} applies.`,
          `  migrations: { tool: ${JSON.stringify(migrations.tool)}, folder: ${JSON.stringify(migrations.folder)} },`,
        ]),
  ];
  // A cookie has room for some kilobytes, so fields are bounded there.
  const text = backend.cookiesOnly ? "z.string().max(200)" : "z.string()";
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
  backend: { ${code} },
  frameworks: [${frameworks.map(({ name }) => JSON.stringify(name)).join(", ")}],
${lines.map((line) => `${line}\n`).join("")}});
`;
}

/** Gives the backend's entry in a first config: its module ends as the project's own do. */
export function backendCode({ first }: Backend, { typescript, module }: Project): string {
  const ending = typescript ? "ts" : module ? "js" : "mjs";
  return first.code.replace(/(\bmodule: "[^"]+)\.ts"/, `$1.${ending}"`);
}

/** Finds the module that an entry names. */
export function moduleOf(code: string): string | undefined {
  return /\bmodule: "\.\/([^"]+)"/.exec(code)?.[1];
}

/** Finds the variables of the environment that an entry names. */
export function variablesOf(code: string): string[] {
  return [...code.matchAll(/\benv\("(\w+)"\)/g)].map(([, name = ""]) => name);
}
