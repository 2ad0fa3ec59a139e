import { statSync } from "node:fs";

/** Tells a file from another one of the same name; `undefined` where there is none. */
export function fileIdentity(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
