import { SessgenError } from "../errors.js";
import type { Lock } from "./lock.js";
import { readLock } from "./text.js";

/**
 * Reads a lock that has to be there.
 * @throws SessgenError `lock/missing`, `lock/unreadable`, `lock/two-applications`
 */
export function existingLock(text: string | undefined, file: string): Lock {
  return readLock(lockOrThrow(text, file), file);
}

/**
 * Gives the text of a lock that has to be there.
 * @throws SessgenError `lock/missing`
 */
export function lockOrThrow(text: string | undefined, file: string): string {
  if (text !== undefined) return text;
  throw new SessgenError("lock/missing", `There is no ${file}`, {
    where: { file },
    fix: `Run npx sessgen locally (in a script: npx sessgen --new-application) and commit ${file}.`,
  });
}
