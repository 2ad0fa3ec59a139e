import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ResolvedConfig } from "../../config/resolved.js";
import { tsconfigFor } from "../../config/tsconfig.js";
import { type Envelope, envelopeOf } from "../../errors.js";
import { type Outcome, problem, skipped } from "./outcome.js";

const RUNTIME = "@sessgen/runtime";

/**
 * Looks whether the application will have the runtime, in the version that the code was emitted
 * for.
 */
export async function lookAtRuntime(config: ResolvedConfig): Promise<Outcome> {
  const where = { file: join(config.root, "package.json") };
  let version: string;
  try {
    version = versionIn(createRequire(where.file).resolve(`${RUNTIME}/package.json`));
  } catch {
    return problem("doctor/runtime-missing", `${RUNTIME} is not installed`, { where });
  }
  if (isForDevelopment(where.file))
    return problem("doctor/runtime-missing", `${RUNTIME} is among the devDependencies`, { where });
  const own = versionIn(new URL("../../../package.json", import.meta.url));
  if (version !== own)
    return problem("doctor/versions-differ", `sessgen is ${own}, and ${RUNTIME} is ${version}`, {
      where,
      fix: `Run \`npm install ${RUNTIME}@${own}\`.`,
    });
  return { summary: `${RUNTIME} ${version}` };
}

function versionIn(manifest: string | URL): string {
  return String(Object(JSON.parse(readFileSync(manifest, "utf8"))).version);
}

/** In a workspace the package above may have it, so one that names it nowhere is no problem. */
function isForDevelopment(manifest: string): boolean {
  try {
    const { dependencies, devDependencies } = Object(JSON.parse(readFileSync(manifest, "utf8")));
    return RUNTIME in Object(devDependencies) && !(RUNTIME in Object(dependencies));
  } catch {
    return false;
  }
}

/** Looks at what the compiler is told. */
export async function lookAtTsconfig(config: ResolvedConfig): Promise<Outcome> {
  if (config.language === "javascript") return skipped("The project is in JavaScript");
  const tsconfig = await tsconfigFor(join(config.root, config.output, "index.ts"));
  if (tsconfig === undefined) return skipped("There is no tsconfig");
  const { strict, strictNullChecks = strict ?? isStrictByDefault(config.root) } = tsconfig.options;
  if (strictNullChecks) return { summary: tsconfig.path };
  const problems: readonly Envelope[] = [
    envelopeOf("doctor/tsconfig-loose", "The tsconfig does not ask for strict checks", {
      where: { file: tsconfig.path },
    }),
  ];
  return { summary: tsconfig.path, problems };
}

/** TypeScript is strict unless told otherwise from version 6 on. */
function isStrictByDefault(root: string): boolean {
  try {
    return (
      Number.parseInt(
        versionIn(createRequire(join(root, "package.json")).resolve("typescript/package.json")),
        10,
      ) >= 6
    );
  } catch {
    return false;
  }
}
