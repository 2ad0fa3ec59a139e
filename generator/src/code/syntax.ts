import {
  brokenGroup,
  choice,
  type Doc,
  group,
  hardline,
  ifBroken,
  indent,
  isBroken,
  join,
  line,
  lines,
  softline,
} from "./doc.js";

/*
 * TypeScript as prettier and biome lay it out, so that neither of them changes what is emitted.
 */

/** Room for a list of numbers in an object. */
const FILL_WIDTH = 76;

/** A string literal, in the quotes that need fewer escapes. */
export function stringText(text: string): string {
  const json = JSON.stringify(text);
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  if (doubles <= singles) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A number literal. */
export function numberText(value: number): string {
  return String(value).replace("e+", "e");
}

/** `callee(a, b)`; the arguments one below the other where they have no room. */
export function call(callee: Doc, args: readonly Doc[]): Doc {
  return [callee, list("(", args, ")")];
}

/** A call whose last argument begins on the line of the call: an object, or a function with a block. */
export function callWith(callee: Doc, args: readonly Doc[], last: Doc): Doc {
  const before = args.flatMap((arg) => [arg, ", "]);
  const all = [...args, last];
  const flat = [callee, "(", ...before, last, ")"];
  if (isBroken(last)) return flat;
  return choice(
    flat,
    [callee, "(", ...before, brokenGroup(last), ")"],
    [callee, "(", indent(hardline, join([",", hardline], all), ","), hardline, ")"],
  );
}

/** What stands in brackets, on one line or one below the other. */
function list(open: string, items: readonly Doc[], close: string): Doc {
  if (items.length === 0) return open + close;
  return group(open, indent(softline, join([",", line], items)), ifBroken(","), softline, close);
}

/** `[a, b]`. */
export function array(items: readonly Doc[]): Doc {
  return list("[", items, "]");
}

/** `{ a, b: c }` on one line if there is room. */
export function object(members: readonly Doc[]): Doc {
  if (members.length === 0) return "{}";
  return group("{", indent(line, join([",", line], members)), ifBroken(","), line, "}");
}

/** An object with a member on each line; a comment may stand behind a member. */
export function tallObject(
  members: readonly (Doc | { readonly member: Doc; readonly comment: string })[],
): Doc {
  const shown = members.map((member): Doc => {
    if (typeof member === "object" && "member" in member) return [member.member, `, // ${member.comment}`];
    return [member, ","];
  });
  return members.length === 0 ? "{}" : ["{", indent(hardline, lines(shown)), hardline, "}"];
}

/** `a && b`, to stand in a statement that gives it room. */
export function all(conditions: readonly Doc[]): Doc {
  return join([" &&", line], conditions);
}

/** `a || b`, to stand in a statement that gives it room. */
export function any(conditions: readonly Doc[]): Doc {
  return join([" ||", line], conditions);
}

/** A condition as an operand of another operator. */
export function inParentheses(condition: Doc): Doc {
  return group("(", indent(condition), ")");
}

/** `test ? yes : no`. */
export function conditional(test: Doc, yes: Doc, no: Doc): Doc {
  return group(test, indent(line, "? ", yes, line, ": ", no));
}

/** `(a, b) => body`, whose body may come on the next line. */
export function arrow(parameters: Doc, body: Doc): Doc {
  return group(parameters, " =>", group(indent(line, body)));
}

/** `(a, b) => { … }`. */
export function arrowBlock(parameters: Doc, body: readonly Doc[]): Doc {
  return [parameters, " => ", block(body)];
}

/** `{ … }`, with a statement on each line. */
export function block(statements: readonly Doc[]): Doc {
  return statements.length === 0 ? "{}" : ["{", indent(hardline, lines(statements)), hardline, "}"];
}

/** `if (test) statement` on one line, else with a block. */
export function ifThen(test: Doc, statement: Doc): Doc {
  const head = ["if (", group(indent(softline, test), softline), ") "];
  if (isBroken(statement)) return [...head, block([statement])];
  return group(...head, ifBroken("{"), indent(softline, statement), ifBroken([softline, "}"]));
}

/** `if (test) { … }`. */
export function ifBlock(test: Doc, statements: readonly Doc[]): Doc {
  return [group("if (", group(indent(softline, test), softline), ") "), block(statements)];
}

/** `if … else if … else …`, each with a block unless all have room on a line. */
export function ifElse(
  cases: readonly (readonly [test: Doc, statements: readonly Doc[]])[],
  otherwise?: readonly Doc[],
): Doc {
  const branches = cases.map(
    ([test, statements], index): Doc => [
      index === 0 ? "" : " else ",
      ["if (", group(indent(softline, test), softline), ") "],
      block(statements),
    ],
  );
  return [...branches, ...(otherwise === undefined ? [] : [" else ", block(otherwise)])];
}

/** `for (const name of list) { … }`. */
export function forOf(name: Doc, values: Doc, statements: readonly Doc[]): Doc {
  return [group("for (const ", name, " of ", values, ") "), block(statements)];
}

/** `const name = value;`, of a value that breaks inside of itself. */
export function constant(name: Doc, value: Doc): Doc {
  return group("const ", name, " = ", value, ";");
}

/** `const name = value;`, of a value that may come on the next line. */
export function constantBelow(name: Doc, value: Doc): Doc {
  return group("const ", name, " =", group(indent(line, value)), ";");
}

/** `const { a, b } = value;`. */
export function destructure(members: readonly Doc[], value: Doc): Doc {
  return constant(object(members), value);
}

/** `return value;`. */
export function returns(value: Doc): Doc {
  return ["return ", value, ";"];
}

/** `return a && b;`, in parentheses where it breaks. */
export function returnsCondition(condition: Doc): Doc {
  return group("return ", ifBroken("("), indent(softline, condition), softline, ifBroken(")"), ";");
}

/** A function's signature: `name(a: A, b: B): R`. */
export function signature(name: Doc, parameters: readonly Doc[], result: Doc): Doc {
  return group(name, group(list("(", parameters, ")")), ": ", result);
}

/** `export type Name = A | B;`, with a member on each line where there is no room. */
export function typeAlias(name: string, members: readonly string[]): Doc {
  if (members.length === 1) return ["export type ", name, " = ", members[0] ?? "", ";"];
  return group("export type ", name, " =", indent(line, ifBroken("| "), join([line, "| "], members)), ";");
}

/** A union of types as the argument of a generic one. */
export function union(members: readonly string[]): Doc {
  return members.length === 1 ? (members[0] ?? "") : group(ifBroken("| "), join([line, "| "], members));
}

/** `Name<A, B>`. */
export function generic(name: string, args: readonly Doc[]): Doc {
  return group(name, "<", indent(softline, join([",", line], args)), softline, ">");
}

/** A list with an item on each line. */
export function tallArray(items: readonly Doc[]): Doc {
  return ["[", indent(hardline, join([",", hardline], items), ","), hardline, "]"];
}

/** A list of numbers, as many on a line as there is room for. */
export function fill(numbers: readonly string[]): Doc {
  const flat = `[${numbers.join(", ")}]`;
  if (flat.length < FILL_WIDTH) return flat;
  const rows: string[] = [];
  for (const number of numbers) {
    const row = rows.at(-1);
    if (row === undefined || row.length + 1 + number.length > FILL_WIDTH) rows.push(`${number},`);
    else rows[rows.length - 1] = `${row} ${number},`;
  }
  return ["[", indent(hardline, lines(rows)), hardline, "]"];
}
