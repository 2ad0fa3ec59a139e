import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Artifact } from "./artifact.js";
import { isFromGit } from "./from-git.js";
import { hashOf, type Manifest, plainText } from "./manifest.js";

/** What becomes of one file. */
export interface Change {
  readonly path: string;
  /**
   * `edited` and `foreign` files are in the way: ours, but changed by hand, or not ours at all.
   * `stale`: no longer emitted, but changed by hand.
   */
  readonly action: "create" | "update" | "remove" | "unchanged" | "edited" | "foreign" | "stale";
  readonly before?: string;
  readonly after?: string;
}

/**
 * Compares what should be with what is. Reads, never writes.
 * @param output - the folder of the manifest
 */
export async function compare(
  root: string,
  artifacts: readonly Artifact[],
  manifest: Manifest,
  output: string,
): Promise<Change[]> {
  const planned = await Promise.all(
    artifacts.map((artifact) => compareOne(root, artifact, manifest, output)),
  );
  const paths = new Set(artifacts.map(({ path }) => path));
  const gone = await Promise.all(
    [...manifest]
      .filter(([path]) => !paths.has(path))
      .map(([path, hashes]) => compareGone(root, path, hashes)),
  );
  return [...planned, ...gone.filter((change) => change !== undefined)];
}

async function compareOne(
  root: string,
  artifact: Artifact,
  manifest: Manifest,
  output: string,
): Promise<Change> {
  const { path, content: after, kind } = artifact;
  const before = await readIfPresent(join(root, path));
  if (before === undefined) return { path, action: "create", after };
  if (kind === "once" || plainText(before) === plainText(after))
    return { path, action: "unchanged", before, after };
  const known = [hashOf(after), ...(manifest.get(path) ?? [])];
  if (kind === "shared" || isOurs(before, known) || (await isFromGit(root, output, path, before)))
    return { path, action: "update", before, after };
  return { path, action: manifest.has(path) ? "edited" : "foreign", before, after };
}

async function compareGone(
  root: string,
  path: string,
  hashes: readonly string[],
): Promise<Change | undefined> {
  const before = await readIfPresent(join(root, path));
  if (before === undefined) return undefined;
  return { path, action: isOurs(before, hashes) ? "remove" : "stale", before };
}

function isOurs(text: string, known: readonly string[]): boolean {
  return known.includes(hashOf(text));
}

/** Says whether a file has what it should, and somebody laid it out anew. */
export function isReformatted({ before, after }: Change): boolean {
  return before !== undefined && after !== undefined && hashOf(before) === hashOf(after);
}

/** Gives the text of a file; `undefined` when there is none, or a folder stands in the way. */
export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      ["ENOENT", "ENOTDIR", "EISDIR"].includes(String(error.code))
    ) {
      return undefined;
    }
    throw error;
  }
}
