// Written by `npm run registries` from what is beside this file. Do not edit.
import { express } from "./express/index.js";
import type { Framework } from "./framework.js";

/** Every framework, by its name. */
export const frameworks: ReadonlyMap<string, Framework> = new Map(
  [express].map((descriptor) => [descriptor.name, descriptor]),
);
