import { MsgpackCursor } from "./msgpack-cursor.js";
import { MsgpackReader } from "./msgpack-reader.js";
import { PackedReader } from "./reader.js";

/**
 * Reads as {@link PackedReader} does, and knows at which byte the value begins that could not be
 * read. For tools: it takes its time.
 */
export class TracingReader extends PackedReader {
  readonly #bytes: Uint8Array;
  #begun = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#bytes = bytes;
  }

  /** Where the value begins that was asked for last, in the bytes that were given. */
  get begun(): number {
    return this.#begun;
  }

  /** Reads something, and notes where it begins; where that fails, this is what is known. */
  trace<T>(read: () => T): T {
    const before = this.#begun;
    // What an object has that the schema does not know is read around, in a copy.
    if (this.source === this.#bytes) this.#begun = this.position;
    this.#depth += 1;
    const value = read();
    this.#depth -= 1;
    if (this.#depth > 0) this.#begun = before;
    return value;
  }
}

/** Those that read nothing, where the reader stands or goes on, and parts of those that read. */
const others: ReadonlySet<string> = new Set([
  "constructor",
  "turnTo",
  "begin",
  "comeBack",
  "leaveAround",
  "enter",
  "leave",
  "take",
  "byte",
  "uint",
  "skipRest",
  "tryText",
  "textAt",
  "bytesStart",
  "skipExtension",
  "skipSimple",
  "textLength",
  "longLength",
  "ascii",
  "longNumber",
  "decimal",
  "parts",
  "part",
  "packedText",
  "otherObject",
  "slotsOf",
  "knownSlots",
  "putAside",
  "plainList",
  "plainObject",
  "plainExtension",
]);

for (const prototype of [MsgpackCursor.prototype, MsgpackReader.prototype, PackedReader.prototype]) {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value !== "function" || others.has(name)) continue;
    Object.defineProperty(TracingReader.prototype, name, {
      value(this: TracingReader, ...given: readonly unknown[]): unknown {
        return this.trace(() => Reflect.apply(value, this, given));
      },
    });
  }
}
