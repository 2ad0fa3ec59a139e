import { packValue } from "../../src/codec/packed/pool.js";
import { codecOf, OfVariant, type Schema } from "../codec/support/schema.js";
import { shown } from "./plain.js";

/** A packed value, and what a reader makes of it. */
export interface ValueVector {
  readonly name: string;
  readonly schema: Schema;
  readonly hex: string;
  readonly value: unknown;
}

const user: Schema = {
  object: [
    [0, "id", "string"],
    [1, "name", "string"],
    [2, "email", "string"],
    [3, "roles", { list: { enum: ["admin", "member"] } }],
  ],
};
const loose: Schema = { object: [[0, "a", "number"]], rest: "unknown" };
const wide: Schema = {
  object: [
    [0, "a", "number"],
    [31, "b", "number"],
    [200, "c", "number"],
  ],
};
const shape: Schema = {
  union: [
    [0, { object: [[0, "radius", "number"]] }],
    [1, { object: [[0, "side", "number"]] }],
  ],
};
const id = "5e0bb1c4-6f4f-4d8e-9a51-6f8d5a0a3c11";
const token = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString("base64url");
const jwt = ['{"alg":"HS256"}', '{"sub":"4711"}', "a signature of 32 bytes, or more"]
  .map((part) => Buffer.from(part).toString("base64url"))
  .join(".");

const samples: readonly [name: string, schema: Schema, value: unknown][] = [
  ["true", "boolean", true],
  ["false", "boolean", false],
  ["null", "null", null],
  ["undefined", "undefined", undefined],
  ...[0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1].map(
    (value) => [`the integer ${value}`, "number", value] as [string, Schema, unknown],
  ),
  ...[-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53) + 1].map(
    (value) => [`the integer ${value}`, "number", value] as [string, Schema, unknown],
  ),
  ["minus zero: a float", "number", -0],
  ["NaN", "number", Number.NaN],
  ["infinity", "number", Number.POSITIVE_INFINITY],
  ["2^53: a float", "number", 2 ** 53],
  ["a price", "number", 19.99],
  ["one digit behind the point", "number", -0.5],
  ["six digits behind the point", "number", 52.520007],
  ["seven digits behind the point: a float", "number", 1.0000001],
  ["a fraction too large for a decimal one", "number", 2147483648.5],
  ["a third", "number", 1 / 3],
  ["a small bigint", "bigint", 7n],
  ["a bigint of 64 bits", "bigint", 2n ** 64n - 1n],
  ["a negative bigint of 64 bits", "bigint", -(2n ** 63n)],
  ["a bigint of more than 64 bits: digits", "bigint", 2n ** 64n],
  ["a negative one", "bigint", -(10n ** 40n)],
  ["a date of a whole second", "date", new Date(1_700_000_000_000)],
  ["a date with milliseconds", "date", new Date(1_700_000_000_123)],
  ["a date before 1970", "date", new Date(-1000)],
  ["a date after 2106", "date", new Date(2 ** 32 * 1000)],
  ["the last date there is", "date", new Date(8.64e15)],
  ["no bytes", "bytes", new Uint8Array()],
  ["bytes", "bytes", Uint8Array.of(0, 255, 128)],
  ["256 bytes", "bytes", new Uint8Array(256).fill(1)],
  ["no text", "string", ""],
  ["text", "string", "Ada"],
  ["text of 31 bytes", "string", "a sentence of thirty-one bytes."],
  ["text of 32 bytes", "string", "a sentence with thirty-two bytes"],
  ["text of 256 bytes", "string", "a b ".repeat(64)],
  ["text beyond ASCII", "string", "Žižek, 東京, 🙂"],
  ["text that ends in half a character", "string", "a\ud83d"],
  ["text with a replacement character", "string", "a\ufffd"],
  ["text that looks like an escape", "string", "\ufffdd83d"],
  ["a UUID", "string", id],
  ["a UUID in upper case: base64url, as it happens", "string", id.toUpperCase()],
  ["text of 31 characters of base64url", "string", "A".repeat(31)],
  ["a token of 32 bytes in base64url", "string", token],
  ["base64url with bits left over: text", "string", `${token.slice(0, -1)}x`],
  ["a signed token", "string", jwt],
  ["parts of which one is no base64url: text", "string", `${jwt.slice(0, -1)}!`],
  ["five parts, two of them empty", "string", `${token}..${token}..${token}`],
  ["six parts: text", "string", `${token}.....${token}`],
  ["a list", { list: "number" }, [1, 2, 3]],
  ["an empty list", { list: "number" }, []],
  ["a list of 16", { list: "boolean" }, Array.from({ length: 16 }, () => true)],
  ["a list with undefined in it", { list: { optional: "number" } }, [1, undefined]],
  ["null in place of a number", { nullable: "number" }, null],
  ["a number that might be null", { nullable: "number" }, 5],
  ["a set", { set: "string" }, new Set(["a", "b"])],
  ["a map", { map: ["number", "string"] }, new Map([[1, "one"]])],
  ["a record", { record: "number" }, { a: 1, toString: 2, "7": 3 }],
  ["a record with a key of half a character", { record: "number" }, { "\ud83d": 1, "\ufffd": 2 }],
  ["a tuple", { tuple: ["number", "string"] }, [1, "a"]],
  ["the third member of an enum, of which the second was removed", { enum: ["a", null, "c"] }, "c"],
  ["an object with all properties", user, { id, name: "Ada", email: "ada@example.com", roles: ["member"] }],
  ["an object without the last ones", user, { id, name: "Ada" }],
  ["an object with a gap", user, { id, name: "Ada", roles: [] }],
  ["an object with nothing in it", user, {}],
  ["an object with other keys", loose, { a: 1, b: "x" }],
  ["an object with slots above 30", wide, { a: 1, b: 2, c: 3 }],
  ["a variant of a union", shape, new OfVariant(1, { side: 2 })],
  ["anything: null", "unknown", null],
  ["anything: undefined", "unknown", undefined],
  ["anything: minus zero", "unknown", -0],
  ["anything: a float", "unknown", 19.99],
  ["anything: a date", "unknown", new Date(1_700_000_000_123)],
  ["anything: a bigint", "unknown", 7n],
  ["anything: a set and a map", "unknown", [new Set([1]), new Map([["a", 1]])]],
  ["anything: an object that looks like a tag", "unknown", { $date: 1 }],
  ["anything: a Buffer", "unknown", Buffer.from([1, 2])],
  ["anything: nested", "unknown", { a: [1, { b: "x", c: Uint8Array.of(1) }], d: true }],
];

export function valueVectors(): readonly ValueVector[] {
  return samples.map(([name, schema, value]) => ({
    name,
    schema,
    hex: Buffer.from(packValue(codecOf(schema), value)).toString("hex"),
    value: shown(value),
  }));
}
