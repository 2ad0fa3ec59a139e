/** The last column a comment may reach. */
export const WIDTH = 100;

/** What no line break may be put into: links of JSDoc, code, numbers of standards. */
export const atoms = /\{@[^}]*\}\S*|[(]?RFC \d+\S*|section [\d.]+\S*|[([]*`[^`]*`\S*|\S+/g;

/** Begins a paragraph of its own: a tag, an item of a list. */
const opener = /^(@\w+|[-*] |\d+[.)] )/;

/** What a tool reads, or a person laid out: left as it is. */
const fixed = /^(?: {2,}|\t|\||```|#|biome-ignore|@ts-|@example|\/ ?<)/;

/**
 * Wraps the paragraphs that have a line beyond the width, and no others, so that a change touches
 * what it must.
 *
 * @param text - of the file
 * @param comments - with `type`, `start` and `end`, in the order of the file
 */
export function wrapComments(text, comments) {
  const edits = [...blocks(text, comments), ...runs(text, comments)];
  let result = text;
  for (const { start, end, lines } of edits.sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + lines.join("\n") + result.slice(end);
  }
  return result;
}

/** Comments of `/**` and of `/*` with lines below, which stand alone on their lines. */
function* blocks(text, comments) {
  for (const { type, start, end } of comments) {
    const comment = text.slice(start, end);
    const indent = indentOf(text, start);
    const opening = /^\/\*\*|^\/\*(?=\n)/.exec(comment)?.[0];
    if (type !== "Block" || opening === undefined || indent === undefined) continue;
    if (!/^[ \t]*(?:\n|$)/.test(text.slice(end))) continue;
    if (comment.split("\n").every((line, index) => width(line, index, indent) <= WIDTH)) continue;
    const content = comment
      .slice(opening.length, -2)
      .split("\n")
      .map((line, index) => (index === 0 ? line : line.replace(/^\s*\*/, "")).replace(/^ /, "").trimEnd());
    if (content[0] === "") content.shift();
    if (content.at(-1) === "") content.pop();
    const lines = wrap(content, WIDTH - indent - 3);
    if (lines === undefined) continue;
    const margin = " ".repeat(indent);
    yield {
      start,
      end,
      lines: [opening, ...lines.map((line) => `${margin} * ${line}`.trimEnd()), `${margin} */`],
    };
  }
}

/** Comments of `//` that follow each other, each alone on its line. */
function* runs(text, comments) {
  let run = [];
  const finished = function* () {
    const [first] = run;
    const last = run.at(-1);
    run = [];
    if (first === undefined) return;
    const indent = first.indent;
    const content = text
      .slice(first.start, last.end)
      .split("\n")
      .map((line) => line.trim().slice(2).replace(/^ /, ""));
    if (content.every((line) => indent + 3 + line.length <= WIDTH)) return;
    const lines = wrap(content, WIDTH - indent - 3);
    if (lines === undefined) return;
    const margin = " ".repeat(indent);
    yield {
      start: first.start,
      end: last.end,
      lines: lines.map((line, index) => `${index === 0 ? "" : margin}// ${line}`.trimEnd()),
    };
  };
  for (const { type, start, end } of comments) {
    const indent = indentOf(text, start);
    const previous = run.at(-1);
    const follows =
      previous !== undefined && previous.indent === indent && /^\n *$/.test(text.slice(previous.end, start));
    if (!follows) yield* finished();
    if (type === "Line" && indent !== undefined) run.push({ start, end, indent });
  }
  yield* finished();
}

/** Columns before the comment, if nothing but spaces stands there. */
function indentOf(text, start) {
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  return /^ *$/.test(before) ? before.length : undefined;
}

function width(line, index, indent) {
  return index === 0 ? indent + line.length : line.length;
}

/** The lines, with paragraphs that are too wide wrapped; `undefined` when that changes nothing. */
function wrap(content, columns) {
  const result = [];
  let paragraph = [];
  let fenced = false;
  const flush = () => {
    if (paragraph.some((line) => line.length > columns)) result.push(...fill(paragraph, columns));
    else result.push(...paragraph);
    paragraph = [];
  };
  for (const line of content) {
    if (line.startsWith("```")) fenced = !fenced;
    // What is indented below an item of a list, or a tag, goes on with it.
    const goesOn = /^ {2,}\S/.test(line) && opener.test(paragraph[0] ?? "");
    if (line === "" || fenced || (fixed.test(line) && !goesOn)) {
      flush();
      result.push(line);
    } else {
      if (opener.test(line)) flush();
      paragraph.push(line);
    }
  }
  flush();
  // A comment of one line may have to become one of three.
  return content.length > 1 && result.join("\n") === content.join("\n") ? undefined : result;
}

/** One paragraph, filled. */
function fill(paragraph, columns) {
  const [first = ""] = paragraph;
  const hanging = /^[-*@]/.test(first) ? "  " : "";
  const lines = [];
  let line = "";
  for (const word of paragraph.join(" ").match(atoms) ?? []) {
    const margin = lines.length === 0 ? "" : hanging;
    if (line === "") line = margin + word;
    else if (line.length + 1 + word.length <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = hanging + word;
    }
  }
  return [...lines, line];
}
