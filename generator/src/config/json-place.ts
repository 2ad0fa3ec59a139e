import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Where } from "../errors.js";
import { placeAt } from "../text.js";

const require = createRequire(import.meta.url);

/**
 * Finds where the first of these members stands that one of the files has; comments may be in them.
 *
 * @param files - JSON files; the first one that has the member counts
 * @param members - paths, e.g. `compilerOptions.rootDir`
 * @returns the first file alone, where none has any
 */
export function whereInJson(files: readonly string[], members: readonly string[]): Where {
  const { findNodeAtLocation, parseTree } = require("jsonc-parser") as typeof import("jsonc-parser");
  const texts = files.filter(existsSync).map((file) => ({ file, text: readFileSync(file, "utf8") }));
  for (const path of members) {
    for (const { file, text } of texts) {
      const tree = parseTree(text);
      // What stands around a member's value is the member.
      const node = tree && findNodeAtLocation(tree, path.split("."))?.parent;
      if (node !== undefined) return { file, ...placeAt(text, node.offset), path };
    }
  }
  const [file] = files;
  return file === undefined ? {} : { file };
}
