import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Gives the name in the package.json of that folder, or of the nearest one above that has a name;
 * nothing where none has.
 */
export async function packageName(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const name = await nameIn(join(at, "package.json"));
    if (name !== undefined || dirname(at) === at) return name;
  }
}

async function nameIn(file: string): Promise<string | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(file, "utf8"));
    const name: unknown = Reflect.get(Object(manifest), "name");
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    // Not there, or not readable: the one above it may be.
    return undefined;
  }
}
