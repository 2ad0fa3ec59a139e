import { SessionError } from "../../errors.js";

/** Gives `undefined` for a file that is not there; for `catch`. */
export function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

/** Tells whether there is no such folder, or something else of its name. */
export function isNoFolder(error: unknown): boolean {
  return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
}

/** Says what the application is told. */
export function describe(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  switch (codeOf(cause)) {
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new SessionError("store/read-only", "The folder of the sessions cannot be written", { cause });
    case "ENOSPC":
    case "EDQUOT":
      return new SessionError("store/full", "There is no room left for sessions on the disk", { cause });
    default:
      return new SessionError("store/unavailable", "The folder of the sessions failed", { cause });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
