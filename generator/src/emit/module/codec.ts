import type { CodeFile } from "../../code/code-file.js";
import type { Field } from "../../model/model.js";
import { codecConstant, type Emission } from "./emission.js";
export function writeCodec(_file: CodeFile, _emission: Emission): void {}
export function useCodec(file: CodeFile, emission: Emission, field: Field): string {
  return file.use(emission.file("codec"), codecConstant(field));
}
