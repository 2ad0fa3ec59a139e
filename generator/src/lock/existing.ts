import { SessgenError } from "../errors.js";
import type { Lock } from "./lock.js";
import { type ReadOptions, readLock } from "./text.js";

/**
 * Reads a lock that has to be there.
 * @throws SessgenError `lock/missing`, `lock/unreadable`, `lock/two-applications`
 */
export function existingLock(text: string | undefined, file: string, options: ReadOptions = {}): Lock {
  if (text !== undefined) return readLock(text, file, options);
  throw new SessgenError("lock/missing", `There is no ${file}`, {
    where: { file },
    fix: `Run npx sessgen locally (in a script: npx sessgen --new-application) and commit ${file}.`,
  });
}
