import { z } from "zod";
import { z as z3 } from "zod-3";
import type { Envelope } from "../../src/errors.js";
import { SessgenErrors } from "../../src/errors.js";
import { buildModel, configOf } from "../model/config.js";
import type { Recipe } from "./recipes.js";

/** Makes the schema of an expression. */
export function schemaOf(zod: 3 | 4, text: string): unknown {
  return new Function("z", `return ${text.replaceAll(" as never", "")}`)(zod === 4 ? z : z3);
}

/** Schemas of which the generator emits code, and why not of the others. */
export interface Accepted {
  readonly recipes: readonly { readonly recipe: Recipe; readonly warnings: readonly Envelope[] }[];
  /** How many are refused, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Neither taken nor refused: a fault. */
  readonly broken: readonly { readonly recipe: Recipe; readonly error: unknown }[];
}

/** Asks the generator of each schema by itself. Those that Zod does not make are left out. */
export async function acceptedOf(zod: 3 | 4, recipes: readonly Recipe[]): Promise<Accepted> {
  const refused: Record<string, number> = {};
  const accepted: Accepted["recipes"][number][] = [];
  const broken: Accepted["broken"][number][] = [];
  for (const recipe of recipes) {
    let schema: unknown;
    try {
      schema = schemaOf(zod, `z.object({ f: z.object({ v: ${recipe.text} }) })`);
    } catch {
      continue;
    }
    try {
      const { warnings } = await buildModel(configOf(schema));
      accepted.push({ recipe, warnings });
    } catch (error) {
      if (!(error instanceof SessgenErrors)) broken.push({ recipe, error });
      else for (const { code } of error.errors) refused[code] = (refused[code] ?? 0) + 1;
    }
  }
  return { recipes: accepted, refused, broken };
}

/** The text of a schema with a field for each recipe, in which each is a property. */
export function schemaText(recipes: readonly Recipe[]): string {
  return `z.object({\n${recipes.map(({ text }, index) => `f${index}: z.object({ v: ${text} }),\n`).join("")}})`;
}
