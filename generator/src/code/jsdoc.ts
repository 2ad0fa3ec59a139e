import { type Doc, lines, WIDTH } from "./doc.js";

/**
 * A description as the text of a JSDoc comment: it cannot end the comment. `undefined` when there
 * is nothing to say.
 */
function docText(description: string | undefined): string | undefined {
  const text = description?.replaceAll("*/", "*\\/").replaceAll("\r\n", "\n").trim();
  return text === "" ? undefined : text;
}

/**
 * The comment above a declaration, on one line where it has room.
 * @param steps - how far to the right it stands
 */
function docComment(text: string, steps = 0): Doc {
  const short = `/** ${text} */`;
  if (!text.includes("\n") && short.length <= WIDTH - steps * 2) return short;
  return lines(["/**", ...wrapped(text, WIDTH - steps * 2 - 3).map((one) => ` * ${one}`.trimEnd()), " */"]);
}

/** Gives a declaration with its comment. */
export function documented(description: string | undefined, declaration: Doc): Doc {
  const text = docText(description);
  return text === undefined ? declaration : lines([docComment(text), declaration]);
}

/**
 * The text's lines, each broken between words where it is longer than there is room. An item of a
 * list goes on below its text.
 */
function wrapped(text: string, width: number): string[] {
  return text.split("\n").flatMap((whole) => {
    if (whole.length <= width) return [whole];
    const indent = whole.startsWith("- ") ? "  " : "";
    const found: string[] = [];
    let current: string | undefined;
    for (const word of whole.split(" ")) {
      if (current === undefined) current = word;
      else if (current.length + 1 + word.length <= width) current += ` ${word}`;
      else {
        found.push(current);
        current = indent + word;
      }
    }
    return current === undefined ? found : [...found, current];
  });
}

/** Gives a description as the comment of a declaration that ts-morph prints. */
export function docLines(description: string | undefined, steps = 0): string[] {
  const text = docText(description);
  if (text === undefined) return [];
  const room = WIDTH - steps * 2;
  if (!text.includes("\n") && text.length + "/**  */".length <= room) return [text];
  // What begins on the next line stands on lines of its own.
  return [`\n${wrapped(text, room - " * ".length).join("\n")}`];
}
