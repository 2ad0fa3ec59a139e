import type { Pattern, StringFormat, StringType } from "./model.js";
import { beginningPattern, endingPattern, laterPattern, patternOf } from "./patterns.js";
import { greatest, least, optional } from "./reflect.js";

/** Collects what the checks of a schema ask of a text, whichever Zod says it. */
export class StringRules {
  readonly #patterns: Pattern[] = [];
  readonly #includes: string[] = [];
  #format: StringFormat | undefined;
  #minLength: number | undefined;
  #maxLength: number | undefined;
  #startsWith: string | undefined;
  #endsWith: string | undefined;

  atLeast(length: number | undefined): void {
    this.#minLength = greatest(this.#minLength, length);
  }

  atMost(length: number | undefined): void {
    this.#maxLength = least(this.#maxLength, length);
  }

  /** Notes a format; the first one is what the type is called by. */
  format(format: StringFormat | undefined): void {
    this.#format ??= format;
  }

  matches(expression: RegExp): void {
    this.#patterns.push(patternOf(expression));
  }

  /**
   * Asks for a part.
   * @param position - where it must begin, or after it; `undefined`: anywhere
   */
  includes(part = "", position?: number): void {
    if (position === undefined) this.#includes.push(part);
    else this.#patterns.push(laterPattern(part, position));
  }

  startsWith(text: string | undefined): void {
    if (this.#startsWith !== undefined) this.#patterns.push(beginningPattern(this.#startsWith));
    this.#startsWith = text;
  }

  endsWith(text: string | undefined): void {
    if (this.#endsWith !== undefined) this.#patterns.push(endingPattern(this.#endsWith));
    this.#endsWith = text;
  }

  /** Gives the type of texts that do all of it. */
  type(): StringType {
    return {
      kind: "string",
      patterns: this.#patterns,
      ...optional("format", this.#format),
      ...optional("minLength", this.#minLength),
      ...optional("maxLength", this.#maxLength),
      ...optional("includes", this.#includes.length === 0 ? undefined : this.#includes),
      ...optional("startsWith", this.#startsWith),
      ...optional("endsWith", this.#endsWith),
    };
  }
}
