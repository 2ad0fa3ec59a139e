import type { Backend } from "../../backends/backend.js";
import { layouts } from "../../backends/sql/layouts/index.js";
import { backendCode, moduleOf, variablesOf } from "./config-text.js";
import { linesForTool, toolFor } from "./migration-tools.js";
import { missingClient, type Project } from "./project.js";
import type { Wired } from "./wire.js";

/** Says what is still to be done, line by line. */
export function nextSteps(backend: Backend, project: Project, { missing, entry }: Wired): string[] {
  const { first, imports = {}, dialect, live } = backend;
  const { manager, packages, frameworks, typescript, scripts, has } = project;
  const lacking = (names: readonly string[]): readonly string[] => [
    ...new Set(names.filter((name) => !packages.has(name))),
  ];
  const needed = lacking([
    "@sessgen/runtime",
    "zod",
    ...[missingClient(backend, packages) ?? []].flat(),
    ...(first.needs ?? []),
    ...frameworks.flatMap(({ needs = [] }) => needs),
  ]);
  const types = typescript
    ? ["@types/node", ...[first, ...frameworks].flatMap((one) => one.types ?? [])]
    : [];
  const neededInDevelopment = lacking(["sessgen", ...types, ...(entry?.program === "tsx" ? ["tsx"] : [])]);
  const module = moduleOf(backendCode(backend, project));
  const variables = variablesOf(first.code);
  const tool = toolFor(dialect, project.migrations);
  const forTool = tool && dialect && linesForTool(tool, { ...project, dialect });
  const migrate = layouts[tool?.tool ?? "plain"].command?.replace(/^npx\b/, manager.run);
  return [
    "Next:",
    ...(neededInDevelopment.length === 0 ? [] : [`  ${manager.addDev} ${neededInDevelopment.join(" ")}`]),
    ...(needed.length === 0 ? [] : [`  ${manager.add} ${needed.join(" ")}`]),
    ...(module === undefined
      ? []
      : [`  export the ${imports["module"] ?? "store"} of your own by default from ${module}`]),
    ...(variables.length === 0 ? [] : [`  set ${variables.join(", ")} for the application`]),
    ...[...missing, ...[forTool ?? []].flat()].flatMap(({ file, lines }) => [
      `  in ${file}:`,
      ...lines.split("\n").flatMap((line) => (line === "" ? [] : [`    ${line}`])),
    ]),
    ...frameworks.flatMap(({ prepares }) =>
      prepares === undefined || has(prepares.makes) ? [] : [`  ${manager.run} ${prepares.command}`],
    ),
    `  ${manager.run} sessgen`,
    ...(live === undefined ? [] : [`  ${migrate ?? `${manager.run} sessgen migrate`}`]),
    ...(manager.skipsPre && scripts["build"] !== undefined
      ? ["  let the script build begin with sessgen: Yarn runs no prebuild"]
      : []),
    ...(entry === undefined || scripts["start"] !== undefined ? [] : [`  ${manager.name} start`]),
    `  ${manager.run} sessgen doctor`,
  ];
}
