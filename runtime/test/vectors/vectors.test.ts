import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packValue } from "../../src/codec/packed/pool.js";
import { samples } from "../codec/support/arbitrary.js";
import { codecOf } from "../codec/support/schema.js";
import { vectorFiles } from "./make.js";
import { shown } from "./plain.js";
import { valueVectors } from "./values.js";

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const python = spawnSync("python3", ["--version"], { encoding: "utf8" });
/** A reader of its own, written after the page. */
const read = (...files: string[]) =>
  spawnSync("python3", [file("reader.py"), ...files], { encoding: "utf8", maxBuffer: 2 ** 24 });

it.each(Object.entries(vectorFiles()))("%s is what `make.ts` makes", (name, want) => {
  expect(readFileSync(file(name), "utf8")).toBe(want);
});

// Without python3 there is nobody to read them.
describe.skipIf(python.status !== 0)("the reader in Python", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sessgen-vectors-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Has it read vectors that are no file yet. */
  const readAll = (vectors: readonly object[]) => {
    const path = join(folder, "vectors.json");
    writeFileSync(path, JSON.stringify(vectors));
    return read(path);
  };

  it("passes all vectors", () => {
    const { status, stdout, stderr } = read(...Object.keys(vectorFiles()).map(file));
    expect(stdout + stderr).toMatch(/^\d+ vectors, 0 of them read otherwise\n$/);
    expect(status).toBe(0);
  });

  it("tells of one that is read otherwise", () => {
    const [vector] = valueVectors();
    const { status, stdout } = readAll([{ ...vector, value: "something else" }]);
    expect(stdout).toContain("1 vectors, 1 of them read otherwise");
    expect(status).toBe(1);
  });

  it("reads values of any schema", { tags: "slow" }, () => {
    const vectors = fc.sample(samples, { numRuns: 500, seed: 3 }).map(({ schema, value }, index) => ({
      name: `sample ${index}`,
      schema,
      hex: Buffer.from(packValue(codecOf(schema), value)).toString("hex"),
      value: shown(value),
    }));
    const { stdout, stderr } = readAll(vectors);
    expect(stdout.slice(-2000) + stderr).toBe("500 vectors, 0 of them read otherwise\n");
  });
});
