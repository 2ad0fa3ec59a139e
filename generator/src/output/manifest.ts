import { createHash } from "node:crypto";
import { withoutBom } from "../text.js";

/**
 * Which files are ours, and what we last wrote into them. Kept in the output folder, so that a
 * fresh clone knows, too. While a run is writing, a file has two hashes: what it was and what it
 * will be.
 */
export type Manifest = ReadonlyMap<string, readonly string[]>;

/** The manifest's own name, in the output folder. */
export const manifestName = ".sessgen.json";

/** Gives a text as it is compared: with one kind of line ends, and no mark in front. */
export function plainText(content: string): string {
  return withoutBom(content).replaceAll("\r\n", "\n");
}

/** An import, on one line or several. */
const IMPORT = /^import\s[^"'`]*["'][^"'\n]+["'];?[ \t]*$/gm;

/**
 * Gives the hash that says whether a file is ours. What formatters change does not count: white
 * space, the kind of quotes, commas and semicolons at ends, parentheses around something, the order
 * of imports and of what each of them names.
 */
export function hashOf(content: string): string {
  const text = plainText(content);
  const imports = (text.match(IMPORT) ?? []).map((one) =>
    (one.match(/[^\s{},;"']+/g) ?? []).sort().join(" "),
  );
  const bare = [...imports.sort(), text.replace(IMPORT, "")]
    .join("\n")
    .replace(/['`]/g, '"')
    .replace(/[\s,;]+/g, "")
    // Those of a call without arguments stay.
    .replace(/\((?!\))|(?<!\()\)/g, "");
  return createHash("sha256").update(bare).digest("hex");
}

/** Prints the manifest: sorted, a file a line. */
export function printManifest(manifest: Manifest): string {
  const lines = [...manifest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([path, hashes]) =>
        `    ${JSON.stringify(path)}: ${JSON.stringify(hashes.length === 1 ? hashes[0] : hashes)}`,
    );
  return `{\n  "note": "Written by sessgen: the files it owns, by their hashes.",\n  "files": {\n${lines.join(",\n")}\n  }\n}\n`;
}

/** A file and its hashes, however a formatter laid them out. */
const ENTRY = /^[ \t]*("(?:[^"\\]|\\.)*"):\s*("[0-9a-f]{64}"|\[[^\]]*\])/gm;

/**
 * Reads a manifest. After a merge, both sides of it count. One that cannot be read says nothing:
 * whatever is the same stays ours.
 */
export function readManifest(text: string | undefined): Manifest {
  const manifest = new Map<string, string[]>();
  for (const [, path, hashes = ""] of (text ?? "").matchAll(ENTRY)) {
    const name: string = JSON.parse(path ?? '""');
    manifest.set(name, [...(manifest.get(name) ?? []), ...(hashes.match(/[0-9a-f]{64}/g) ?? [])]);
  }
  return manifest;
}
