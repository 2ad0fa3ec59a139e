import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Catalog } from "../../config/catalog.js";
import { loadJson } from "../../config/find.js";

/** What the project says about itself. */
export interface Project {
  readonly manager: "npm" | "pnpm" | "yarn" | "bun";
  readonly module: boolean;
  readonly frameworks: readonly string[];
  /** Where a framework wants the module; absent: at the usual place. */
  readonly output?: string;
  readonly typescript: boolean;
  readonly packages: ReadonlySet<string>;
  readonly manifest: string | undefined;
  /** The config is in package.json. */
  readonly configured: boolean;
}

/** Looks at the project that is to have a first config. */
export async function look(cwd: string, { frameworks }: Pick<Catalog, "frameworks">): Promise<Project> {
  const manifest = await readFile(join(cwd, "package.json"), "utf8").catch(() => undefined);
  const json = Object(
    manifest === undefined ? {} : await loadJson(join(cwd, "package.json"), manifest),
  ) as Readonly<Record<string, unknown>>;
  const packages = new Set(
    ["dependencies", "devDependencies"].flatMap((key) => Object.keys(Object(json[key]))),
  );
  const locks = {
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
  } as const;
  const named = /^(npm|pnpm|yarn|bun)[@/]/.exec(String(json["packageManager"] ?? ""))?.[1];
  const locked = Object.entries(locks).find(([lock]) => existsSync(join(cwd, lock)))?.[1];
  const found = [...frameworks.values()].filter((framework) =>
    framework.packages.some((name) => packages.has(name)),
  );
  const output = found.find((framework) => framework.output !== undefined)?.output;
  return {
    manager: (named as Project["manager"] | undefined) ?? locked ?? "npm",
    module: json["type"] === "module",
    frameworks: found.map(({ name }) => name),
    ...(output === undefined ? {} : { output }),
    typescript: packages.has("typescript") || existsSync(join(cwd, "tsconfig.json")),
    packages,
    manifest,
    configured: json["sessgen"] !== undefined,
  };
}
