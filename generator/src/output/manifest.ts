import { createHash } from "node:crypto";

/**
 * Which files are ours, and what we last wrote into them. Kept in the output folder, so that a
 * fresh clone knows, too. While a run is writing, a file has two hashes: what it was and what it
 * will be.
 */
export type Manifest = ReadonlyMap<string, readonly string[]>;

/** The manifest's own name, in the output folder. */
export const manifestName = ".sessgen.json";

/** Gives the hash of a file's content, the same for both kinds of line ends. */
export function hashOf(content: string): string {
  return createHash("sha256").update(content.replaceAll("\r\n", "\n")).digest("hex");
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

/**
 * Reads a manifest. One that cannot be read, for example after a merge, says nothing: whatever is
 * the same stays ours.
 */
export function readManifest(text: string | undefined): Manifest {
  const manifest = new Map<string, string[]>();
  for (const [, path, hashes = ""] of (text ?? "").matchAll(/^ {4}("(?:[^"\\]|\\.)*"): (.*?),?\r?$/gm)) {
    manifest.set(JSON.parse(path ?? '""'), hashes.match(/[0-9a-f]{64}/g) ?? []);
  }
  return manifest;
}
