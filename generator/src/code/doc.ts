/**
 * Code as a tree that says where lines may break; {@link print} decides where they do. After
 * Wadler, "A prettier printer": a group stands on one line when it fits there, and otherwise all of
 * its own lines break.
 */
export type Doc = string | readonly Doc[] | Line | Indent | Group | IfBroken | Choice | Fill | Below;

interface Line {
  readonly kind: "line";
  /** What stands there when the line does not break. */
  readonly flat: string;
  /** It always breaks. */
  readonly broken: boolean;
}
interface Indent {
  readonly kind: "indent";
  readonly contents: Doc;
  readonly broken: boolean;
}
interface Group {
  readonly kind: "group";
  readonly contents: Doc;
  readonly broken: boolean;
  /** What it is, where that decides how others lay it out. */
  readonly form?: Form;
}
interface IfBroken {
  readonly kind: "ifBroken";
  readonly whenBroken: Doc;
  readonly whenFlat: Doc;
  readonly broken: boolean;
}
interface Choice {
  readonly kind: "choice";
  /** From the shortest to the longest; the last one is taken when none fits. */
  readonly states: readonly Doc[];
  readonly broken: boolean;
}

interface Fill {
  readonly kind: "fill";
  readonly items: readonly string[];
  readonly broken: false;
}

interface Below {
  readonly kind: "below";
  readonly contents: Doc;
  readonly broken: boolean;
}

/**
 * An expression with an operator, one of the form `a ? b : c`, a call with one name, short or long,
 * or a call with a function.
 */
export type Form =
  | "binary"
  | "conditional"
  | "conditionalOnBinary"
  | "shortCall"
  | "longCall"
  | "callWithFunction";

/** A space, or a break. */
export const line: Doc = { kind: "line", flat: " ", broken: false };
/** Nothing, or a break. */
export const softline: Doc = { kind: "line", flat: "", broken: false };
/** A break, and one in every group around it. */
export const hardline: Doc = { kind: "line", flat: "", broken: true };

/** Puts what breaks inside two columns to the right. */
export function indent(...contents: Doc[]): Doc {
  return { kind: "indent", contents, broken: isBroken(contents) };
}

/** Stands on one line, or has all its own lines broken. */
export function group(...contents: Doc[]): Doc {
  return { kind: "group", contents, broken: isBroken(contents) };
}

/** Writes a group whose own lines break, whether it would fit or not. */
export function brokenGroup(...contents: Doc[]): Doc {
  return { kind: "group", contents, broken: true };
}

/** Writes a group of which others want to know what it is. */
export function formed(form: Form, ...contents: Doc[]): Doc {
  return { kind: "group", contents, broken: isBroken(contents), form };
}

/** Gives what the doc is, if it is {@link formed}. */
export function formOf(doc: Doc): Form | undefined {
  return typeof doc === "object" && "form" in doc ? doc.form : undefined;
}

/** Gives what a group contains. */
export function contentsOf(doc: Doc): Doc {
  return typeof doc === "object" && "contents" in doc ? doc.contents : doc;
}

/** Writes as many items on each line as there is room for. */
export function fill(items: readonly string[]): Doc {
  return { kind: "fill", items, broken: false };
}

/** Gives one text when the group around it breaks, and another one when it does not. */
export function ifBroken(whenBroken: Doc, whenFlat: Doc = ""): Doc {
  return { kind: "ifBroken", whenBroken, whenFlat, broken: false };
}

/** Gives the first of the states that fits up to its own first break. */
export function choice(...states: readonly [Doc, ...Doc[]]): Doc {
  return { kind: "choice", states, broken: isBroken(states[0]) };
}

/**
 * Puts what follows behind a space, or on a line of its own, where not even what comes before its
 * own first break has room.
 */
export function below(contents: Doc): Doc {
  return { kind: "below", contents, broken: isBroken(contents) };
}

/** Puts the separator between docs. */
export function join(separator: Doc, docs: readonly Doc[]): Doc[] {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [separator, doc]));
}

/** Lines one below the other. */
export function lines(docs: readonly Doc[]): Doc {
  return join(hardline, docs);
}

/** Tells whether there is a line in it that always breaks. */
export function isBroken(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  return isList(doc) ? doc.some(isBroken) : doc.broken;
}

/** How wide emitted code may be. */
export const WIDTH = 100;

