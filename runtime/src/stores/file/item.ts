import { randomBytes } from "node:crypto";
import { open, rename, rm, writeFile } from "node:fs/promises";

/** What the names of sessions end with. */
export const EXTENSION = ".session";

/**
 * Puts bytes in the place of a file as a whole: a reader sees all of the one or all of the other.
 * @param beforehand - called right before; what it throws leaves the file as it was
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  mode: number,
  beforehand: () => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await writeFile(file, bytes);
    } finally {
      await file.close();
    }
    await beforehand();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Tells whether it is a name that {@link replaceFile} gives: what else is in the folder is not ours
 * to remove.
 */
export function isTemporary(name: string): boolean {
  return /^(?:[\w-]{1,64}\.)?[0-9a-f]{64}\.session\.[0-9a-f]{12}\.tmp$/.test(name);
}
