/** What is stored beside the sessions, under keys of its own. */
export type Beside = "lock" | "quarantine";

/**
 * Behind the tag stand 43 characters of a session's key, or more of something that belongs to a
 * session. Behind another dot stands a part of that.
 */
const beside = /^([\w-]{8}\.)(lock|quarantine)-([\w-]{43})(?:\.[\w-]{8})?$/;

/**
 * Gives the key of what belongs to the session under that key. No id leads there.
 * @param part - 8 characters of base64url, where there are several
 */
export function keyBeside(key: string, what: Beside, part?: string): string {
  const at = key.indexOf(".") + 1;
  return `${key.slice(0, at)}${what}-${key.slice(at)}${part === undefined ? "" : `.${part}`}`;
}

/** Gives what the key is of, other than a session. */
export function besideOf(key: string): Beside | undefined {
  return beside.exec(key)?.[2] as Beside | undefined;
}

/** Gives the key of the session that this one, or what is kept under this one, belongs to. */
export function sessionKeyOf(key: string): string {
  return key.replace(beside, "$1$3");
}

/** Gives the key of what an application has once: no id leads there, either. */
export function epochKey(tag: string): string {
  return `${tag}.epoch`;
}

/** Gives the key of what an application notes of its indexes; no id leads there, either. */
export function indexNotesKey(tag: string): string {
  return `${tag}.indexes`;
}

/**
 * Says whether a session is kept under that key, and not what belongs to one, or to all of them.
 */
export function isSessionKey(key: string): boolean {
  // What belongs to a session has its key within its own, and is longer than any session's.
  if (key.length >= LEAST_BESIDE && besideOf(key) !== undefined) return false;
  return !key.endsWith(".epoch") && !key.endsWith(".indexes");
}

/** The length of the shortest key of what belongs to a session. */
const LEAST_BESIDE = "tag-of-8".length + ".lock-".length + 43;
