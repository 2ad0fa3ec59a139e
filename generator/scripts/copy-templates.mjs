// Copies the repository's templates into the package, where `src/render.ts`, once compiled, looks first.
// Run after the compiler by the root's `build` script.
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const from = fileURLToPath(new URL("../../templates", import.meta.url));
const to = fileURLToPath(new URL("../dist/templates", import.meta.url));

rmSync(to, { recursive: true, force: true }); // a template that was deleted must not live on in the package
cpSync(from, to, { recursive: true });
