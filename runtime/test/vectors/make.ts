// `node --import tsx runtime/test/vectors/make.ts`: writes the vectors anew. A test sees to it that they are what this makes.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sessionVectors } from "./sessions.js";
import { valueVectors } from "./values.js";

/** The files and what is in them. */
export function vectorFiles(): Readonly<Record<string, string>> {
  return { "values.json": listing(valueVectors()), "sessions.json": listing(sessionVectors()) };
}

/** One vector a line. */
function listing(vectors: readonly object[]): string {
  return `[\n${vectors.map((vector) => JSON.stringify(vector)).join(",\n")}\n]\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(vectorFiles()))
    writeFileSync(new URL(name, import.meta.url), text);
}
