const SPACE = /[ \t\n\r]*/y;
const SCALAR =
  /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const KEY = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"[ \t\n\r]*:/y;

/**
 * Gives the byte at which text stops being JSON; `undefined`: it is JSON. Not every engine says,
 * and their messages quote what they found.
 */
export function jsonErrorAt(bytes: Uint8Array): number | undefined {
  // One character for each byte: outside of strings, JSON is ASCII.
  const text = Buffer.from(bytes).toString("latin1");
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found !== null;
  };
  const skip = (character: string): boolean => {
    take(SPACE);
    const isThere = text[at] === character;
    if (isThere) at += 1;
    return isThere;
  };
  /** What closes the lists and objects that are open. */
  const open: ("]" | "}")[] = [];
  let wantsValue = true;
  do {
    if (wantsValue) {
      const inner = skip("{") ? "}" : skip("[") ? "]" : undefined;
      if (inner !== undefined) open.push(inner);
      else if (!take(SCALAR)) return at;
      wantsValue = inner !== undefined && !skip(inner);
      if (inner !== undefined && !wantsValue) open.pop();
    } else if (skip(",")) wantsValue = true;
    else if (skip(open.at(-1) ?? "")) open.pop();
    else return at;
    if (wantsValue && open.at(-1) === "}") {
      take(SPACE);
      if (!take(KEY)) return at;
    }
  } while (open.length > 0);
  take(SPACE);
  return at < text.length ? at : invalidUtf8At(bytes);
}

/** Where bytes stop being UTF-8. */
function invalidUtf8At(bytes: Uint8Array): number | undefined {
  const again = Buffer.from(Buffer.from(bytes).toString("utf8"), "utf8");
  const length = Math.max(bytes.length, again.length);
  for (let at = 0; at < length; at += 1) if (bytes[at] !== again[at]) return at;
  return undefined;
}
