import type { CodeFile } from "../../code/code-file.js";
import type { Doc } from "../../code/doc.js";
import { Name } from "../../code/name.js";
import { camelCase, pascalCase, type Scope } from "../../code/names.js";
import { block, group, signature } from "../../code/syntax.js";
import type { Codecs, FunctionWriter, PartParameter } from "./kinds/kind.js";
import type { PlainKinds } from "./plain-kinds.js";

const RUNTIME = "@sessgen/runtime";

/** What functions are of, and what they are written with. */
export interface FunctionPlace {
  /** The text of the type. */
  readonly text: string;
  /** What is called after it. */
  readonly place: string;
  readonly plainKinds: PlainKinds;
  /** Is given the constants that functions need. */
  readonly into: Doc[];
  /** Gives what one function is written with. */
  codecs(scope: Scope, plain: Name): Codecs;
}

/** Makes what writes the functions of a type. */
export function functionWriter(
  file: CodeFile,
  { text, place, plainKinds, into, codecs }: FunctionPlace,
): FunctionWriter {
  const use: FunctionWriter["use"] = (name) => file.use(RUNTIME, name);
  const useType: FunctionWriter["use"] = (name) => file.useType(RUNTIME, name);
  const make = (
    name: string,
    parameters: () => readonly string[],
    result: string,
    taken: readonly string[],
    body: (to: Codecs) => readonly Doc[],
    plain: Name,
  ): Doc => {
    const to = codecs(file.scope.inner(taken), plain);
    const statements = body(to);
    return [signature(`function ${name}`, parameters(), result), " ", block(statements)];
  };
  const plain = (): Name => new Name("plain");
  const parts: Record<PartParameter, () => string> = {
    writer: () => `writer: ${useType("PackedWriter")}`,
    value: () => `value: ${text}`,
    slots: () => "slots: number[]",
  };
  return {
    use,
    text,
    plainKinds,
    constant: (wish, type, value) => {
      const name = file.scope.declare(`${camelCase(place)}${pascalCase(wish)}`);
      into.push(group(`const ${name}: ${type} = `, value, ";"));
      return name;
    },
    part: (wish, parameters, body) => {
      const name = file.scope.declare(`${wish}1`, `${wish}2`, `${wish}3`, `${wish}4`, `${wish}Part`);
      const code = make(
        name,
        () => parameters.map((one) => parts[one]()),
        "void",
        ["writer", "value", "slots"],
        body,
        plain(),
      );
      return { name, code };
    },
    write: ({ write }, body) =>
      make(write, () => [parts.writer(), parts.value()], "void", ["writer", "value"], body, plain()),
    read: ({ read }, body) =>
      make(read, () => [`reader: ${useType("PackedReader")}`], text, ["reader"], body, plain()),
    toPlain: ({ toPlain }, body) => {
      const name = plain();
      const parameters = (): string[] => [parts.value(), `${name.declared}: ${useType("PlainCodec")}`];
      return make(toPlain, parameters, "unknown", ["value", "plain"], body, name);
    },
    fromPlain: ({ fromPlain }, body) =>
      make(
        fromPlain,
        () => ["input: unknown", `plain: ${useType("PlainCodec")}`],
        text,
        ["input", "plain", "value"],
        body,
        plain(),
      ),
  };
}
