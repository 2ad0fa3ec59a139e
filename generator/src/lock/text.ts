import { SessgenError } from "../errors.js";
import type { Lock, LockEntry } from "./lock.js";

const FORMAT = 1;

/**
 * Prints the lock: sorted, an entry a line, so that git merges what different branches added. Deterministic.
 */
export function printLock(lock: Lock): string {
  const lines = [...lock.entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { slot, type, retired }]) => {
      const entry = { slot, type, ...(retired ? { retired } : {}) };
      return `    ${JSON.stringify(key)}: ${JSON.stringify(entry).replaceAll('":', '": ').replaceAll(',"', ', "')}`;
    });
  return `{\n  "version": ${FORMAT},\n  "slots": {\n${lines.join(",\n")}\n  }\n}\n`;
}

/**
 * Reads a lock. Where git left both sides of a conflict, both are taken: entries are independent of each other, and two that
 * got the same slot are found when the lock is applied.
 *
 * @throws SessgenError `lock/unreadable` with the line
 */
export function readLock(text: string, file: string): Lock {
  const entries = new Map<string, LockEntry>();
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (/^\s*$|^\s*[{}]+,?\s*$|^\s*"slots": \{\s*\}?,?$|^(<{7}|={7}|>{7}|\|{7})( |$)/.test(line)) continue;
    const version = /^\s*"version": (\d+),$/.exec(line);
    if (version !== null) {
      if (Number(version[1]) === FORMAT) continue;
      throw unreadable(file, index, `it has version ${version[1]}, and this sessgen knows ${FORMAT}`);
    }
    const [key, entry] = readLine(line) ?? [];
    if (key === undefined || entry === undefined) throw unreadable(file, index, "this line is no entry");
    const other = entries.get(key);
    // Both sides added it: the higher slot is the safer one, since nothing older can be stored there.
    entries.set(key, other === undefined || entry.slot >= other.slot ? entry : other);
  }
  return { entries };
}

function readLine(line: string): readonly [string, LockEntry] | undefined {
  try {
    const parsed: unknown = JSON.parse(`{${line.replace(/,\s*$/, "")}}`);
    const [[key, value] = [], ...others] = Object.entries(Object(parsed)) as [string, LockEntry][];
    if (key === undefined || value === undefined || others.length > 0) return undefined;
    const { slot, type, retired } = value;
    if (!Number.isSafeInteger(slot) || slot < 0 || typeof type !== "string") return undefined;
    return [key, { slot, type, ...(retired === true ? { retired } : {}) }];
  } catch {
    return undefined;
  }
}

function unreadable(file: string, index: number, why: string): SessgenError {
  return new SessgenError("lock/unreadable", `${file} cannot be read: ${why}`, {
    where: { file, line: index + 1 },
  });
}
