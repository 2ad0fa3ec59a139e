import { z } from "zod";
import { relativePath } from "../../config/values.js";
import type { ModuleExport } from "../module-export.js";
import type { Policy } from "./policy.js";

/** What becomes of a field when two requests change the session at once. */
export type Merge =
  | "last-write-wins"
  | "counter"
  | "max"
  | "min"
  | { readonly union: string }
  | { readonly append: number }
  | ModuleExport;

export interface MergePolicy {
  /**
   * What becomes of the field when two requests change the session at once. Default
   * `"last-write-wins"`.
   * - `"counter"`: both differences are added; numbers and bigints
   * - `"max"`, `"min"`: the larger, the smaller; numbers, bigints and dates
   * - `{ union: "sku" }`: a list of objects as a set by that key
   * - `{ append: 100 }`: a list that grows at its end, cut to its last 100 elements
   * - `{ module: "./src/merge-prefs.ts", export: "mergePrefs" }`: a function of yours, see
   *   `MergeFunction` of the runtime. The emitted code imports it, and the compiler checks its type
   */
  readonly merge?: Merge;
}

export const merge: Policy<Merge> = {
  schema: z.union(
    [
      z.enum(["last-write-wins", "counter", "max", "min"]),
      z.strictObject({ union: z.string().min(1) }),
      z.strictObject({ append: z.int().positive() }),
      z.strictObject({
        module: relativePath,
        export: z.string().regex(/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u),
      }),
    ],
    {
      error:
        'expected "last-write-wins", "counter", "max", "min", { union: "key" }, { append: 100 } or ' +
        '{ module: "./src/merge.ts", export: "mergeIt" }, relative to the config file',
    },
  ),
  problems: (value, { type, resolve }) => {
    const problems: string[] = [];
    if (value === "counter" && !["number", "bigint"].includes(type.kind))
      problems.push('merge "counter" needs a number or a bigint');
    if ((value === "max" || value === "min") && !["number", "bigint", "date"].includes(type.kind))
      problems.push(`merge "${value}" needs a number, a bigint or a date`);
    const list = typeof value === "object" && !("module" in value);
    if (list && type.kind !== "array") problems.push("this merge needs an array");
    if (typeof value === "object" && "union" in value && type.kind === "array") {
      const element = resolve(type.element);
      const keys = element.kind === "object" ? element.properties.map(({ name }) => name) : [];
      if (!keys.includes(value.union))
        problems.push(`the elements have no property ${value.union} to merge by`);
    }
    return problems;
  },
  sentence: (value) => {
    if (value === "last-write-wins") return undefined;
    if (value === "counter") return "What requests add at the same time is added up.";
    if (value === "max" || value === "min")
      return `Of what requests set at the same time, the ${value === "max" ? "largest" : "smallest"} stays.`;
    if ("union" in value) return `What requests change at the same time is merged by \`${value.union}\`.`;
    if ("append" in value)
      return `What requests append at the same time is kept, ${value.append} elements at most.`;
    return `What requests set at the same time is merged by \`${value.export}\` of ${value.module}.`;
  },
  line: (value, { text, imported, type }) => [
    imported === undefined ? `merge: ${text(value)}` : `merge: ${imported} satisfies MergeFunction<${type}>`,
  ],
};
