import {
  below,
  brokenGroup,
  choice,
  contentsOf,
  type Doc,
  fill,
  formed,
  formOf,
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
import { isIdentifierName } from "./names.js";

/*
 * TypeScript as prettier and biome lay it out, so that neither of them changes what is emitted.
 */

/** A longer argument of a call can be broken, or is worth a line of its own. */
const SHORT_ARGUMENT = 25;

/** Writes a string literal, in the quotes that need fewer escapes. */
export function stringText(text: string): string {
  const json = JSON.stringify(text);
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  if (doubles <= singles) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Writes a number literal. */
export function numberText(value: number): string {
  return String(value).replace("e+", "e");
}

export { group };

/** Writes `callee(a, b)`; the arguments one below the other where they have no room. */
export function call(callee: Doc, args: readonly Doc[]): Doc {
  const [only] = args;
  // Taken for a composition of functions, whose parts are read one below the other.
  if (args.length > 1 && args.some((arg) => formOf(arg) === "callWithFunction"))
    return tallCall(callee, args);
  const code = [callee, list("(", args, ")")];
  if (args.length !== 1 || typeof only !== "string") return code;
  return formed(only.length <= SHORT_ARGUMENT ? "shortCall" : "longCall", ...code);
}

/** Writes `callee(() => name)`. */
export function callWithFunction(callee: Doc, name: string): Doc {
  return formed("callWithFunction", callee, list("(", [`() => ${name}`], ")"));
}

/** Writes a call with an argument on each line. */
export function tallCall(callee: Doc, args: readonly Doc[]): Doc {
  return [callee, "(", indent(hardline, join([",", hardline], args), ","), hardline, ")"];
}

/**
 * Writes a call whose last argument begins on the line of the call: an object, or a function with a
 * block.
 */
export function callWith(callee: Doc, args: readonly Doc[], last: Doc): Doc {
  const before = args.flatMap((arg) => [arg, ", "]);
  const all = [...args, last];
  const flat = [callee, "(", ...before, last, ")"];
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

/** Writes `[a, b]`. */
export function array(items: readonly Doc[]): Doc {
  return list("[", items, "]");
}

/** Writes `{ a, b: c }` on one line if there is room. */
export function object(members: readonly Doc[]): Doc {
  if (members.length === 0) return "{}";
  return group("{", indent(line, join([",", line], members)), ifBroken(","), line, "}");
}

/** Writes an object with a member on each line; a comment may stand behind a member. */
export function tallObject(
  members: readonly (Doc | { readonly member: Doc; readonly comment: string })[],
): Doc {
  const shown = members.map((member): Doc => {
    if (typeof member === "object" && "member" in member) return [member.member, `, // ${member.comment}`];
    return [member, ","];
  });
  return members.length === 0 ? "{}" : ["{", indent(hardline, lines(shown)), hardline, "}"];
}

/** Writes `a && b`, to stand in a statement that gives it room. */
export function all(conditions: readonly Doc[]): Doc {
  return join([" &&", line], conditions);
}

/** Writes `a || b`, to stand in a statement that gives it room. */
export function any(conditions: readonly Doc[]): Doc {
  return join([" ||", line], conditions);
}

/** Writes a condition as an operand of another operator. */
export function inParentheses(condition: Doc): Doc {
  return group("(", indent(condition), ")");
}

/** Writes an expression with an operator. */
export function binary(...code: Doc[]): Doc {
  return formed("binary", ...code);
}

/** Writes `test ? yes : no`; one that stands in the place of `no` goes on with the same lines. */
export function conditional(test: Doc, yes: Doc, no: Doc): Doc {
  const rest = isConditional(no) ? contentsOf(no) : no;
  const form = formOf(test) === "binary" ? "conditionalOnBinary" : "conditional";
  return formed(form, test, indent(line, "? ", yes, line, ": ", rest));
}

/** Tells whether the code has the form `a ? b : c`. */
function isConditional(code: Doc): boolean {
  return formOf(code)?.startsWith("conditional") ?? false;
}

/** Writes `name: value`. */
export function property(name: string, value: Doc): Doc {
  return value === name ? name : assigned([name, ":"], value, "");
}

/** Writes `target = value;`. */
export function assign(target: Doc, value: Doc): Doc {
  return assigned([target, " ="], value, ";");
}

/**
 * A value that tests with an operator comes on the next line where it has to break, and so does a
 * call with nothing in it to be broken at. Any other does where not even its bracket has room.
 */
function assigned(head: Doc, value: Doc, end: string): Doc {
  const form = formOf(value);
  if (form === "binary" || form === "conditionalOnBinary" || form === "shortCall")
    return group(head, group(indent(line, value)), end);
  return [head, below(value), end];
}

/** Writes `(a, b) => body`, whose body may come on the next line. */
export function arrow(parameters: Doc, body: Doc): Doc {
  return group(parameters, " =>", group(indent(line, body)));
}

/** Writes `{ … }`, with a statement on each line. */
export function block(statements: readonly Doc[]): Doc {
  return statements.length === 0 ? "{}" : ["{", indent(hardline, lines(statements)), hardline, "}"];
}

/** Writes `if (test) statement` on one line, else with a block. */
export function ifThen(test: Doc, statement: Doc): Doc {
  const head = ["if (", group(indent(softline, test), softline), ") "];
  if (isBroken(statement)) return [...head, block([statement])];
  return group(...head, ifBroken("{"), indent(softline, statement), ifBroken([softline, "}"]));
}

/** Writes `if (test) { … }`. */
export function ifBlock(test: Doc, statements: readonly Doc[]): Doc {
  return [group("if (", group(indent(softline, test), softline), ") "), block(statements)];
}

/** Writes `if … else if … else …`, each with a block unless all have room on a line. */
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
  const [only] = otherwise ?? [];
  if (only === undefined) return branches;
  const isShort = otherwise?.length === 1 && typeof only === "string";
  return [...branches, " else ", isShort ? only : block(otherwise ?? [])];
}

/** Writes `for (const name of list) { … }`. */
export function forOf(name: Doc, values: Doc, statements: readonly Doc[]): Doc {
  const head = group("for (const ", name, " of ", values, ") ");
  const [only] = statements;
  if (statements.length > 1 || typeof only !== "string") return [head, block(statements)];
  return group(head, ifBroken("{"), indent(softline, only), ifBroken([softline, "}"]));
}

/** Writes `const name = value;`, of a value that breaks inside of itself. */
export function constant(name: Doc, value: Doc): Doc {
  return assign(["const ", name], value);
}

/** Writes `const { a, b } = value;`. */
export function destructure(members: readonly Doc[], value: Doc): Doc {
  return constant(object(members), value);
}

/** Writes `return value;`. */
export function returns(value: Doc): Doc {
  return ["return ", value, ";"];
}

/** Writes a function's signature: `name(a: A, b: B): R`. */
export function signature(name: Doc, parameters: readonly Doc[], result: Doc): Doc {
  return group(name, group(list("(", parameters, ")")), ": ", result);
}

/** Writes `export type Name = A | B;`, with a member on each line where there is no room. */
export function typeAlias(name: string, members: readonly string[]): Doc {
  if (members.length === 1) return ["export type ", name, " = ", members[0] ?? "", ";"];
  return group("export type ", name, " =", indent(line, ifBroken("| "), join([line, "| "], members)), ";");
}

/** Writes a union of types as the argument of a generic one. */
export function union(members: readonly string[]): Doc {
  return members.length === 1 ? (members[0] ?? "") : group(ifBroken("| "), join([line, "| "], members));
}

/** Writes `Name<A, B>`. */
export function generic(name: string, args: readonly Doc[]): Doc {
  const [only] = args;
  if (args.length === 1 && typeof only === "string" && isSimpleType(only)) return `${name}<${only}>`;
  return group(name, "<", indent(softline, join([",", line], args)), softline, ">");
}

/** Writes a list with an item on each line. */
export function tallArray(items: readonly Doc[]): Doc {
  return ["[", indent(hardline, join([",", hardline], items), ","), hardline, "]"];
}

/** Writes a list of numbers, as many on a line as there is room for. */
export function numberList(numbers: readonly number[]): Doc {
  const items = numbers.map(
    (number, index) => `${numberText(number)}${index < numbers.length - 1 ? "," : ""}`,
  );
  return items.length === 0 ? "[]" : group("[", indent(softline, fill(items)), ifBroken(","), softline, "]");
}

/** Writes a list of strings. */
export function stringList(texts: readonly string[]): Doc {
  return array(texts.map(stringText));
}

/** Writes `a | b`. */
export function bitwise(flags: readonly Doc[]): Doc {
  const [only = ""] = flags;
  if (flags.length === 1) return only;
  return binary(
    join(
      [" |", line],
      flags.map((flag) => (isConditional(flag) ? ["(", flag, ")"] : flag)),
    ),
  );
}

/** Writes `if (a) b; else if (c) d;`, each on its line, or with a block. */
export function ifLine(cases: readonly (readonly [test: Doc, statement: Doc])[], otherwise?: Doc): Doc {
  if (cases.length === 1 && otherwise === undefined && cases[0] !== undefined) return ifThen(...cases[0]);
  const all = cases.map(([test, statement], index) => [
    `${index === 0 ? "" : "else "}if (`,
    test,
    ") ",
    statement,
  ]);
  return lines([...all, ...(otherwise === undefined ? [] : [["else ", otherwise]])]);
}

/** Writes `switch (value) { case a: return b; … default: … }`. */
export function switchOn(
  value: Doc,
  cases: readonly (readonly [label: Doc, statement: Doc])[],
  otherwise: Doc,
): Doc {
  const all = cases.map(([label, statement]) => ["case ", label, ":", indent(hardline, statement)]);
  return ["switch (", value, ") ", block([...all, ["default:", indent(hardline, otherwise)]])];
}

/** A type that does not break inside of `Name<…>`: a name, or the type of an object. */
function isSimpleType(text: string): boolean {
  return isIdentifierName(text) || text.startsWith("{");
}
