/**
 * A name in emitted code that knows whether it was used: parameters that were not are named so, or
 * left out.
 */
export class Name {
  readonly #text: string;
  #isUsed = false;

  constructor(text: string) {
    this.#text = text;
  }

  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** The name as a declaration has it: what is not used begins with `_`. */
  get declared(): string {
    return this.#isUsed ? this.#text : `_${this.#text}`;
  }

  /** Uses the name. */
  toString(): string {
    this.#isUsed = true;
    return this.#text;
  }
}
