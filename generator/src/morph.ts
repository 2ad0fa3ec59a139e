import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Loads ts-morph, which takes some 300 ms: only who emits or reports a place asks for it. Through `require`, since `import()`
 * would first look through ten megabytes of CommonJS for the names it exports.
 */
export function loadMorph(): typeof import("ts-morph") {
  return require("ts-morph") as typeof import("ts-morph");
}
