import { git } from "../lock/git.js";
import { hashOf, manifestName, plainText, readManifest } from "./manifest.js";

/** What git has just brought together, or is about to. */
const merges: readonly (readonly [string, string])[] = [
  ["HEAD", "MERGE_HEAD"],
  ["HEAD", "REBASE_HEAD"],
  ["HEAD", "CHERRY_PICK_HEAD"],
  ["HEAD^1", "HEAD^2"],
];

/**
 * Says whether a text is what git made of versions that were ours, and nobody wrote it: it is to be
 * made anew. Either it is the version that is checked out, as where git switched branches while a
 * run was writing, which left the list of another version's files. Or every line is in one of two
 * versions that were brought together, whether git marked conflicts or found none.
 * @param output - the folder of the manifest
 */
export async function isFromGit(root: string, output: string, path: string, text: string): Promise<boolean> {
  const head = await versionIn(root, output, path, "HEAD");
  if (head?.isOurs && head.lines.join("\n") === plainText(text)) return true;
  for (const sides of merges) {
    const versions = await Promise.all(sides.map((side) => versionIn(root, output, path, side)));
    const there = versions.flatMap((version) => version ?? []);
    if (there.length < sides.length || there.some(({ isOurs }) => !isOurs)) continue;
    const known = new Set(there.flatMap(({ lines }) => lines));
    if (linesOf(text).every((line) => known.has(line) || /^(<{7}|\|{7}|={7}|>{7})( |$)/.test(line)))
      return true;
  }
  return false;
}

async function versionIn(
  root: string,
  output: string,
  path: string,
  side: string,
): Promise<{ readonly lines: readonly string[]; readonly isOurs: boolean } | undefined> {
  const [file, manifest] = await Promise.all(
    [path, `${output}/${manifestName}`].map((one) => git(root, "show", `${side}:./${one}`)),
  );
  if (manifest?.code !== 0) return undefined;
  // Only one side has it.
  if (file?.code !== 0) return { lines: [], isOurs: true };
  const known = readManifest(manifest.out).get(path) ?? [];
  return { lines: linesOf(file.out), isOurs: known.includes(hashOf(file.out)) };
}

function linesOf(text: string): readonly string[] {
  return plainText(text).split("\n");
}
