import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import type { ErrorEntry } from "../../src/errors/entry.js";
import { exitCodes, generatorErrors } from "../../src/errors.js";

const folder = new URL("../../src/errors/", import.meta.url);
const areas = await Promise.all(
  readdirSync(folder)
    .filter((file) => file !== "entry.ts")
    .map(async (file): Promise<[string, Record<string, ErrorEntry>]> => {
      const module: object = await import(new URL(file, folder).href);
      return [file, Object.assign({}, ...Object.values(module))];
    }),
);

it("every area's errors are in the registry, and no code is of two areas", () => {
  const codes = areas.flatMap(([, entries]) => Object.keys(entries));
  expect(codes.toSorted()).toEqual(Object.keys(generatorErrors).sort());
});

it.each(areas)("those of %s have codes, and say why and how to mend it in sentences", (_file, entries) => {
  for (const [code, { exit, severity, why, fix }] of Object.entries(entries)) {
    expect(code).toMatch(/^[a-z]+\/[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(exitCodes, code).toHaveProperty(exit);
    expect(["error", "warning"], code).toContain(severity);
    for (const text of [why, fix]) expect(text, code).toMatch(/^(?:sessgen\b|[^a-z]).*[.?)]$/s);
  }
});
