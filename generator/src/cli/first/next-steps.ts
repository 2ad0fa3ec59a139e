import type { Backend } from "../../backends/backend.js";
import { variablesOf } from "./config-text.js";
import type { Project } from "./project.js";

/** Says what is still to be done, line by line. */
export function nextSteps({ first, drivers = [], imports = {}, live }: Backend, project: Project): string[] {
  const { manager, packages } = project;
  const missing = ["@sessgen/runtime", "zod", ...drivers].filter((name) => !packages.has(name));
  const add = manager === "npm" ? "npm install" : `${manager} add`;
  const addDev =
    manager === "npm" ? "npm install --save-dev" : `${manager} add ${manager === "bun" ? "-d" : "-D"}`;
  const run = { npm: "npx", pnpm: "pnpm exec", yarn: "yarn", bun: "bunx" }[manager];
  const module = /\bmodule: "([^"]+)"/.exec(first.code)?.[1];
  const variables = variablesOf(first.code);
  return [
    "Next:",
    ...(packages.has("sessgen") ? [] : [`  ${addDev} sessgen`]),
    ...(missing.length === 0 ? [] : [`  ${add} ${missing.join(" ")}`]),
    ...(module === undefined
      ? []
      : [`  export the ${imports["module"] ?? "store"} by default from ${module}`]),
    ...(variables.length === 0 ? [] : [`  set ${variables.join(", ")} for the application`]),
    `  ${run} sessgen`,
    ...(live === undefined ? [] : [`  ${run} sessgen migrate`]),
  ];
}
