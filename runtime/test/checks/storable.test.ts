import { expect, it } from "vitest";
import { checkStorable, SessionFieldError } from "../../src/index.js";

const circular: unknown[] = [];
circular.push({ again: circular });

/** So many lists, each in the one before. */
const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));

it.each<[string, { given: unknown }]>([
  ["as many lists within lists as can be read again", { given: nested(513) }],
  ["nothing", { given: undefined }],
  ["plain data", { given: { a: [1, null, true, "x", 5n, Number.NaN] } }],
  ["dates, bytes, maps and sets", { given: [new Date(0), Uint8Array.of(1), new Map([["a", new Set([1])]])] }],
  ["the same object twice", { given: [circular.length, ...Array(2).fill({ a: 1 })] }],
  ["an object without prototype", { given: Object.assign(Object.create(null), { a: 1 }) }],
])("lets %s through", (_name, { given }) => {
  expect(() => checkStorable(given, "field")).not.toThrow();
});

it.each<[string, { given: unknown; want: string }]>([
  ["a function", { given: () => {}, want: "field" }],
  ["a symbol deep inside", { given: { a: [{ b: Symbol("x") }] }, want: "field.a[0].b" }],
  ["a value that contains itself", { given: circular, want: "field[0].again" }],
  ["an invalid date", { given: [new Date(Number.NaN)], want: "field[0]" }],
  ["lists within lists without end", { given: nested(514), want: `field${"[0]".repeat(513)}` }],
  ["an object of a class", { given: new (class Cart {})(), want: "field" }],
  [
    "a key that would set the prototype",
    { given: JSON.parse('{ "__proto__": 1 }'), want: "field.__proto__" },
  ],
])("refuses %s", (_name, { given, want }) => {
  expect(() => checkStorable(given, "field")).toThrow(SessionFieldError);
  expect(() => checkStorable(given, "field")).toThrow(expect.objectContaining({ path: want }));
});
