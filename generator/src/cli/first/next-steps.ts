import type { Backend } from "../../backends/backend.js";
import { variablesOf } from "./config-text.js";
import { missingClient, type Project } from "./project.js";
import type { Wired } from "./wire.js";

/** Says what is still to be done, line by line. */
export function nextSteps(backend: Backend, project: Project, { missing, entry }: Wired): string[] {
  const { first, imports = {}, live } = backend;
  const { manager, packages, frameworks, typescript, scripts } = project;
  const lacking = (names: readonly string[]): readonly string[] => [
    ...new Set(names.filter((name) => !packages.has(name))),
  ];
  const needed = lacking([
    "@sessgen/runtime",
    "zod",
    ...[missingClient(backend, packages) ?? []].flat(),
    ...frameworks.flatMap(({ needs = [] }) => needs),
  ]);
  const types = typescript
    ? ["@types/node", ...frameworks.flatMap((framework) => framework.types ?? [])]
    : [];
  const neededInDevelopment = lacking(["sessgen", ...types, ...(entry?.program === "tsx" ? ["tsx"] : [])]);
  const module = /\bmodule: "([^"]+)"/.exec(first.code)?.[1];
  const variables = variablesOf(first.code);
  return [
    "Next:",
    ...(neededInDevelopment.length === 0 ? [] : [`  ${manager.addDev} ${neededInDevelopment.join(" ")}`]),
    ...(needed.length === 0 ? [] : [`  ${manager.add} ${needed.join(" ")}`]),
    ...(module === undefined
      ? []
      : [`  export the ${imports["module"] ?? "store"} by default from ${module}`]),
    ...(variables.length === 0 ? [] : [`  set ${variables.join(", ")} for the application`]),
    ...missing.flatMap(({ file, lines }) => [
      `  in ${file}:`,
      ...lines.split("\n").flatMap((line) => (line === "" ? [] : [`    ${line}`])),
    ]),
    `  ${manager.run} sessgen`,
    ...(live === undefined ? [] : [`  ${manager.run} sessgen migrate`]),
    ...(manager.skipsPre && scripts["build"] !== undefined
      ? ["  let the script build begin with sessgen: Yarn runs no prebuild"]
      : []),
    ...(entry === undefined || scripts["start"] !== undefined ? [] : [`  ${manager.name} start`]),
    `  ${manager.run} sessgen doctor`,
  ];
}
