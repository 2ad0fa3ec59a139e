import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withoutBom } from "../text.js";

/** What the nearest package.json says. */
export interface PackageManifest {
  readonly file: string;
  readonly folder: string;
  /** JavaScript files of the package are ES modules. */
  readonly isModule: boolean;
  /** What it depends on, in development or always. */
  readonly packages: ReadonlySet<string>;
  /** The whole text. */
  readonly text: string;
}

/** Finds the package that a folder belongs to; one that is no JSON says nothing. */
export function packageOf(folder: string): PackageManifest | undefined {
  for (let current = folder; ; current = dirname(current)) {
    const file = join(current, "package.json");
    if (existsSync(file)) return manifestIn(file, current);
    if (dirname(current) === current) return undefined;
  }
}

function manifestIn(file: string, folder: string): PackageManifest {
  const text = withoutBom(readFileSync(file, "utf8"));
  const json = parsed(text);
  const packages = ["dependencies", "devDependencies"].flatMap((key) => Object.keys(Object(json[key])));
  return { file, folder, isModule: json["type"] === "module", packages: new Set(packages), text };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
