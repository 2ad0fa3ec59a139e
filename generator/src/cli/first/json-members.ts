import { applyEdits, modify, parse } from "jsonc-parser";

/** A member of a JSON file, by the names on the way to it. */
export interface JsonMember {
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * Adds members to the text of a JSON file, comments and all else untouched.
 * @returns the text, and the names of those that were added: one that is there stays as it is
 */
export function withMembers(
  text: string,
  members: readonly JsonMember[],
): { readonly text: string; readonly added: readonly string[] } {
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? "  ";
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const formattingOptions = { insertSpaces: !indent.includes("\t"), tabSize: indent.length, eol };
  let edited = text;
  const added: string[] = [];
  for (const { path, value } of members) {
    if (memberIn(edited, path) !== undefined) continue;
    // Elements of a list go by number.
    const way = path.map((name) => (/^\d+$/.test(name) ? Number(name) : name));
    edited = applyEdits(edited, modify(edited, way, value, { formattingOptions }));
    added.push(path.join("."));
  }
  return { text: edited, added };
}

/** Gives a list that a JSON file has; `undefined` where it has none. */
export function listIn(text: string, path: readonly string[]): readonly unknown[] | undefined {
  const value = memberIn(text, path);
  return Array.isArray(value) ? value : undefined;
}

function memberIn(text: string, path: readonly string[]): unknown {
  return path.reduce<unknown>((object, name) => Object(object)[name], parse(text));
}