interface Command {
  readonly indent: number;
  readonly flat: boolean;
  readonly doc: Doc;
}

/**
 * Prints the tree.
 * @param steps - how far to the right its lines stand, two columns each; the first one stands there
 *   already
 */
export function print(doc: Doc, steps = 0): string {
  const stack: Command[] = [{ indent: steps * 2, flat: false, doc }];
  let text = "";
  let column = steps * 2;
  /** Of a line on which nothing stands yet: an empty one has no spaces. */
  let spaces = 0;
  for (let command = stack.pop(); command !== undefined; command = stack.pop()) {
    const { doc, flat, indent } = command;
    if (typeof doc === "string") {
      if (doc === "") continue;
      text += " ".repeat(spaces) + doc;
      spaces = 0;
      column += doc.length;
    } else if (isList(doc)) pushAll(stack, doc, command);
    else if (doc.kind === "indent") stack.push({ doc: doc.contents, flat, indent: indent + 2 });
    else if (doc.kind === "ifBroken") stack.push({ doc: flat ? doc.whenFlat : doc.whenBroken, flat, indent });
    else if (doc.kind === "fill") {
      for (const [index, item] of doc.items.entries()) {
        const breaks = !flat && index > 0 && column + 1 + item.length > WIDTH;
        const glue = index === 0 ? "" : breaks ? `\n${" ".repeat(indent)}` : " ";
        text += " ".repeat(spaces) + glue + item;
        spaces = 0;
        column = (breaks ? indent : column + glue.length) + item.length;
      }
    } else if (doc.kind === "below") {
      const beside = [" ", doc.contents];
      const fits = flat || fitsIn(WIDTH - column, { doc: beside, flat, indent }, stack);
      stack.push({ doc: fits ? beside : nextLine(doc.contents), flat, indent });
    } else if (doc.kind === "line") {
      if (flat && !doc.broken) {
        text += doc.flat;
        column += doc.flat.length;
      } else {
        text += "\n";
        column = indent;
        spaces = indent;
      }
    } else {
      const fits = (part: Doc): boolean => fitsIn(WIDTH - column, { doc: part, flat: true, indent }, stack);
      if (doc.kind === "group") {
        const whole = !doc.broken && (flat || fits(doc.contents));
        stack.push({ doc: doc.contents, flat: whole, indent });
      } else {
        const [first = "", ...others] = doc.states;
        const state = !doc.broken && (flat || fits(first)) ? first : others.slice(0, -1).find(fits);
        stack.push({ doc: state ?? others.at(-1) ?? first, flat: state !== undefined, indent });
      }
    }
  }
  return text;
}

/** Whether a command, and what follows it up to where a line breaks, has room. */
function fitsIn(room: number, first: Command, following: readonly Command[]): boolean {
  const stack = [first];
  let next = following.length;
  let left = room;
  while (left >= 0) {
    const command = stack.pop() ?? following[--next];
    if (command === undefined) return true;
    const { doc, flat, indent } = command;
    if (typeof doc === "string") left -= doc.length;
    else if (isList(doc)) pushAll(stack, doc, command);
    else if (doc.kind === "indent") stack.push({ ...command, doc: doc.contents });
    else if (doc.kind === "ifBroken") stack.push({ ...command, doc: flat ? doc.whenFlat : doc.whenBroken });
    else if (doc.kind === "fill") {
      left -= doc.items.join(" ").length;
    } else if (doc.kind === "below") {
      if (!flat) return true;
      stack.push({ doc: [" ", doc.contents], flat, indent });
    } else if (doc.kind === "line") {
      if (!flat || doc.broken) return true;
      left -= doc.flat.length;
    } else if (doc.kind === "group") stack.push({ doc: doc.contents, flat: flat && !doc.broken, indent });
    else {
      const whole = flat && !doc.broken;
      stack.push({ doc: doc.states.at(whole ? 0 : -1) ?? "", flat: whole, indent });
    }
  }
  return false;
}

function nextLine(doc: Doc): Doc {
  return indent(hardline, doc);
}

function pushAll(stack: Command[], docs: readonly Doc[], { flat, indent }: Command): void {
  for (let index = docs.length - 1; index >= 0; index -= 1)
    stack.push({ doc: docs[index] ?? "", flat, indent });
}

function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}
