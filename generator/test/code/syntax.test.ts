import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { type Doc, print, WIDTH } from "../../src/code/doc.js";
import {
  all,
  array,
  assign,
  binary,
  call,
  callWith,
  callWithFunction,
  conditional,
  constant,
  forOf,
  generic,
  ifElse,
  ifThen,
  numberList,
  numberText,
  object,
  property,
  stringText,
  switchOn,
  tallObject,
  typeAlias,
} from "../../src/code/syntax.js";

const long = (letter: string): string => letter.repeat(45);
const [a, b, c] = [long("a"), long("b"), long("c")];

describe("a literal", () => {
  it.each<[string, string]>([
    ["a", '"a"'],
    ['say "a"', "'say \"a\"'"],
    ["it's", '"it\'s"'],
    [`"it's"`, `'"it\\'s"'`],
    ["\n\\", '"\\n\\\\"'],
    ["\u2028", '"\u2028"'],
  ])("is the text itself: %j", (text, want) => {
    expect(stringText(text)).toBe(want);
    // biome-ignore lint/security/noGlobalEval: the language itself is the judge
    expect(globalThis.eval(stringText(text))).toBe(text);
  });

  it.each([0, -1.5, 1e21, 1e-7, Number.MAX_SAFE_INTEGER])("is the number itself: %d", (number) => {
    expect(Number(numberText(number))).toBe(number);
  });
});

describe("code that has room stands on one line, and is broken where it has none", () => {
  it.each<
    [string, { given: (names: readonly [string, string, string]) => Doc; short: string; long: string }]
  >([
    [
      "a list",
      { given: (names) => array(names), short: "[a, b, c]", long: `[\n  ${a},\n  ${b},\n  ${c},\n]` },
    ],
    [
      "an object",
      {
        given: ([a, b, c]) => object([a, property("b", b), property("k", c)]),
        short: "{ a, b, k: c }",
        long: `{\n  ${a},\n  b: ${b},\n  k: ${c},\n}`,
      },
    ],
    [
      "a call",
      { given: (names) => call("f", names), short: "f(a, b, c)", long: `f(\n  ${a},\n  ${b},\n  ${c},\n)` },
    ],
    [
      "a call that ends with an object",
      {
        given: ([a, b, c]) => callWith("f", [a], object([b, c])),
        short: "f(a, { b, c })",
        long: `f(${a}, {\n  ${b},\n  ${c},\n})`,
      },
    ],
    [
      "a choice",
      {
        given: ([a, b, c]) => constant("it", conditional(a, b, c)),
        short: "const it = a ? b : c;",
        long: `const it = ${a}\n  ? ${b}\n  : ${c};`,
      },
    ],
    [
      "a condition",
      {
        given: (names) => ifThen(all(names), "return;"),
        short: "if (a && b && c) return;",
        long: `if (\n  ${a} &&\n  ${b} &&\n  ${c}\n) {\n  return;\n}`,
      },
    ],
    [
      "a loop",
      {
        given: ([a, b, c]) => forOf(a, b, [`${c}();`]),
        short: "for (const a of b) c();",
        long: `for (const ${a} of ${b}) {\n  ${c}();\n}`,
      },
    ],
    [
      "a type",
      {
        given: (names) => typeAlias("T", names),
        short: "export type T = a | b | c;",
        long: `export type T =\n  | ${a}\n  | ${b}\n  | ${c};`,
      },
    ],
  ])("%s", (_name, want) => {
    expect(print(want.given(["a", "b", "c"]))).toBe(want.short);
    expect(print(want.given([a, b, c]))).toBe(want.long);
  });

  it("a value with an operator comes on the next line", () => {
    expect(print(assign("a", binary("b", " + ", "c")))).toBe("a = b + c;");
    expect(print(assign(a, binary(b, " + ", c)))).toBe(`${a} =\n  ${b} + ${c};`);
  });

  it("numbers, as many on a line as there is room for", () => {
    const lines = print(numberList(Array.from({ length: 60 }, (_, index) => index))).split("\n");
    expect(lines).toHaveLength(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(WIDTH);
    expect(print(numberList([1, 2]))).toBe("[1, 2]");
  });
});

describe("a constant is left by prettier as it is, however long its name", () => {
  it.each<[string, { type: Doc; value: Doc }]>([
    ["an object", { type: generic("Of", ["A | B"]), value: tallObject([property("name", "value")]) }],
    [
      "a call with a list",
      { type: generic("Of", ["[A, B]"]), value: callWith("make", [], array(["one", "two"])) },
    ],
    ["a call", { type: "Of", value: call("make", [call("part", ["one"]), "two"]) }],
    ["a call with a call", { type: "Of", value: call("make", [call("part", ["one"])]) }],
    ["a call with a long name", { type: "Of", value: call("make", ["aNameThatIsLongerThanMostOfThem"]) }],
    ["a call with a function", { type: "Of", value: callWithFunction("make", "partCodec") }],
    [
      "a call with a function that gives an object",
      {
        type: "Of",
        value: callWith("make", ["one", "two"], ["() => (", tallObject([property("name", "value")]), ")"]),
      },
    ],
    ["a condition", { type: "Of", value: conditional("one", "two", "three") }],
  ])("%s", async (_name, { type, value }) => {
    const all = Array.from({ length: WIDTH }, (_, index) =>
      print(constant(["a".repeat(index + 1), ": ", type], value)),
    ).join("\n");
    expect(`${all}\n`).toBe(await format(`${all}\n`, { parser: "typescript", printWidth: WIDTH }));
  });
});

it("branches have blocks, a switch has a line for each case", () => {
  expect(print(ifElse([["a", ["one();", "two();"]]], ["three();"]))).toBe(
    "if (a) {\n  one();\n  two();\n} else three();",
  );
  expect(print(switchOn("kind", [['"a"', "return 1;"]], "return 2;"))).toBe(
    'switch (kind) {\n  case "a":\n    return 1;\n  default:\n    return 2;\n}',
  );
});
