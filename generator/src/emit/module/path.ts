import { isIdentifierName } from "../../code/names.js";
import { stringText } from "../../code/syntax.js";

/** The path of a value in emitted checks, as the parts of a template. */
export class Path {
  readonly #parts: readonly (string | { readonly code: string })[];

  private constructor(parts: readonly (string | { readonly code: string })[]) {
    this.#parts = parts;
  }

  /** Gives a path that is known when the code is emitted. */
  static text(text: string): Path {
    return new Path([text]);
  }

  /** Gives a path that an expression gives. */
  static code(code: string): Path {
    return new Path([{ code }]);
  }

  /** Gives the member of an object: `.name`, or `["a-b"]`. */
  member(name: string): Path {
    return this.text(isIdentifierName(name) ? `.${name}` : `[${JSON.stringify(name)}]`);
  }

  /** Gives an element, by the variable that holds its index. */
  element(index: string): Path {
    return new Path([...this.#parts, "[", { code: index }, "]"]);
  }

  /** Gives the path with text behind it. */
  text(text: string): Path {
    return new Path([...this.#parts, text]);
  }

  /** Gives the path that an expression makes of this one. */
  through(make: (expression: string) => string): Path {
    return Path.code(make(this.expression));
  }

  /** The path as an expression. */
  get expression(): string {
    const [first] = this.#parts;
    if (this.#parts.length === 1 && typeof first === "object") return first.code;
    if (this.#parts.every((part) => typeof part === "string")) return stringText(this.#parts.join(""));
    const shown = this.#parts.map((part) =>
      typeof part === "string" ? part.replace(/[\\`]|\$\{/g, "\\$&") : `\${${part.code}}`,
    );
    return `\`${shown.join("")}\``;
  }
}
