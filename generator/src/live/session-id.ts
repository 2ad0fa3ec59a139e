import { SessgenError } from "../errors.js";

/** What the runtime's ids look like: 22 to 86 characters of base64url. */
const ID = /^[A-Za-z0-9_-]{22,86}$/;

/**
 * What the store's keys look like: the application's tag, which may begin with a dash, and what is
 * behind it.
 */
const KEY = /^[A-Za-z0-9_-]{8}\.[A-Za-z0-9_-]{43,}$/;

/**
 * Gives the id in what somebody copied from a browser: the id, a cookie's value with its signature,
 * or `name=value`.
 * @throws SessgenError `inspect/invalid-id`, which does not repeat it
 */
export function sessionId(text: string): string {
  const [pair = ""] = text.trim().split(";");
  const [id = ""] = pair.slice(pair.lastIndexOf("=") + 1).split(".");
  if (ID.test(id)) return id;
  throw new SessgenError("inspect/invalid-id", "That is no session id");
}

/**
 * Writes ids that begin with a dash as `=id`, and such keys as `--key=key`, or they would be taken
 * for options.
 */
export function shieldIds(argv: readonly string[]): string[] {
  const [command = ""] = argv;
  if (command !== "inspect" && command !== "revoke") return [...argv];
  const shielded: string[] = [];
  for (const word of argv) {
    const isId = word.startsWith("-") && (KEY.test(word) || ID.test(word.split(".", 1)[0] ?? ""));
    if (!isId) shielded.push(word);
    else if (shielded.at(-1) === "--key") shielded.splice(-1, 1, `--key=${word}`);
    else shielded.push(`=${word}`);
  }
  return shielded;
}
